"""A national sweep: one row, and shards of organisations that workers claim. The database is the truth.

A claim is a conditional update with a lease: a worker that dies lets go by dying. A shard is marked done in the same
transaction as its findings, so that nothing is lost and nothing doubled wherever a worker is killed. Whoever finishes
the last shard closes the sweep.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.months import Month
from portal.core.outbox import enqueue
from reporting.frames.scope import PAST_MONTHS
from reporting.models import (
    Filing,
    Finding,
    FindingState,
    Obligation,
    ShardState,
    Sweep,
    SweepShard,
    SweepState,
)
from reporting.queries.obligations import last_month_ended
from reporting.services import national, obligations, touched
from reporting.services.checking import TRIES, Counts, judge, settle

LINES_A_SHARD: Final = 200_000
SHARDS_AT_LEAST: Final = 4  # so that two workers finish together
LEASE: Final = timedelta(seconds=60)
TASK: Final = "reporting.work_sweep"
SWEEPER: Final = Actor.system("sweep")


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of asking for a shard: ``worked`` one; or there was none free, and ``waiting`` on others' or not."""

    worked: bool
    waiting: bool


def span() -> tuple[Month, Month] | None:
    """The months that a sweep of everything looks at: from the first owed or filed to the last; None if there are none.

    A finding that stands is looked at too: what it is about may be owed no more.
    """
    parts = [
        rows.aggregate(first=Min("period"), last=Max("period"))
        for rows in (Obligation.objects, Filing.objects.real().filed(), _standing())
    ]
    firsts = [part["first"] for part in parts if part["first"] is not None]
    lasts = [part["last"] for part in parts if part["last"] is not None]
    return (min(firsts), max(lasts)) if firsts else None


def prepare(*, by: Actor, as_of: datetime) -> None:
    """Open every month that was over by ``as_of`` and bring due times up to date: what was never opened could not be missed."""
    obligations.open_months(by=by, up_to=last_month_ended(max(as_of, clock.now())))
    obligations.refresh()


def begin(
    *, by: Actor, first: Month, last: Month, as_of: datetime, cause: str, promise: bool = True
) -> Sweep:
    """Cut the nation's months into shards, the national checks last, and promise them to the workers; the sweep, running.

    What was submitted after ``as_of`` is ignored. Without ``promise`` no worker is asked: the caller works the shards.
    """
    moment = clock.now()
    with transaction.atomic():
        shards = _cut(first, last)
        sweep = Sweep.objects.create(
            from_period=first,
            to_period=last,
            as_of=as_of,
            cause=cause,
            started_at=moment,
            started_by_id=by.user_id,
            shard_count=len(shards) + bool(shards),
        )
        SweepShard.objects.bulk_create(
            SweepShard(sweep=sweep, number=number, organisation_ids=ids)
            for number, ids in enumerate([[], *shards] if shards else [], SweepShard.NATION)
        )
        data = {"from": str(first), "to": str(last), "as_of": as_of.isoformat(), "cause": cause}
        record("sweep.started", by=by, subject=("sweep", sweep.pk), data=data)
        if not shards:
            _close(sweep)
        for _shard in range(sweep.shard_count if promise else 0):
            enqueue(TASK, sweep.pk, queue="big")
    return sweep


def _standing() -> QuerySet[Finding]:
    return Finding.objects.exclude(state=FindingState.CLOSED)


