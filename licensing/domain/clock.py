"""The statutory clock: 45 working days from acceptance, told from the events of a case and never kept as a counter.

The day of acceptance is day 0; each later working day counts, unless the clock stood still on it. It stands still on
the days after that on which it was stopped, up to and including the day on which it went on: a request that is
answered the same day costs nobody a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from portal.registry.domain.working_days import Overrides, is_provisional, is_working_day

STATUTORY_DAYS: Final = 45  # Order 792, Art. 17(1)
_DAY: Final = dt.timedelta(days=1)
_NONE: Overrides = {}

What = Literal["accepted", "stopped", "resumed", "ended"]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that moves the clock. ``key`` pairs what stopped it with what let it go on; ``cause`` says why."""

    what: What
    on: dt.date
    key: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from the day after ``since`` to ``until``; open where that is None."""

    key: str
    cause: str
    since: dt.date
    until: dt.date | None
    days: int  # working days that it has cost so far


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock of a case stands at the end of a day."""

    accepted_on: dt.date
    limit: int
    used: int  # working days counted so far
    pauses: tuple[Pause, ...]
    runs: bool
    ended_on: dt.date | None
    due_on: dt.date  # the last day for the decision, were every open pause to end today
    provisional: bool  # it lies in a year whose calendar is not announced yet

    @property
    def left(self) -> int:
        """Working days left; negative where the limit is passed."""
        return self.limit - self.used

    @property
    def is_over(self) -> bool:
        return self.used > self.limit


def clock_of(
    happenings: Iterable[Happening],
    today: dt.date,
    overrides: Overrides = _NONE,
    limit: int = STATUTORY_DAYS,
) -> Clock | None:
    """The clock at the end of ``today``; None where the case was not accepted yet."""
    known = sorted((one for one in happenings if one.on <= today), key=lambda one: one.on)
    accepted = next((one.on for one in known if one.what == "accepted"), None)
    if accepted is None:
        return None
    ended = next((one.on for one in known if one.what == "ended"), None)
    last = ended or today
    spans = _spans(known)
    used = sum(1 for day in _days(accepted, last, overrides) if not _still(day, spans))
    pauses = tuple(
        Pause(key, cause, since, until, sum(1 for _ in _days(since, min(until or last, last), overrides)))
        for key, cause, since, until in spans
    )
    open_now = any(until is None for *_rest, until in spans)
    due = _due(accepted, [(since, until or last) for *_rest, since, until in spans], limit, overrides)
    return Clock(
        accepted, limit, used, pauses, ended is None and not open_now, ended, due, is_provisional(due.year)
    )


def working_days_between(start: dt.date, end: dt.date, overrides: Overrides = _NONE) -> int:
    """Working days after ``start`` up to and including ``end``; 0 where the end is not later."""
    return sum(1 for _ in _days(start, end, overrides))


_Span = tuple[str, str, dt.date, dt.date | None]


def _spans(known: Sequence[Happening]) -> list[_Span]:
    """(key, cause, since, until) of each pause; one that was never stopped is not resumed either."""
    spans: dict[str, _Span] = {}
    for one in known:
        if one.what == "stopped" and one.key not in spans:
            spans[one.key] = (one.key, one.cause, one.on, None)
        elif one.what == "resumed" and one.key in spans and spans[one.key][3] is None:
            key, cause, since, _ = spans[one.key]
            spans[one.key] = (key, cause, since, one.on)
    return list(spans.values())


def _days(start: dt.date, end: dt.date, overrides: Overrides) -> Iterable[dt.date]:
    day = start + _DAY
    while day <= end:
        if is_working_day(day, overrides):
            yield day
        day += _DAY


def _still(day: dt.date, spans: Sequence[_Span]) -> bool:
    return any(since < day and (until is None or day <= until) for *_rest, since, until in spans)


def _due(
    accepted: dt.date, pauses: Sequence[tuple[dt.date, dt.date]], limit: int, overrides: Overrides
) -> dt.date:
    day, left = accepted, limit
    while left:
        day += _DAY
        if is_working_day(day, overrides) and not any(since < day <= until for since, until in pauses):
            left -= 1
    return day
