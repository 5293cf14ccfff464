"""The regulator's overview: who has not filed, what is new, what waits longest, one's own work, the last sweep.

Every figure is counted no further than a thousand and leads to its list with the same filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.queries.cases import waiting_counts
from portal.accounts.models import Enrolment, EnrolmentState
from portal.contact.models import Question
from portal.core.actors import Actor
from portal.core.months import Month
from portal.core.permissions import Permission
from portal.core.templatetags.lodestone import figure, state_tone, state_word
from reporting.models import Filing, Obligation, Sweep
from reporting.queries import oversight
from reporting.queries.asked import questions_asked
from reporting.queries.listings import COUNT_AT_MOST, count_up_to
from reporting.queries.reviewing import filings_to_review

SHOWN = 6


@dataclass(frozen=True)
class Stat:
    """One figure, the list it counts, and how it is meant."""

    label: str | Promise
    figure: str
    url: str
    tone: str


@dataclass(frozen=True)
class Overview:
    """The whole page."""

    period: Month
    duties: Sequence[Stat]
    missing: Sequence[Obligation]
    missing_count: str
    since: date
    new: Sequence[Stat]
    waiting: Sequence[Stat]
    oldest: Sequence[Filing]
    mine: Sequence[Stat]
    answered: Sequence[Question]
    sweep: Sweep | None
    cases: Sequence[Stat]


def overview_of(actor: Actor) -> Overview:
    """Everything the page shows. A fixed number of queries."""
    period, day = oversight.month_to_watch(), oversight.since()
    return Overview(
        period=period,
        duties=_duties(period),
        missing=oversight.missing(SHOWN),
        missing_count=_counted(oversight.missing_rows()),
        since=day,
        new=_new(actor, day),
        waiting=_waiting(actor),
        oldest=oversight.longest_waiting(SHOWN),
        mine=_mine(actor) if actor.may(Permission.REVIEW) else [],
        answered=oversight.answered_for(actor, SHOWN) if actor.may(Permission.REVIEW) else [],
        sweep=oversight.last_sweep(),
        cases=_cases(actor),
    )


def _counted(rows: QuerySet[Any]) -> str:
    count = count_up_to(rows, COUNT_AT_MOST + 1)
    return f"{figure(COUNT_AT_MOST)}+" if count > COUNT_AT_MOST else figure(count)


def _to(name: str, **filters: str) -> str:
    return f"{reverse(name)}?{urlencode(filters)}"


def _duties(period: Month) -> list[Stat]:
    """The month's duties by state; those that come before the due time are told only where there are any."""
    counts = oversight.counts_by_state(period)
    return [
        Stat(
            state_word(state, "obligation"),
            figure(count),
            _to("obligation_list", period=str(period), state=state),
            state_tone(state, "obligation").replace("quiet", "") if count else "",
        )
        for state, count in counts.items()
        if count or state not in {"not_due", "due", "draft"}
    ]


def _stat(label: str | Promise, rows: QuerySet[Any], url: str, tone: str = "") -> Stat:
    count = _counted(rows)
    return Stat(label, count, url, tone if count != "0" else "")


def _new(actor: Actor, day: date) -> list[Stat]:
    rows, since = oversight.new_rows(actor, day), day.isoformat()
    return [
        _stat(_("Filings"), rows["filings"], _to("review_list", state="", since=since)),
        _stat(_("Findings"), rows["findings"], _to("finding_list", state="", since=since, sort="-seen")),
        _stat(_("Answers"), rows["answers"], _to("asked_list", since=since)),
    ]


def _waiting(actor: Actor) -> list[Stat]:
    filings = filings_to_review(actor, {"state": "submitted"})
    overdue = questions_asked(actor, {"state": "overdue"})
    found = [
        _stat(_("Filings to review"), filings, _to("review_list", state="submitted"), "note"),
        _stat(_("Answers overdue"), overdue, _to("asked_list", state="overdue"), "warn"),
    ]
    if actor.may(Permission.EXTENSION_GRANT):
        url = reverse("extension_list")
        found.append(_stat(_("Extensions to decide"), oversight.extensions_waiting(), url, "warn"))
    if actor.may(Permission.ENROLMENT_DECIDE):
        asked = Enrolment.objects.filter(state=EnrolmentState.ASKED)
        found.append(_stat(_("Enrolments to decide"), asked, reverse("enrolment_list"), "warn"))
    return found


def _mine(actor: Actor) -> list[Stat]:
    rows = oversight.work_of(actor)
    return [
        _stat(_("My filings"), rows["filings"], _to("review_list", state="submitted", reviewer="me"), "note"),
        _stat(_("My findings"), rows["findings"], _to("finding_list", state="", reviewer="me"), "note"),
        _stat(
            _("Answered for me"), rows["answers"], _to("asked_list", state="answered", reviewer="me"), "good"
        ),
    ]


def _cases(actor: Actor) -> list[Stat]:
    """Licence applications by what they wait for; for whoever works on them, one's own first."""
    counts = waiting_counts(actor)
    found = [
        (
            "mine",
            _("My cases"),
            {"state": "open", "officer": "me"},
            "note",
            actor.may(Permission.CASE_HANDLE),
        ),
        ("submitted", _("To accept"), {"state": "submitted"}, "note", True),
        ("requested", _("Waiting for applicants"), {"state": "information_requested"}, "", True),
        ("to_countersign", _("To countersign"), {"state": "recommended"}, "warn", True),
    ]
    return [
        Stat(label, figure(counts[name]), _to("case_list", **filters), tone if counts[name] else "")
        for name, label, filters, tone, is_shown in found
        if is_shown
    ]
