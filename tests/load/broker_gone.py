"""Filings signed at a steady rate while the broker is there, then killed, then silent; and their checks afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.browser.stack import Stack
from tests.load.steady import Ask, Sending, Told, summary
from tests.servers import Redis

CHECKS = "FROM core_outbox WHERE task = 'reporting.check_filing'"
UNCHECKED = f"SELECT count(*) {CHECKS} AND done_at IS NULL"
PROMISED = f"SELECT count(*), count(DISTINCT argument) {CHECKS}"


def signing(months: Sequence[tuple[int, str]]) -> list[Ask]:
    """The requests that sign these months."""
    return [Ask(f"/api/v1/filings/{number}/submit/", token, "POST", {"revision": 0}) for number, token in months]  # fmt: skip


def measure(
    stack: Stack,
    redis: Redis,
    months: Sequence[tuple[int, str]],
    *,
    rate: float,
    patience: float,
    afterwards: Callable[[Stack], None] = lambda stack: None,
) -> dict[str, Any]:
    """A third of the filings with the broker, one while it is dead, one while it is silent; figures of all three.

    ``afterwards`` is done once the broker speaks again.
    """
    each = len(months) // 3
    asks = signing(months)
    with Sending(stack.url, asks, rate) as sending:
        sending.wait_for(each)
        redis.kill()
        sending.wait_for(2 * each)
        redis.start()
        redis.silence()
    redis.speak()
    back = time.monotonic()
    afterwards(stack)
    stack.wait_for(UNCHECKED, 0, seconds=patience)
    checked = time.monotonic() - back
    ((promised, filings),) = stack.rows(PROMISED)
    return {
        "filings_a_second": rate,
        **{name: summary(told) for name, told in parts(sending.told, asks, each).items()},
        "filings_signed": stack.rows("SELECT count(*) FROM reporting_filing WHERE status = 'submitted'")[0][
            0
        ],
        "checks_promised": promised,
        "filings_checked": filings,
        "all_checked_after_s": checked,
    }


def parts(told: Sequence[Told], asks: Sequence[Ask], each: int) -> dict[str, list[Told]]:
    """The answers by what the broker was when their requests were due."""
    place = {ask.path: number for number, ask in enumerate(asks)}
    found: dict[str, list[Told]] = {"broker_there": [], "broker_dead": [], "broker_silent": []}
    for one in told:
        found[list(found)[place[one.ask.path] // each]].append(one)
    return found


def broken(figures: dict[str, Any], *, filings: int) -> list[str]:
    """What of the promise does not hold."""
    said = [f"{name}: {figures[name]}" for name in ("broker_there", "broker_dead", "broker_silent") if figures[name]["not_done"]]  # fmt: skip
    counts = {name: figures[name] for name in ("filings_signed", "checks_promised", "filings_checked")}
    return said + ([f"{counts}, not {filings}"] if set(counts.values()) != {filings} else [])
