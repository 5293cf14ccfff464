"""How long cases took, by the month of their decision and by kind: counted from events, not from counters."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from licensing.domain.clock import STATUTORY_DAYS, clock_of, working_days_between
from licensing.models import Application, ApplicationEvent, ApplicationStatus, Outcome
from licensing.queries.clocks import happenings_of, on_day
from portal.core.clock import BEIJING
from portal.core.months import Month
from portal.registry.queries.calendar import corrections


@dataclass(frozen=True)
class TimeTaken:
    """The cases of one kind decided in one month. Days are working days from acceptance to decision."""

    month: Month
    kind: str
    decided: int
    granted: int
    median_days: float  # all of them: what applicants waited
    longest_days: int
    median_clock: float  # without pauses: what the law counts
    late: int  # decided after the statutory limit


def time_taken(first: Month, last: Month) -> list[TimeTaken]:
    """A row for each month and kind in which cases were decided, the latest month first."""
    begin = datetime.combine(first.first, datetime.min.time(), BEIJING)
    end = datetime.combine((last + 1).first, datetime.min.time(), BEIJING)
    cases = list(
        Application.objects.filter(decided_at__gte=begin, decided_at__lt=end).values_list(
            "pk", "kind", "outcome", "decided_at"
        )
    )
    events: dict[int, list[ApplicationEvent]] = defaultdict(list)
    for event in ApplicationEvent.objects.filter(application_id__in=[case[0] for case in cases]).order_by(
        "at", "pk"
    ):
        events[event.application_id].append(event)
    groups: dict[tuple[Month, str], list[tuple[str, int, int]]] = defaultdict(list)
    known = corrections(_earliest(events, first.first), last.last)
    for pk, kind, outcome, decided_at in cases:
        done = on_day(decided_at or end)
        stands = clock_of(happenings_of(events[pk]), done, known)
        if stands is not None:
            waited = working_days_between(stands.accepted_on, done, known)
            groups[(Month.of(done), kind)].append((outcome, waited, stands.used))
    rows = [_row(month, kind, taken) for (month, kind), taken in groups.items()]
    return sorted(rows, key=lambda row: (-row.month.index, row.kind))


def _earliest(events: dict[int, list[ApplicationEvent]], otherwise: date) -> date:
    accepted = [
        on_day(event.at)
        for rows in events.values()
        for event in rows
        if event.what == ApplicationStatus.ACCEPTED
    ]
    return min(accepted, default=otherwise)


def _row(month: Month, kind: str, taken: list[tuple[str, int, int]]) -> TimeTaken:
    waited = [days for _, days, _ in taken]
    return TimeTaken(
        month,
        kind,
        len(taken),
        sum(outcome == Outcome.GRANTED for outcome, _, _ in taken),
        float(median(waited)),
        max(waited),
        float(median(used for _, _, used in taken)),
        sum(used > STATUTORY_DAYS for _, _, used in taken),
    )
