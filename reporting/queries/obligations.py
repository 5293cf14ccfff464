"""Who owes what until when, and the words of the rule behind each due day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation, OrganisationState
from portal.accounts.roles import Kind
from portal.core.clock import BEIJING, end_of_day
from portal.core.months import Month
from portal.core.templatetags.lodestone import day, deadline
from reporting.domain.deadlines import due_day, nominal_due_day
from reporting.models import Extension, ExtensionState, Filing, Obligation
from reporting.queries.calendars import working_calendar
from reporting.states import ObligationState, obligation_state

SHOWN = 12  # months of the calendar


@dataclass(frozen=True)
class Duty:
    """One month of one organisation: what is owed, until when and why then, and what stands there."""

    period: Month
    state: ObligationState
    due_on: date  # rolled to a working day, before any extension
    due_at: datetime
    submitted_at: datetime | None = None
    nil: bool = False
    filed: Filing | None = None  # the version in force
    draft: Filing | None = None

    @property
    def extended(self) -> bool:
        return self.due_at > end_of_day(self.due_on)

    @property
    def rule(self) -> str:
        """Why the due day is the day it is, in the reader's language."""
        return due_rule(self.period, self.due_on, self.due_at)

    @property
    def is_owed(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in {ObligationState.DUE, ObligationState.DRAFT, ObligationState.MISSING}


def reporting_organisations() -> QuerySet[Organisation]:
    """Enterprises that owe a monthly filing, suspended ones included: a suspension ends no duty."""
    states = [OrganisationState.ACTIVE, OrganisationState.SUSPENDED]
    return Organisation.objects.filter(kind=Kind.ENTERPRISE, state__in=states, reports_from__isnull=False)


def last_month_ended(now: datetime) -> Month:
    """The latest month that is over in Beijing: the last one that can be owed."""
    return Month.of(now.astimezone(BEIJING).date()) - 1


def opens_at(period: Month) -> datetime:
    """The end of the month reported on: before it nothing is due."""
    return end_of_day(period.last)


def due_rule(period: Month, due_on: date, due_at: datetime) -> str:
    """The working-day rule behind a due day, and the extension if there is one, in words."""
    nominal = nominal_due_day(period)
    if due_on == nominal:
        words = _("Due on %(due)s, 24:00 Beijing time.") % {"due": day(due_on)}
    else:
        values = {
            "day": day(nominal),
            "weekday": date_format(nominal, "l"),
            "due": day(due_on),
            "due_weekday": date_format(due_on, "l"),
        }
        weekend = nominal.weekday() >= 5
        sentence = (
            _("%(day)s is a %(weekday)s; due on %(due_weekday)s %(due)s, 24:00 Beijing time.")
            if weekend
            else _("%(day)s is a public holiday; due on %(due_weekday)s %(due)s, 24:00 Beijing time.")
        )
        words = sentence % values
    if due_at > end_of_day(due_on):
        words += " " + _("Extended until %(deadline)s.") % {"deadline": deadline(due_at)}
    return words


def with_state(rows: QuerySet[Obligation], now: datetime) -> QuerySet[Obligation]:
    """The obligations with their ``state`` as the table of states says it, judged by the database."""
    drafts = Filing.objects.open().filter(
        organisation_id=OuterRef("organisation_id"), period=OuterRef("period")
    )
    current = Month.of(now.astimezone(BEIJING).date())
    case = Case(
        When(submitted_at__gt=F("due_at"), then=Value(ObligationState.LATE.value)),
        When(submitted_at__isnull=False, nil=True, then=Value(ObligationState.NIL.value)),
        When(submitted_at__isnull=False, then=Value(ObligationState.FILED.value)),
        When(due_at__lte=now, then=Value(ObligationState.MISSING.value)),
        When(Exists(drafts), then=Value(ObligationState.DRAFT.value)),
        When(period__lt=current, then=Value(ObligationState.DUE.value)),
        default=Value(ObligationState.NOT_DUE.value),
        output_field=CharField(),
    )
    return rows.annotate(state=case)


def obligations_of(
    organisation: Organisation, now: datetime, *, first: Month | None = None, last: Month | None = None
) -> list[Duty]:
    """Every month that the organisation owes, oldest first, with its state; by default all up to the present one.

    Months that are not over yet are given too, as far as ``last`` goes. Six queries, whatever the number of months.
    """
    since, until = organisation.reports_from, organisation.reports_until
    if since is None:
        return []
    last = last or last_month_ended(now) + 1
    months = list(Month.range(max(since, first or since), min(last, until or last)))
    if not months:
        return []
    rows = {
        row.period: row for row in Obligation.objects.filter(organisation=organisation, period__in=months)
    }
    due = due_times(organisation.pk, [month for month in months if month not in rows])
    filings = Filing.objects.filter(organisation=organisation, period__in=months)
    filed = {filing.period: filing for filing in filings.in_force()}
    drafts = {filing.period: filing for filing in filings.open()}
    return [
        _duty(month, rows.get(month), due.get(month), filed.get(month), drafts.get(month), now)
        for month in months
    ]


def duty_of(organisation: Organisation, period: Month, now: datetime) -> Duty | None:
    """One month of an organisation; None where nothing is owed for it."""
    return next(iter(obligations_of(organisation, now, first=period, last=period)), None)


def _duty(
    period: Month,
    row: Obligation | None,
    due: tuple[date, datetime] | None,
    filed: Filing | None,
    draft: Filing | None,
    now: datetime,
) -> Duty:
    due_on, due_at = (row.due_on, row.due_at) if row is not None else due or (period.last, opens_at(period))
    submitted_at, nil = (row.submitted_at, row.nil) if row is not None else (None, False)
    state = obligation_state(
        opens_at=opens_at(period),
        due_at=due_at,
        submitted_at=submitted_at,
        nil=nil,
        draft=draft is not None,
        now=now,
    )
    return Duty(period, state, due_on, due_at, submitted_at, nil, filed, draft)


def due_days(periods: list[Month]) -> dict[Month, date]:
    """The due day of each month by the working calendar, before any extension."""
    if not periods:
        return {}
    first, last = min(periods), max(periods)
    is_working = working_calendar((first + 1).first, (last + 3).last)
    return {period: due_day(period, is_working) for period in periods}


def granted_until(
    periods: list[Month], organisation_ids: list[int] | None
) -> dict[tuple[int | None, Month], date]:
    """The latest day granted for each (organisation, month); None as organisation stands for everybody."""
    rows = Extension.objects.filter(state=ExtensionState.GRANTED, period__in=periods)
    if organisation_ids is not None:
        rows = rows.filter(Q(organisation_id__in=organisation_ids) | Q(organisation=None))
    granted: dict[tuple[int | None, Month], date] = {}
    for organisation_id, period, until in rows.values_list("organisation_id", "period", "until"):
        key = (organisation_id, period)
        granted[key] = max(until, granted.get(key, until))
    return granted


def due_times(organisation_id: int, periods: list[Month]) -> dict[Month, tuple[date, datetime]]:
    """Due day and due time, extensions included, of months of one organisation."""
    granted = granted_until(periods, [organisation_id]) if periods else {}
    times = {}
    for period, on in due_days(periods).items():
        days = [on, *(granted[key] for key in ((None, period), (organisation_id, period)) if key in granted)]
        times[period] = (on, end_of_day(max(days)))
    return times


def calendar_months(organisation: Organisation, now: datetime) -> list[Duty]:
    """The twelve months that the calendar shows: ten before the last one owed, that one, and the present."""
    last = last_month_ended(now) + 1
    return obligations_of(organisation, now, first=last - (SHOWN - 1), last=last)


def last_day(due_at: datetime) -> date:
    """The last day on which filing is on time."""
    return (due_at.astimezone(BEIJING) - timedelta(microseconds=1)).date()
