"""Eight programs that write while PostgreSQL is killed and starts again: what they were told, and what is there afterwards."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.load.sent_again import PRODUCT
from tests.load.steady import Ask, send
from tests.servers import Postgresql

WRITERS = 8
WAIT = 0.05  # seconds between two tries; the site says ten, a hurried program asks more often
PATIENCE = 180.0


@dataclass
class Writing:
    """What the writers saw together."""

    acknowledged: list[str] = field(default_factory=list)
    told: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    last_refused: float = 0.0
    longest: float = 0.0
    lock: Lock = field(default_factory=Lock)


def measure(url: str, token: str, server: Postgresql, count: int) -> tuple[Writing, dict[str, Any]]:
    """Each writer makes ``count`` products, one after the other, each sent until it is acknowledged.

    The server is killed once a third is there, and starts again once as many requests were refused as there are writers.
    """
    seen = Writing()
    with ThreadPoolExecutor(WRITERS) as writers:
        working = [writers.submit(_write, url, token, number, count, seen) for number in range(WRITERS)]
        _wait(lambda: len(seen.acknowledged) >= WRITERS * count // 3)
        server.kill()
        _wait(lambda: seen.told[503] >= WRITERS)
        server.start()
        back = time.perf_counter()
        for one in working:
            one.result()
    return seen, {
        "writers": WRITERS,
        "writes_acknowledged": len(seen.acknowledged),
        "answers_by_status": {str(key): number for key, number in sorted(seen.told.items())},
        "refusals_without_retry_after": seen.without_retry_after,
        "seconds_until_the_last_refusal_after_it_was_back": max(0.0, seen.last_refused - back),
        "longest_answer_s": seen.longest,
    }


def _wait(condition: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


def _write(url: str, token: str, writer: int, count: int, seen: Writing) -> None:
    for number in range(count):
        code = f"KEPT-{writer}-{number:04}"
        ask = Ask("/api/v1/products/", token, "POST", {**PRODUCT, "code": code})
        end = time.monotonic() + PATIENCE
        while not _acknowledged(url, ask, code, seen):
            if time.monotonic() > end:
                raise TimeoutError(f"{code} is never acknowledged: {seen.told}")
            time.sleep(WAIT)


def _acknowledged(url: str, ask: Ask, code: str, seen: Writing) -> bool:
    """Sent once more. A name that is taken is one's own: it was written, and the answer was lost with the server."""
    told = send(url, ask)
    with seen.lock:
        seen.told[told.status] += 1
        seen.longest = max(seen.longest, told.seconds)
        if told.status == 201:
            seen.acknowledged.append(code)
        elif told.status == 503:
            seen.last_refused = time.perf_counter()
            seen.without_retry_after += not told.retry_after
    return told.status == 201 or (told.status in (409, 422) and b"code_taken" in told.body)


def broken(seen: Writing, there: set[str], count: int) -> list[str]:
    """What of the promise does not hold, given the codes that are in the database."""
    faults = []
    if lost := set(seen.acknowledged) - there:
        faults.append(f"acknowledged and lost: {sorted(lost)}")
    if len(there) != WRITERS * count:
        faults.append(f"{len(there)} rows, not {WRITERS * count}")
    if set(seen.told) - {201, 503, 409, 422}:
        faults.append(f"told {dict(seen.told)}")
    if not seen.told[503] or seen.without_retry_after:
        faults.append(f"{seen.told[503]} refusals, {seen.without_retry_after} without Retry-After")
    return faults
