"""The statutory clock of cases, told from their events; when they will probably be decided; how good that has been."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from licensing.domain.clock import Clock, Happening, What, clock_of, working_days_between
from licensing.domain.prediction import Finished, Prediction, Record, predict, record_of
from licensing.models import Application, ApplicationEvent, ApplicationStatus
from portal.core import clock, fence
from portal.core.clock import BEIJING
from portal.registry.domain.working_days import Overrides, add_working_days, is_provisional
from portal.registry.queries.calendar import corrections

_MEANINGS: Final[dict[str, What]] = {
    "accepted_for_processing": "accepted",
    "stopped": "stopped",
    "resumed": "resumed",
    "decided": "ended",
    "withdrawn": "ended",
    "closed": "ended",
}
LATEST: Final = 400  # finished cases that predictions rest on: how the office works now, not how it once did
REACH: Final = timedelta(days=400)


def on_day(moment: datetime) -> date:
    """The day of an instant in Beijing."""
    return moment.astimezone(BEIJING).date()


def happenings_of(events: Iterable[ApplicationEvent]) -> list[Happening]:
    """What of a case's history moves its clock."""
    return [
        Happening(_MEANINGS[event.what], on_day(event.at), event.key, event.cause)
        for event in events
        if event.what in _MEANINGS
    ]


def clock_for(application: Application) -> Clock | None:
    """The clock of one case today; None before it is accepted."""
    return clocks_for([application])[application.pk]


def clocks_for(applications: Sequence[Application]) -> dict[int, Clock | None]:
    """The clocks of cases today, by their numbers. Two queries."""
    today = clock.today()
    events: dict[int, list[ApplicationEvent]] = {application.pk: [] for application in applications}
    for event in ApplicationEvent.objects.filter(application_id__in=events).order_by("at", "pk"):
        events[event.application_id].append(event)
    days = [on_day(event.at) for rows in events.values() for event in rows]
    known = corrections(min(days, default=today), today + REACH)
    return {pk: clock_of(happenings_of(rows), today, known) for pk, rows in events.items()}


@fence.lifted(
    reason="how long cases took is told of everybody's, without whose; an exporter's own are too few"
)
def finished_cases() -> list[Finished]:
    """The cases decided last, with the working days that each took, the earliest first. Three queries."""
    latest = Application.objects.exclude(decided_at=None).order_by("-decided_at")
    rows = list(latest.values_list("pk", "kind", "decided_at")[:LATEST])
    accepted = dict(
        ApplicationEvent.objects.filter(
            what=ApplicationStatus.ACCEPTED, application_id__in=[row[0] for row in rows]
        ).values_list("application_id", "at")
    )
    pairs = [
        (kind, on_day(accepted[pk]), on_day(decided))
        for pk, kind, decided in reversed(rows)
        if pk in accepted and decided is not None
    ]
    if not pairs:
        return []
    known = corrections(min(pair[1] for pair in pairs), max(pair[2] for pair in pairs))
    return [
        Finished(kind, begun, done, working_days_between(begun, done, known)) for kind, begun, done in pairs
    ]


@dataclass(frozen=True)
class Outlook:
    """When a case will probably be decided: days, what they rest on, and how good such words have been."""

    low: date
    middle: date
    high: date
    like: int
    same_kind: bool
    provisional: bool
    record: Record


def outlook_of(application: Application, stands: Clock | None) -> Outlook | None:
    """The range for a case that is accepted and not decided; None where too few like it are finished."""
    if stands is None or stands.ended_on is not None:
        return None
    today = clock.today()
    known = corrections(stands.accepted_on, today + REACH)
    finished = finished_cases()
    elapsed = working_days_between(stands.accepted_on, today, known)
    said = predict(finished, application.kind, elapsed)
    return None if said is None else _dated(said, stands.accepted_on, known, record_of(finished))


def _dated(said: Prediction, begun: date, known: Overrides, record: Record) -> Outlook:
    low, middle, high = (add_working_days(begun, days, known) for days in (said.low, said.middle, said.high))
    return Outlook(low, middle, high, said.like, said.same_kind, is_provisional(high.year), record)
