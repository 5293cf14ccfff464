"""Who has filed, and the figures of the regulator's first page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from portal.contact.models import Question
from portal.core import clock
from portal.core.actors import Actor
from portal.core.months import Month
from reporting.models import Extension, ExtensionState, Filing, Finding, FindingState, Obligation, Sweep
from reporting.queries.asked import questions_asked, working_day_after
from reporting.queries.finding_lists import findings_to_review
from reporting.queries.obligations import last_month_ended, with_state
from reporting.queries.reviewing import filings_to_review
from reporting.states import ObligationState


def month_to_watch() -> Month:
    """The month whose filings come in now: the last one that ended."""
    return last_month_ended(clock.now())


def obligations(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Any]:
    """What is owed by whom, each with its state, as the filters ask."""
    rows: QuerySet[Any] = with_state(Obligation.objects.select_related("organisation"), clock.now())
    if "period" in filters:
        rows = rows.filter(period=filters["period"])
    if "organisation" in filters:
        rows = rows.filter(organisation_id=filters["organisation"])
    if "state" in filters:
        rows = rows.filter(state=filters["state"])
    return rows


def counts_by_state(period: Month) -> dict[str, int]:
    """How many organisations stand where with one month; every state, in the order of the table of states."""
    rows: QuerySet[Any] = with_state(Obligation.objects.filter(period=period), clock.now())
    found = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state.value, 0) for state in ObligationState}


def missing(limit: int) -> list[Obligation]:
    """The months due and not filed, the longest overdue first."""
    rows = Obligation.objects.filter(submitted_at=None, due_at__lte=clock.now())
    return list(rows.select_related("organisation").order_by("due_at", "pk")[:limit])


def missing_rows() -> QuerySet[Obligation]:
    """All of them, to be counted."""
    return Obligation.objects.filter(submitted_at=None, due_at__lte=clock.now())


def since() -> date:
    """What is new is what came since the morning of the working day before: over a weekend, since Friday."""
    return working_day_after(clock.today(), -1)


def new_rows(actor: Actor, day: date) -> dict[str, QuerySet[Any]]:
    """Filings, findings and answers that came since a morning."""
    return {
        "filings": filings_to_review(actor, {"since": day}),
        "findings": findings_to_review(actor, {"since": day}),
        "answers": questions_asked(actor, {"since": day}),
    }


def longest_waiting(limit: int) -> list[Filing]:
    """The filings that have waited longest for a review."""
    rows = (
        Filing.objects.real().in_force().filter(status="submitted").select_related("organisation", "reviewer")
    )
    return list(rows.order_by("submitted_at", "pk")[:limit])


def extensions_waiting() -> QuerySet[Extension]:
    """Requests for a later day that nobody has decided."""
    return Extension.objects.filter(state=ExtensionState.ASKED)


def work_of(actor: Actor) -> dict[str, QuerySet[Any]]:
    """What is assigned to this person: filings to decide, findings to decide, questions that were answered."""
    return {
        "filings": filings_to_review(actor, {"state": "submitted", "reviewer": "me"}),
        "findings": Finding.objects.filter(
            assigned_to_id=actor.user_id,
            state__in=[FindingState.OPEN, FindingState.ASKED, FindingState.EXPLAINED],
        ),
        "answers": questions_asked(actor, {"state": "answered", "reviewer": "me"}),
    }


def answered_for(actor: Actor, limit: int) -> list[Question]:
    """The questions of this person that were answered, the longest waiting first."""
    rows = questions_asked(actor, {"state": "answered", "reviewer": "me"})
    return list(rows.order_by("due_on", "pk")[:limit])


def last_sweep() -> Sweep | None:
    """The sweep that was started last."""
    return Sweep.objects.order_by("-pk").first()
