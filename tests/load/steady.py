"""Requests sent at a steady rate, whatever becomes of those before: how each was answered, and after how long.

The time of an answer counts from the instant at which its request was due, so that a server that keeps others waiting
does not look quick.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Condition
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

PATIENCE = 300.0  # seconds after which an answer comes no more


@dataclass(frozen=True)
class Ask:
    """One request: by whose token (or session), what."""

    path: str
    token: str = ""
    method: str = "GET"
    body: dict[str, Any] | None = None
    cookie: str = ""
    kind: str = ""

    def headers(self) -> dict[str, str]:
        given = {"Accept-Language": "en", "Connection": "close"}
        given |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        given |= {"Cookie": self.cookie} if self.cookie else {}
        given |= {"Content-Type": "application/json"} if self.body is not None else {}
        return given


@dataclass(frozen=True)
class Told:
    """What came of one: the status, 0 where nothing came, and seconds since it was due."""

    ask: Ask
    status: int
    seconds: float
    body: bytes
    retry_after: str | None = None


def send(url: str, ask: Ask, due: float | None = None) -> Told:
    """One request and its answer."""
    begun, place = time.perf_counter() if due is None else due, urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    try:
        content = None if ask.body is None else json.dumps(ask.body)
        connection.request(ask.method, ask.path, content, ask.headers())
        answer = connection.getresponse()
        body, status, again = answer.read(), answer.status, answer.getheader("Retry-After")
    except (OSError, HTTPException) as error:
        body, status, again = repr(error).encode(), 0, None
    finally:
        connection.close()
    return Told(ask, status, time.perf_counter() - begun, body, again)


@dataclass
class Sending:
    """As many requests a second as said, from the beginning of the block to its end, where all are answered."""

    url: str
    asks: Sequence[Ask]
    rate: float
    told: list[Told] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._heard = Condition()
        self._senders = ThreadPoolExecutor(64)
        self._driver = ThreadPoolExecutor(1)
        self._driving = self._driver.submit(self._drive, time.perf_counter())
        return self

    def _drive(self, begun: float) -> None:
        for number, ask in enumerate(self.asks):
            due = begun + number / self.rate
            time.sleep(max(0.0, due - time.perf_counter()))
            self._senders.submit(self._one, ask, due)

    def _one(self, ask: Ask, due: float) -> None:
        told = send(self.url, ask, due)
        with self._heard:
            self.told.append(told)
            self._heard.notify_all()

    def wait_for(self, count: int) -> None:
        """Until so many are answered."""
        with self._heard:
            if not self._heard.wait_for(lambda: len(self.told) >= count, PATIENCE + count / self.rate):
                raise TimeoutError(f"{len(self.told)} of {count} were answered")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        self._driver.shutdown()
        self._senders.shutdown()
        if kind is None:
            self._driving.result()


def quantile(told: Sequence[Told], share: float) -> float:
    """Seconds within which this share was answered."""
    ordered = sorted(one.seconds for one in told)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def summary(told: Sequence[Told], good: int = 200) -> dict[str, Any]:
    """How many were answered how, and how fast."""
    return {
        "requests": len(told),
        "answers_by_status": {str(key): count for key, count in sorted(Counter(one.status for one in told).items())},
        "not_done": sum(one.status != good for one in told),
        "seconds_p50": quantile(told, 0.5),
        "seconds_p95": quantile(told, 0.95),
        "seconds_longest": quantile(told, 1),
    }  # fmt: skip
