"""When a month's filing is due, and which reminder that calls for. Pure: the working calendar is the caller's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from portal.core.months import Month

DUE_DAY = 10  # of the month after; the time is 24:00 in Beijing
LATE_NEWS_DAYS = 14  # a filing missing for longer is no news: nobody is mailed about a past that was loaded

SOON, TOMORROW, LATE = "soon", "tomorrow", "late"


def nominal_due_day(period: Month) -> date:
    """The day the law names, before it is rolled to a working day."""
    return (period + 1).first.replace(day=DUE_DAY)


def due_day(period: Month, is_working: Callable[[date], bool]) -> date:
    """The nominal day, or the next working day after it."""
    day = nominal_due_day(period)
    while not is_working(day):
        day += timedelta(days=1)
    return day


def reminder_of(*, due_on: date, today: date) -> str:
    """Which reminder is called for today: soon (5 days before), tomorrow (1 day before), late, or none ("").

    ``due_on`` is the last day on which filing is on time, extension included. A day on which no reminder could be
    sent is made up for the next day.
    """
    days = (due_on - today).days
    if days < 0:
        return LATE if -days <= LATE_NEWS_DAYS else ""
    if days <= 1:
        return TOMORROW
    return SOON if days <= 5 else ""
