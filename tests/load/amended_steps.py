"""The steps of the measurement of sweeps and re-checks, each in a process of its own: ``python -m tests.load.amended_steps STEP ...``.

What a step has to tell it writes as one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import django

django.setup()

from django.db import connection, transaction
from django.db.models import Sum

from portal.core import clock
from portal.core.actors import Actor
from reporting.checks.columns import KIND_CODES
from reporting.models import Filing, Finding, Line, Sweep, SweepShard
from reporting.services import checking, sweeps, touched
from tests.load.multiplied import multiply

BY: Final = Actor.system("bench")
PAUSE: Final = 0.05


def multiplied(times: str) -> dict[str, Any]:
    """The nation so many times beside itself."""
    return {"lines": multiply(int(times))}


def begin() -> dict[str, Any]:
    """A sweep of everything, from nothing: what was found before is forgotten."""
    Finding.objects.all().delete()
    moment = clock.now()
    sweeps.prepare(by=BY, as_of=moment)
    months = sweeps.span()
    if months is None:
        raise RuntimeError("nobody has filed")
    made = sweeps.begin(by=BY, first=months[0], last=months[1], as_of=moment, cause="command", promise=False)
    return {"sweep": made.pk}


def work(sweep: str) -> dict[str, Any]:
    """Shards of the sweep until none is left; what each took."""
    begun = time.perf_counter()
    spent: list[float] = []
    while True:
        at = time.perf_counter()
        came = sweeps.work_shard(int(sweep))
        if came.worked:
            spent.append(time.perf_counter() - at)
        elif came.waiting:
            time.sleep(PAUSE)
        else:
            break
    return {"seconds": time.perf_counter() - begun, "shards": spent}


def swept(sweep: str) -> dict[str, Any]:
    """What the sweep came to, and the seconds of the national checks."""
    row = Sweep.objects.get(pk=int(sweep))
    nation = SweepShard.objects.get(sweep=row, number=SweepShard.NATION)
    others = row.shards.exclude(number=SweepShard.NATION)
    if row.finished_at is None or nation.done_at is None:
        raise RuntimeError("the sweep is not over")
    last = max(at for at in others.values_list("done_at", flat=True) if at)
    return {
        "lines": row.lines, "filings": row.filings, "opened": row.opened,
        "national": nation.counts["opened"], "seconds of the nation": (nation.done_at - last).total_seconds(),
    }  # fmt: skip


def recheck(times: str) -> dict[str, Any]:
    """Filings of some enterprises amended, one after the other: seconds from its own checks to what it touches."""
    seconds, lines = [], []
    for owner in _some_owners(int(times)):
        filing = _amended(owner)
        begun = time.perf_counter()
        checking.check_filing(filing.pk)
        touched.recheck_touched(organisation_id=owner)
        seconds.append(time.perf_counter() - begun)
        lines.append(filing.line_count)
    return {"seconds": seconds, "lines of the filing": lines}


def _some_owners(count: int) -> list[int]:
    """The enterprises with the most lines, and others spread over the nation."""
    rows = Filing.objects.filed().values("organisation_id").annotate(lines=Sum("line_count"))
    owners = [row["organisation_id"] for row in rows.order_by("-lines", "organisation_id")]
    largest = owners[: max(count // 4, 1)]
    step = max(len(owners) // max(count - len(largest), 1), 1)
    return [*largest, *(owner for owner in owners[step - 1 :: step] if owner not in largest)][:count]


def _amended(owner: int) -> Filing:
    """The month before the last of the enterprise, filed again with twice as much sold."""
    filing = Filing.objects.in_force().filter(organisation_id=owner).order_by("-period")[1]
    lines = list(Line.objects.filter(filing=filing))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # bulk, as a load would leave it
        filing.pk, filing.version, filing.receipt_no = None, filing.version + 1, None
        filing.amendment_reason, filing.submitted_at = "counted again", clock.now()
        filing.save(force_insert=True)
        for line in lines:
            line.pk, line.filing = None, filing
            if line.kind == KIND_CODES["sold"] and line.quantity_g:
                line.quantity_g *= 2
        Line.objects.bulk_create(lines)
    return filing


STEPS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    step.__name__: step for step in (multiplied, begin, work, swept, recheck)
}


if __name__ == "__main__":
    told = STEPS[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(told | {"peak memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
