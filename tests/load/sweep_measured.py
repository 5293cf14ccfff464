"""The parts of ``bench_sweep``, each in a process whose settings are those of its database: ``sweep``, ``joins`` or ``rows``."""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

django.setup()

from django.db import connection

from portal.core.clock import BEIJING
from portal.core.months import Month
from reporting import frames
from reporting.checks.core import all_checks, national_checks
from reporting.checks.nation import run as nation_checks
from reporting.checks.nation.calibration import calibration
from reporting.checks.nation.gather import gather, together
from reporting.checks.nation.rows import Nation
from reporting.checks.run import run
from reporting.frames import tables
from reporting.frames.fetch import Question, Reading
from reporting.models import Finding, Sweep
from reporting.services import national, sweeps
from tests.load import joins_by_hand

FAMILIES = ("STK", "LIC", "MIR", "PRC")


class Watch:
    """Seconds spent inside of what is wrapped, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(work)
        def inside(*arguments: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            try:
                return work(*arguments, **named)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun

        return inside

    def over_reading(self) -> None:
        """Every question for columns counts as reading, and so do the arrays that are made of its answer."""
        Question.ask = self.timed("reading", Question.ask)  # type: ignore[method-assign]
        Reading.arrays = self.timed("reading", Reading.arrays)  # type: ignore[method-assign]


def sweep(as_of: datetime) -> dict[str, Any]:
    """Everything that ``manage.py sweep`` does in its own process, from the database to stored findings."""
    watch = Watch()
    watch.over_reading()
    sweeps.settle = watch.timed("writing", sweeps.settle)
    national.keep = watch.timed("writing", national.keep)
    begun = time.perf_counter()
    sweeps.prepare(by=sweeps.SWEEPER, as_of=as_of)
    months = sweeps.span()
    assert months is not None
    row = sweeps.begin(
        by=sweeps.SWEEPER, first=months[0], last=months[1], as_of=as_of, cause="bench", promise=False
    )
    while sweeps.work_shard(row.pk).worked:
        pass
    total = time.perf_counter() - begun
    assert Sweep.objects.get(pk=row.pk).state == "done"
    apart = {"reading s": watch.seconds["reading"], "writing s": watch.seconds["writing"]}
    return {
        "seconds": total,
        **apart,
        "checking s": total - sum(apart.values()),
        "findings": Finding.objects.count(),
    }


def joins(as_of: datetime) -> dict[str, Any]:
    """The same families by our checks and by hand, reading and writing apart; and a bare COPY of the lines."""
    return {"by hand": _by_hand(), "ours, same families": _ours(as_of), "bare COPY of the lines s": _bare()}


def _ours(as_of: datetime) -> dict[str, float]:
    watch = Watch()
    watch.over_reading()
    tables.exports_of = watch.timed("exports held against licences and the list", tables.exports_of)
    chosen = [item for item in all_checks() if item.code.startswith(FAMILIES)]
    of_nation = [item for item in national_checks() if item.code.startswith(FAMILIES)]
    last = Month.of(as_of.date())
    begun = time.perf_counter()
    references = frames.references()  # without who looks like whom: these families do not ask
    gathered, found = [], 0
    for owners in national._parts():
        part = frames.part_of(owners, first=last - national.MOST_MONTHS + 1, last=last, as_of=as_of)
        found += len(watch.timed("checks of filings", run)(part.tables, checks=chosen))
        gathered.append(watch.timed("summing up for all national checks", gather)(part, references))
    national_found = watch.timed("national checks", nation_checks.run)(
        Nation(together(gathered), references, calibration()), of_nation
    )
    total = time.perf_counter() - begun
    reading = watch.seconds.pop("reading")
    return {
        "reading s": reading, "joins s": total - reading, **{f"of it {name} s": took for name, took in watch.seconds.items()},
        "findings": found + len(national_found),
    }  # fmt: skip


def _by_hand() -> dict[str, float]:
    begun = time.perf_counter()
    these = joins_by_hand.read()
    read = time.perf_counter()
    found = joins_by_hand.joined(these)
    joined = time.perf_counter()
    joins_by_hand.written(found)
    over = time.perf_counter()
    return {
        "reading s": read - begun, "joins s": joined - read, "writing s": over - joined, "lines": len(these.lines),
        "rows off": len(found),
    }  # fmt: skip


def _bare() -> float:
    begun = time.perf_counter()
    joins_by_hand.copied(joins_by_hand.LINES)
    return time.perf_counter() - begun


def rows(most: int) -> dict[str, float]:
    """Seconds of the row-by-row version for each line."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    begun = time.perf_counter()
    looked_at, off = joins_by_hand.row_by_row(most)
    seconds = time.perf_counter() - begun
    return {
        "lines": looked_at,
        "off": off,
        "seconds": seconds,
        "microseconds a line": seconds / looked_at * 1e6,
    }


if __name__ == "__main__":
    what, given = sys.argv[1:3]
    moment = datetime.fromisoformat(given).replace(tzinfo=BEIJING) if what != "rows" else None
    works: dict[str, Callable[[], dict[str, Any]]] = {
        "sweep": lambda: sweep(moment),  # type: ignore[arg-type]
        "joins": lambda: joins(moment),  # type: ignore[arg-type]
        "rows": lambda: rows(int(given)),
    }
    print("FIGURES", json.dumps(works[what]()))