def _cut(first: Month, last: Month) -> list[list[int]]:
    """Organisations by shard: about equal numbers of lines, none split, in the order of their ids."""
    concerned = [
        Exists(rows.filter(organisation_id=OuterRef("pk")))
        for rows in (Obligation.objects, Filing.objects.real(), _standing())
    ]
    owners = list(
        Organisation.objects.filter(concerned[0] | concerned[1] | concerned[2])
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    filed = Filing.objects.filed().filter(period__range=(first - PAST_MONTHS, last))
    counted = dict(filed.values_list("organisation_id").annotate(Sum("line_count")))
    total = sum(counted.values())
    most = min(LINES_A_SHARD, max(total // SHARDS_AT_LEAST, 1))
    shards: list[list[int]] = []
    held = most
    for owner in owners:
        if held >= most:
            shards.append([])
            held = 0
        shards[-1].append(owner)
        held += counted.get(owner, 0)
    return shards


def work_shard(sweep_id: int) -> Worked:
    """Claim one shard of a sweep and do it. Safe to be killed anywhere, and to be called by many at once."""
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[-80:]
    shard = _claim(sweep_id, name)
    if shard is None:
        left = SweepShard.objects.filter(sweep_id=sweep_id).exclude(state=ShardState.DONE)
        return Worked(worked=False, waiting=left.exists())
    for _attempt in range(TRIES):
        if _do(shard, name):
            return Worked(worked=True, waiting=True)
    raise RuntimeError("the versions in force changed again and again while they were judged")


def _claim(sweep_id: int, name: str) -> SweepShard | None:
    """The first shard that nobody holds, claimed by a conditional update; None where there is none.

    The national checks wait until every other shard is done.
    """
    others = SweepShard.objects.filter(sweep_id=sweep_id, number__gt=SweepShard.NATION).exclude(
        state=ShardState.DONE
    )
    while True:
        moment = clock.now()
        free = Q(state=ShardState.WAITING) | Q(state=ShardState.CLAIMED, claimed_until__lt=moment)
        shard = (
            SweepShard.objects.filter(
                free, Q(number__gt=SweepShard.NATION) | ~Exists(others), sweep_id=sweep_id
            )
            .select_related("sweep")
            .order_by("number")
            .first()
        )
        if shard is None:
            return None
        mine = SweepShard.objects.filter(free, pk=shard.pk, attempts=shard.attempts).update(
            state=ShardState.CLAIMED,
            claimed_by=name,
            claimed_until=moment + LEASE,
            attempts=shard.attempts + 1,
        )
        if mine:
            return shard


def _do(shard: SweepShard, name: str) -> bool:
    """Judge a shard's organisations and keep what came of it; False where versions changed meanwhile."""

    def alive() -> None:
        holds = SweepShard.objects.filter(pk=shard.pk, claimed_by=name, state=ShardState.CLAIMED)
        holds.update(claimed_until=clock.now() + LEASE)

    alive()
    if shard.number == SweepShard.NATION:
        _do_nation(shard, alive)
        return True
    sweep = shard.sweep
    judgement = judge(
        organisation_ids=shard.organisation_ids,
        first=sweep.from_period,
        last=sweep.to_period,
        as_of=sweep.as_of,
        alive=alive,
    )
    alive()
    gathered = national.gathered_of(shard.organisation_ids, last=sweep.to_period, as_of=sweep.as_of)
    with transaction.atomic():
        counts = settle(judgement, moment=clock.now())
        if counts is None:
            return False
        _finish(shard, counts, gathered=gathered)
    return True


def _do_nation(shard: SweepShard, alive: Callable[[], None]) -> None:
    """Judge the nation together from what the other shards gathered and keep what came of it, unless a later sweep has done
    so meanwhile."""
    sweep = shard.sweep
    parts = national.gathered_by(sweep.shards.exclude(pk=shard.pk), last=sweep.to_period, as_of=sweep.as_of)
    judgement = national.judge_nation(
        first=sweep.from_period, last=sweep.to_period, as_of=sweep.as_of, parts=parts, alive=alive
    )
    later = SweepShard.objects.filter(number=SweepShard.NATION, state=ShardState.DONE, sweep_id__gt=sweep.pk)
    with transaction.atomic():
        if later.exists():
            _finish(shard, Counts())
            return
        _finish(shard, national.keep(judgement, moment=clock.now()))
        national.keep_norms(shard, judgement)
        touched.promise_since(sweep.started_at)


def _finish(shard: SweepShard, counts: Counts, *, gathered: bytes | None = None) -> None:
    """Mark the shard done and close the sweep with the last one. Where another worker was quicker, its counts stay."""
    sweep = Sweep.objects.select_for_update().get(pk=shard.sweep_id)
    first_to_finish = (
        SweepShard.objects.filter(pk=shard.pk)
        .exclude(state=ShardState.DONE)
        .update(
            state=ShardState.DONE,
            done_at=clock.now(),
            claimed_until=None,
            counts=counts.as_json(),
            gathered=gathered,
        )
    )
    if first_to_finish and not sweep.shards.exclude(state=ShardState.DONE).exists():
        _close(sweep)


def _close(sweep: Sweep) -> None:
    sweep.shards.update(gathered=None)
    total = Counts()
    for counts in sweep.shards.values_list("counts", flat=True):
        total += Counts(**counts)
    for name, value in total.as_json().items():
        setattr(sweep, name, value)
    sweep.state = SweepState.DONE
    sweep.finished_at = clock.now()
    sweep.save()
    record("sweep.finished", by=SWEEPER, subject=("sweep", sweep.pk), data=total.as_json())


def work_promised(sweep_id: int) -> None:
    """One promise of a sweep: do a shard. Where all are held by others, look again when their leases have run out."""
    if not Sweep.objects.filter(pk=sweep_id, state=SweepState.RUNNING).exists():
        return
    came = work_shard(sweep_id)
    left = SweepShard.objects.filter(sweep_id=sweep_id).exclude(state=ShardState.DONE)
    if (
        came.worked
        and not left.exclude(number=SweepShard.NATION, state=ShardState.WAITING).exists()
        and left.exists()
    ):
        enqueue(
            TASK, sweep_id, queue="big"
        )  # whoever asked for the national checks too early waits for a lease
    if not came.worked and came.waiting:
        enqueue(TASK, sweep_id, delay_seconds=int(LEASE.total_seconds()) + 5, queue="big")


def progress(sweep_id: int) -> tuple[int, int]:
    """How many shards are done, and how many there are."""
    states: Sequence[str] = list(SweepShard.objects.filter(sweep_id=sweep_id).values_list("state", flat=True))
    return sum(state == ShardState.DONE for state in states), len(states)
