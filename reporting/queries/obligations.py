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
from portal.registry.domain.deadlines import Deadline
from portal.registry.domain.working_days import DAY_WORDS
from reporting.models import Extension, ExtensionState, Filing, Obligation
from reporting.models.filings import FilingQuerySet
from reporting.queries.calendars import deadlines_of
from reporting.states import ObligationState, obligation_state

SHOWN = 12  # months of the calendar
Granted = dict[
    tuple[int | None, Month], date
]  # (organisation, None for all; month) -> the latest day granted


@dataclass(frozen=True)
class Duty:
    """One month of one organisation: what is owed, until when and why then, and what stands there."""

    period: Month
    state: ObligationState
    deadline: Deadline  # by the working calendar, before any extension
    due_at: datetime
    submitted_at: datetime | None = None
    nil: bool = False
    filed: Filing | None = None  # the version in force
    draft: Filing | None = None

    @property
    def due_on(self) -> date:
        """Rolled to a working day, before any extension."""
        return self.deadline.on

    @property
    def extended(self) -> bool:
        return self.due_at > self.deadline.at

    @property
    def rule(self) -> str:
        """Why the due day is the day it is, in the reader's language."""
        return due_rule(self.deadline, self.due_at)

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


def due_rule(rolled: Deadline, due_at: datetime) -> str:
    """The working-day rule behind a due day, and the extension if there is one, in words."""
    values = {"due": day(rolled.on), "weekday": date_format(rolled.on, "l")}
    if rolled.skipped:
        on, code = rolled.skipped[0]
        values |= {"day": day(on), "what": _(DAY_WORDS[code])}
        words = _("%(day)s is %(what)s; due on %(weekday)s %(due)s, 24:00 Beijing time.") % values
    elif rolled.on.weekday() >= 5:
        words = _("Due on %(weekday)s %(due)s, a make-up workday, 24:00 Beijing time.") % values
    else:
        words = _("Due on %(weekday)s %(due)s, 24:00 Beijing time.") % values
    if due_at > rolled.at:
        words = _joined(words, _("Extended: %(deadline)s.") % {"deadline": deadline(due_at)})
    if rolled.provisional:
        words = _joined(words, _("The working days of that year are not announced yet."))
    return words


def _joined(rule: str, more: str) -> str:
    """Two sentences as the language sets them one after the other."""
    return _("%(rule)s %(more)s") % {"rule": rule, "more": more}


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
    deadlines = deadlines_of(months)
    granted = granted_until([month for month in months if month not in rows], [organisation.pk])
    filings = Filing.objects.filter(organisation=organisation, period__in=months)
    filed = {filing.period: filing for filing in filings.in_force()}
    drafts = {filing.period: filing for filing in filings.open()}
    first_filed = _first_filed(filings, [month for month in filed if month not in rows])
    duties = []
    for month in months:
        due_at = _latest(deadlines[month], granted, organisation.pk, month)
        nil = month in filed and filed[month].nil
        row = rows.get(month) or Obligation(
            period=month, due_at=due_at, submitted_at=first_filed.get(month), nil=nil
        )
        duties.append(_duty(row, deadlines[month], filed.get(month), drafts.get(month), now))
    return duties


def _first_filed(filings: FilingQuerySet, months: list[Month]) -> dict[Month, datetime]:
    """When months without a row of their own (a sandbox has none) were first filed. One query where there are any."""
    if not months:
        return {}
    rows = filings.filed().filter(period__in=months).order_by("-version")
    return {period: at for period, at in rows.values_list("period", "submitted_at") if at is not None}


def duty_of(organisation: Organisation, period: Month, now: datetime) -> Duty | None:
    """One month of an organisation; None where nothing is owed for it."""
    return next(iter(obligations_of(organisation, now, first=period, last=period)), None)


def _duty(
    row: Obligation, rolled: Deadline, filed: Filing | None, draft: Filing | None, now: datetime
) -> Duty:
    state = obligation_state(
        opens_at=opens_at(row.period),
        due_at=row.due_at,
        submitted_at=row.submitted_at,
        nil=row.nil,
        draft=draft is not None,
        now=now,
    )
    return Duty(row.period, state, rolled, row.due_at, row.submitted_at, row.nil, filed, draft)


def _latest(rolled: Deadline, granted: Granted, organisation_id: int, period: Month) -> datetime:
    days = [granted[key] for key in ((None, period), (organisation_id, period)) if key in granted]
    return end_of_day(max([rolled.on, *days]))


def granted_until(periods: list[Month], organisation_ids: list[int] | None) -> Granted:
    """The latest day granted for each (organisation, month); None as organisation stands for everybody."""
    rows = Extension.objects.filter(state=ExtensionState.GRANTED, period__in=periods)
    if organisation_ids is not None:
        rows = rows.filter(Q(organisation_id__in=organisation_ids) | Q(organisation=None))
    granted: Granted = {}
    for organisation_id, period, until in rows.values_list("organisation_id", "period", "until"):
        key = (organisation_id, period)
        granted[key] = max(until, granted.get(key, until))
    return granted


def due_time(organisation_id: int, period: Month) -> datetime:
    """Due time of one month of an organisation, extensions included, whether or not it owes the month."""
    granted = granted_until([period], [organisation_id])
    return _latest(deadlines_of([period])[period], granted, organisation_id, period)


def calendar_months(organisation: Organisation, now: datetime) -> list[Duty]:
    """The twelve months that the calendar shows: ten before the last one owed, that one, and the present."""
    last = last_month_ended(now) + 1
    return obligations_of(organisation, now, first=last - (SHOWN - 1), last=last)


def last_day(due_at: datetime) -> date:
    """The last day on which filing is on time."""
    return (due_at.astimezone(BEIJING) - timedelta(microseconds=1)).date()
