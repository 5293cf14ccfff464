"""Posts sent several times at once, half of them cut before the answer is read: what came of them.

A client of the standard library alone, one socket a request, so that a connection is really cut: the request is on
its way and nobody waits for the answer.
"""

from __future__ import annotations

import hashlib
import json
import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from threading import Barrier, Lock
from typing import Any
from urllib.parse import urlsplit

SENDERS = 5
PATIENCE = 60.0  # seconds after which a request that is never answered is a failure
AGAIN_AFTER = 0.02  # seconds between two tries; Retry-After says 1, a hurried client asks more often
PRODUCT = {"name": "Ring", "stage": "magnet", "family": "ndfeb", "nd_pct": "24.1"}


class Unanswered(RuntimeError):
    """A request that got no answer in time, or one that no promise allows."""


@dataclass
class Seen:
    """What the senders saw together."""

    answers: dict[int, list[bytes]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    cut: int = 0
    lock: Lock = field(default_factory=Lock)


def body_of(number: int, name: str = "Ring") -> bytes:
    """The post of this number."""
    return json.dumps({**PRODUCT, "name": name, "code": f"AGAIN-{number:04}"}).encode()


@dataclass(frozen=True)
class Post:
    """What is sent again and again: where to, the body of a number (under another name it is another body), what is answered."""

    path: str = "/api/v1/products/"
    body: Callable[..., bytes] = body_of
    made: int = 201


PRODUCTS = Post()


def connected(url: str) -> HTTPConnection:
    """A connection of its own for one request."""
    place = urlsplit(url)
    return HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)


def send(connection: HTTPConnection, token: str, key: str, body: bytes, path: str = PRODUCTS.path) -> None:
    """The whole request is on its way."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "Accept-Language": "en",
        "Connection": "close",
    }
    connection.request("POST", path, body, headers)


def cut(url: str, token: str, key: str, body: bytes, path: str = PRODUCTS.path) -> None:
    """Send, and hang up before the answer is read."""
    connection = connected(url)
    send(connection, token, key, body, path)
    if connection.sock is not None:
        connection.sock.shutdown(socket.SHUT_RDWR)
    connection.close()


def asked(url: str, token: str, key: str, body: bytes, path: str = PRODUCTS.path) -> tuple[int, bytes]:
    """Send, and read the answer."""
    connection = connected(url)
    try:
        send(connection, token, key, body, path)
        answer: HTTPResponse = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def send_all(url: str, tokens: Sequence[str], posts: int, post: Post = PRODUCTS) -> Seen:
    """Every post by five senders in the same instant, half of the first sendings cut; each sender asks until it has an answer."""
    seen, together = Seen(), Barrier(SENDERS)

    def sender(which: int) -> None:
        token = tokens[which % len(tokens)]
        for number in range(posts):
            together.wait(PATIENCE)
            if (which + number) % 2:
                cut(url, token, f"again-{number}", post.body(number), post.path)
                with seen.lock:
                    seen.cut += 1
            answer = _answered(url, token, number, seen, post)
            with seen.lock:
                seen.answers.setdefault(number, []).append(answer)

    with ThreadPoolExecutor(SENDERS) as threads:
        list(threads.map(sender, range(SENDERS)))
    return seen


def _answered(url: str, token: str, number: int, seen: Seen, post: Post) -> bytes:
    """The answer once nobody else's request with the key is in flight."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        begun = time.perf_counter()
        status, answer = asked(url, token, f"again-{number}", post.body(number), post.path)
        with seen.lock:
            seen.statuses[status] += 1
            seen.seconds.append(time.perf_counter() - begun)
        if status == post.made:
            return answer
        if status != 409 or json.loads(answer)["code"] != "in_flight":
            raise Unanswered(f"post {number}: {status} {answer[:300]!r}")
        time.sleep(AGAIN_AFTER)
    raise Unanswered(f"post {number}: in flight for {PATIENCE} s")


def with_another_body(url: str, token: str, posts: int, post: Post = PRODUCTS) -> Counter[str]:
    """The same keys with other bodies: how often each answer came, as ``status code``."""
    told: Counter[str] = Counter()
    for number in range(posts):
        status, answer = asked(url, token, f"again-{number}", post.body(number, "Disc"), post.path)
        told[f"{status} {json.loads(answer).get('code', '')}".strip()] += 1
    return told


def summary(seen: Seen, posts: int, seconds: float) -> dict[str, Any]:
    """The figures of one run."""
    ordered = sorted(seen.seconds)
    sets = [{hashlib.sha256(answer).hexdigest() for answer in given} for given in seen.answers.values()]
    return {
        "posts": posts,
        "sent_each": SENDERS,
        "sendings_cut_before_the_answer": seen.cut,
        "sendings_answered": sum(seen.statuses.values()),
        "answers_by_status": {str(status): count for status, count in sorted(seen.statuses.items())},
        "posts_whose_answers_are_the_same_bytes": sum(len(one) == 1 for one in sets),
        "seconds": seconds,
        "answer_ms_p50": statistics.median(ordered) * 1000,
        "answer_ms_p95": ordered[int(len(ordered) * 0.95)] * 1000,
    }
