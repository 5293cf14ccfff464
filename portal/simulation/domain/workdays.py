"""When a month's filing is due: counted here on its own, so that a sweep can be compared with it."""

from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Final

import holidays

from portal.core.months import Month

BEIJING: Final = timezone(timedelta(hours=8))
_DUE_DAY: Final = 10


@cache
def _china(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=[year])


def is_workday(day: date) -> bool:
    """Whether China works that day: weekdays that are no holiday, and the announced make-up workdays."""
    calendar = _china(day.year)
    if day in calendar.weekend_workdays:
        return True
    return day.weekday() < 5 and day not in calendar


def next_workday(day: date) -> date:
    """The day itself if it is worked, else the first worked day after it."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def due_day(period: Month) -> date:
    """The 10th of the month after the period, rolled to the next working day; due until its end."""
    return next_workday((period + 1).first.replace(day=_DUE_DAY))


def end_of(day: date) -> int:
    """24:00 in Beijing of the day, in seconds since 1970 (UTC)."""
    return int(datetime.combine(day + timedelta(days=1), datetime.min.time(), BEIJING).timestamp())


def instant_text(seconds: int) -> str:
    """An instant as ISO 8601 with Beijing's offset."""
    return datetime.fromtimestamp(seconds, BEIJING).isoformat()
