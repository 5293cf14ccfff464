"""Filed versions into the database: as drafts, their lines, then submitted, then as far as they went.

The database lets nobody write into a submitted filing, and keeps one draft a month: versions of one month are stored
one after the other, all months at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import numpy as np
from django.db import connection

from portal.core import clock
from portal.core.months import Month
from portal.exchange.services.filed_lines import Lines
from portal.exchange.services.versions import SUBMITTED, Version, Versions
from reporting.checks.columns import NA
from reporting.models import Filing, Obligation
from reporting.services.lines import insert_lines
from reporting.services.sources import keep_sources_of
from reporting.states import FilingStatus

AT_ONCE: Final = 2_000


def store(versions: Versions, lines: Lines) -> None:
    """Store every new version with its lines; part of the caller's transaction."""
    on_time = _timeliness(versions)
    order = sorted(versions.fresh, key=lambda version: version.key)
    rounds: list[list[Version]] = []
    for _month, group in groupby(order, key=lambda version: version.month):
        for rank, version in enumerate(group):
            if rank == len(rounds):
                rounds.append([])
            rounds[rank].append(version)
    for batch in rounds:
        _store_round(batch, versions, lines, on_time)
    _settle_constraints()


def _store_round(
    batch: Sequence[Version], versions: Versions, lines: Lines, on_time: dict[tuple[int, int], bool]
) -> None:
    moment = clock.now()
    made = [_draft(version, moment) for version in batch]
    Filing.objects.bulk_create(made, batch_size=AT_ONCE)
    ids = np.full(len(versions.places), NA, dtype=np.int64)
    for version, filing in zip(batch, made, strict=True):
        version.pk, version.stored_status = filing.pk, SUBMITTED
        ids[version.place] = filing.pk
    for part in lines.parts:
        filing_id = ids[part["filing_id"].to_numpy()]
        mine = filing_id != NA
        if mine.any():
            stored = part.assign(filing_id=filing_id)[mine]
            insert_lines(stored)
            keep_sources_of(stored)
            _settle_constraints()
    _submit([(version.pk, version.submitted_at, on_time.get(version.month)) for version in batch])
    move(batch)


def _draft(version: Version, moment: datetime) -> Filing:
    return Filing(
        organisation_id=version.key[0],
        period=Month(version.key[1]),
        version=version.key[2],
        nil=version.nil,
        amendment_reason=version.amendment_reason,
        source="load",
        line_count=version.lines,
        created_at=moment,
        saved_at=moment,
    )


def _submit(rows: Sequence[tuple[Any, ...]]) -> None:
    """Move drafts to submitted, each with its own time."""
    if connection.vendor == "postgresql":
        statement = (
            "UPDATE reporting_filing AS f SET status = 'submitted', submitted_at = v.at, on_time = v.on_time "
            "FROM unnest(%s::bigint[], %s::timestamptz[], %s::boolean[]) AS v (id, at, on_time) WHERE f.id = v.id"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
        return
    statement = (
        "UPDATE reporting_filing SET status = 'submitted', submitted_at = %s, on_time = %s WHERE id = %s"
    )
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(adapt(at), on_time, pk) for pk, at, on_time in rows])


def move(versions: Iterable[Version]) -> None:
    """Move stored versions on to the status that the file gives them."""
    waiting: dict[str, list[int]] = {}
    for version in versions:
        if version.status != version.stored_status and version.pk is not None:
            waiting.setdefault(version.status, []).append(version.pk)
    for status, ids in waiting.items():
        for start in range(0, len(ids), AT_ONCE):
            Filing.objects.filter(pk__in=ids[start : start + AT_ONCE]).update(status=status)


def _timeliness(versions: Versions) -> dict[tuple[int, int], bool]:
    """Whether each month was filed on time: by the first version that was not withdrawn, once its duty is known."""
    first: dict[tuple[int, int], datetime] = {}
    for version in sorted(versions.places, key=lambda version: version.key):
        if version.status != FilingStatus.WITHDRAWN:
            first.setdefault(version.month, version.submitted_at)
    due = Obligation.objects.values_list("organisation_id", "period", "due_at")
    times = {(owner, period.index): due_at for owner, period, due_at in due}
    return {month: at <= times[month] for month, at in first.items() if month in times}


def _settle_constraints() -> None:
    """Check the references written so far now, block by block, rather than all of them at the commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
