"""Keeping the list of what is owed: opening months, and recomputing each row from filings, calendar and extensions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Case, DateField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.clock import end_of_day
from portal.core.months import Month
from reporting.models import Filing, Obligation
from reporting.queries.calendars import deadlines_of
from reporting.queries.obligations import granted_until, reporting_organisations

AT_ONCE = 500  # rows a statement: SQLite takes a limited number of values


def open_months(*, by: Actor, organisations: Collection[int] | None = None, up_to: Month) -> int:
    """Make the missing obligations of every reporting organisation, or of those named; the number made.

    From ``reports_from`` to ``reports_until`` or ``up_to``, whichever is earlier. Rows outside that span are taken
    away: an organisation whose duty ended owes nothing after.
    """
    rows = reporting_organisations()
    everybody = Organisation.objects.all()
    if organisations is not None:
        rows, everybody = rows.filter(pk__in=organisations), everybody.filter(pk__in=organisations)
    with transaction.atomic():
        _close_outside(everybody)
        spans = list(rows.values_list("pk", "reports_from", "reports_until"))
        wanted = {
            (pk, month)
            for pk, since, until in spans
            for month in Month.range(since or up_to, min(up_to, until or up_to))
        }
        owed = Obligation.objects.filter(organisation_id__in=rows.values("pk"))
        missing = wanted - set(owed.values_list("organisation_id", "period"))
        _create(missing)
        if missing:
            data = {"count": len(missing), "up_to": str(up_to)}
            record("obligations.opened", by=by, subject=("obligation", None), data=data)
    return len(missing)


def _close_outside(organisations: QuerySet[Organisation]) -> None:
    outside = (
        Q(organisation__reports_from=None)
        | Q(period__lt=F("organisation__reports_from"))
        | Q(period__gt=F("organisation__reports_until"))
    )
    Obligation.objects.filter(outside, organisation__in=organisations).delete()


def _create(missing: set[tuple[int, Month]]) -> None:
    periods = sorted({period for _, period in missing})
    due = deadlines_of(periods)
    Obligation.objects.bulk_create(
        [
            Obligation(organisation_id=pk, period=period, due_on=due[period].on, due_at=due[period].at)
            for pk, period in sorted(missing)
        ],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )
    if missing:
        refresh(organisation_ids=sorted({pk for pk, _ in missing}), periods=periods)


def refresh(
    *, organisation_ids: Collection[int] | None = None, periods: Collection[Month] | None = None
) -> None:
    """Recompute due day, due time, time of the first version and nil, for whole sets of rows at once.

    Safe to run again: it reads filings, the working calendar and granted extensions, and nothing it wrote itself.
    """
    rows = Obligation.objects.all()
    if organisation_ids is not None:
        rows = rows.filter(organisation_id__in=organisation_ids)
    if periods is not None:
        rows = rows.filter(period__in=periods)
    with transaction.atomic():
        _refresh_filed(rows)
        _refresh_due(rows, None if organisation_ids is None else list(organisation_ids))


def _refresh_filed(rows: QuerySet[Obligation]) -> None:
    filed = Filing.objects.filed().filter(
        organisation_id=OuterRef("organisation_id"), period=OuterRef("period")
    )
    rows.update(
        submitted_at=Subquery(filed.order_by("version").values("submitted_at")[:1]),
        nil=Coalesce(Subquery(filed.order_by("-version").values("nil")[:1]), Value(False)),
    )


def _refresh_due(rows: QuerySet[Obligation], organisation_ids: list[int] | None) -> None:
    periods = sorted(set(rows.values_list("period", flat=True)))
    if not periods:
        return
    granted = granted_until(periods, organisation_ids)
    days = {period: rolled.on for period, rolled in deadlines_of(periods).items()}
    times = {period: end_of_day(max(day, granted.get((None, period), day))) for period, day in days.items()}
    rows.update(
        due_on=Case(*[When(period=p, then=Value(days[p])) for p in periods], output_field=DateField()),
        due_at=Case(*[When(period=p, then=Value(times[p])) for p in periods], output_field=DateTimeField()),
    )
    own = {(pk, period): end_of_day(until) for (pk, period), until in granted.items() if pk is not None}
    later = {key: time for key, time in own.items() if time > times[key[1]]}
    _extend(rows, later)


def _extend(rows: QuerySet[Obligation], later: dict[tuple[int, Month], datetime]) -> None:
    concerned = rows.filter(
        organisation_id__in={pk for pk, _ in later}, period__in={period for _, period in later}
    )
    extended = [row for row in concerned if (row.organisation_id, row.period) in later]
    for row in extended:
        row.due_at = later[row.organisation_id, row.period]
    Obligation.objects.bulk_update(extended, ["due_at"], batch_size=AT_ONCE)
