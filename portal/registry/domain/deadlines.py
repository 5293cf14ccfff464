"""When a month's filing is due: the 10th of the next month, 24:00 in Beijing, rolled to the next working day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from portal.core.months import Month
from portal.registry.domain.working_days import (
    DayCode,
    Overrides,
    day_code,
    is_provisional,
    roll_forward,
)

BEIJING = ZoneInfo("Asia/Shanghai")
DUE_DAY = 10


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date and why it is that day.

    ``at`` is 24:00 Asia/Shanghai of ``on``, hence the first instant of the next day: what arrives before
    it is on time. ``nominal`` is the 10th; ``skipped`` are the days off from there to ``on`` with their
    codes; ``provisional`` where the year's calendar is not announced yet.
    """

    at: dt.datetime
    on: dt.date
    nominal: dt.date
    skipped: tuple[tuple[dt.date, DayCode], ...]
    provisional: bool

    @property
    def rolled(self) -> bool:
        """Whether the due date is later than the 10th."""
        return self.on != self.nominal


def due(month: Month, overrides: Overrides | None = None) -> Deadline:
    """The deadline of the filing for ``month``, extensions aside."""
    known = overrides or {}
    nominal = (month + 1).first.replace(day=DUE_DAY)
    on = roll_forward(nominal, known)
    days = [nominal + dt.timedelta(days=n) for n in range((on - nominal).days)]
    return Deadline(
        at=end_of(on),
        on=on,
        nominal=nominal,
        skipped=tuple((day, day_code(day, known)) for day in days),
        provisional=is_provisional(on.year),
    )


def due_at(month: Month, overrides: Overrides | None = None) -> dt.datetime:
    """The instant before which the filing for ``month`` is on time (aware, Asia/Shanghai)."""
    return due(month, overrides).at


def end_of(day: dt.date) -> dt.datetime:
    """24:00 Asia/Shanghai of a day (aware): the first instant of the next."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=BEIJING)
