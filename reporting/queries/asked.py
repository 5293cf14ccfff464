"""The questions that the regulator asked, as its officers follow them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from portal.contact.models import Question
from portal.contact.queries.questions import with_shown_state
from portal.core import clock
from portal.core.actors import Actor
from portal.registry.domain.working_days import add_working_days
from portal.registry.models import CalendarDay
from reporting.queries.reviewing import by_person, morning

DAYS_TO_ANSWER = 5  # working days, where the reviewer names no day


def questions_asked(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Any]:
    """Questions as the filters ask."""
    rows: QuerySet[Any] = with_shown_state(
        Question.objects.select_related("organisation", "asked_by"), clock.today()
    )
    if "state" in filters:
        rows = rows.filter(shown_state=filters["state"])
    if "organisation" in filters:
        rows = rows.filter(organisation_id=filters["organisation"])
    if "period" in filters:
        rows = rows.filter(period=filters["period"])
    if "since" in filters:
        rows = rows.filter(
            answers__at__gte=morning(filters["since"]), answers__from_regulator=False
        ).distinct()
    if "reviewer" in filters:
        rows = by_person(rows, actor, filters["reviewer"], "asked_by_id")
    return rows


def working_day_after(day: date, count: int) -> date:
    """The working day so many working days later (or earlier, where negative), by the calendar as it stands."""
    corrections = dict(
        CalendarDay.objects.filter(date__year__range=(day.year - 1, day.year + 1)).values_list(
            "date", "working"
        )
    )
    return add_working_days(day, count, corrections)


def usual_answer_day() -> date:
    """The day by which an answer is asked for where the reviewer names none."""
    return working_day_after(clock.today(), DAYS_TO_ANSWER)
