"""An organisation's year: what is owed each month, and every version of every filing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.actors import Actor
from portal.core.months import Month
from portal.core.permissions import Permission
from reporting.models import Filing, FilingStatus
from reporting.queries.filing_pages import badge_code
from reporting.queries.obligations import Duty, obligations_of

_USUAL_DAY, _SATURDAY = 10, 5


@dataclass(frozen=True)
class Tile:
    """One month of the calendar with what to do about it."""

    duty: Duty
    url: str
    action: str
    now: bool

    @property
    def rule(self) -> str:
        """Why the day is not simply the 10th; empty where it is."""
        plain = self.duty.due_on.day == _USUAL_DAY and self.duty.due_on.weekday() < _SATURDAY
        return "" if plain and not self.duty.extended else self.duty.rule


@dataclass(frozen=True)
class ListedFiling:
    """One version in the list."""

    filing: Filing
    badge: str
    duty: Duty | None
    url: str
    action: str


def years_of(organisation: Organisation) -> list[int]:
    """The years in which the organisation owed a filing, newest first."""
    if organisation.reports_from is None:
        return []
    last = min(organisation.reports_until or Month.of(clock.today()), Month.of(clock.today()))
    return list(range(last.year, organisation.reports_from.year - 1, -1))


def tiles_of(actor: Actor, organisation: Organisation, year: int, now: datetime) -> list[Tile]:
    """The months of a year up to the present one, oldest first. The one to be at is the oldest still owed."""
    last = min(Month(year * 12 + 11), Month.of(clock.today()))
    duties = obligations_of(organisation, now, first=Month(year * 12), last=last)
    owed = next((duty.period for duty in duties if duty.is_owed), None)
    return [Tile(duty, *_next_of_month(actor, duty), now=duty.period == owed) for duty in duties]


def _next_of_month(actor: Actor, duty: Duty) -> tuple[str, str]:
    if duty.draft is not None:
        return next_action(actor, duty.draft)
    if duty.filed is not None:
        return reverse("filing_view", args=[duty.filed.pk]), _("See what was filed")
    if actor.may(Permission.FILING_PREPARE):
        return f"{reverse('filing_start')}?period={duty.period}", _("Start")
    return "", ""


def next_action(actor: Actor, filing: Filing) -> tuple[str, str]:
    """Where the next step with a version is, and what it is called for this person."""
    page = reverse("filing_view", args=[filing.pk])
    if filing.status == FilingStatus.DRAFT and actor.may(Permission.FILING_PREPARE):
        return reverse("filing_edit", args=[filing.pk]), _("Continue")
    if filing.status == FilingStatus.HANDED_OVER and actor.may(Permission.FILING_SIGN):
        return reverse("filing_sign", args=[filing.pk]), _("Read and sign")
    return page, _("Look at it")


def listed_filings(
    actor: Actor, organisation: Organisation, year: int, duties: list[Duty]
) -> list[ListedFiling]:
    """Every version of the year's filings, newest month first, newest version first. One query."""
    due = {duty.period: duty for duty in duties}
    rows = list(
        Filing.objects.filter(
            organisation=organisation, period__gte=Month(year * 12), period__lte=Month(year * 12 + 11)
        ).order_by("-period", "-version")
    )
    highest: dict[Month, int] = {}
    for row in rows:
        if row.is_filed:
            highest.setdefault(row.period, row.version)
    return [
        ListedFiling(
            row, badge_code(row, highest.get(row.period)), due.get(row.period), *next_action(actor, row)
        )
        for row in rows
    ]
