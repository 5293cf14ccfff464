"""One hand that asks a server again and again, and what its answers took."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

CSRF = "l" * 32


class NotAnswered(RuntimeError):
    """An answer was not what it had to be: what follows would measure something else."""


class Hand:
    """A person's browser (``session``) or a program (``token``); ``ask`` gives the milliseconds and the body."""

    def __init__(self, url: str, *, session: str = "", token: str = "") -> None:
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=300)
        self._headers = {"Accept-Language": "en"}
        if session:
            cookies = f"sessionid={session}; csrftoken={CSRF}"
            self._headers |= {"Cookie": cookies, "X-CSRFToken": CSRF}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def ask(self, path: str, body: Any = None, *, method: str = "", good: int = 200) -> tuple[float, bytes]:
        """Milliseconds from the request to the last byte of its answer, which must have the status that is good."""
        headers, sent = dict(self._headers), None
        if body is not None:
            headers["Content-Type"], sent = "application/json", json.dumps(body)
        begun = time.perf_counter()
        self._connection.request(method or ("GET" if body is None else "POST"), path, sent, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - begun) * 1000
        self._connection.close()  # a server closes what is idle for long, and a busy machine makes it long
        if answer.status != good:
            raise NotAnswered(f"{path}: {answer.status} {content[:2000]!r}")
        return took, content


def of_hundred(times: Sequence[float], place: int) -> float:
    """What so many of a hundred stay under."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * place // 100)]


def milliseconds(times: Sequence[float]) -> dict[str, float]:
    """Half, 95 of a hundred, and the longest."""
    return {"p50 ms": of_hundred(times, 50), "p95 ms": of_hundred(times, 95), "longest ms": max(times)}
