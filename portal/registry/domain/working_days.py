"""China's working days: weekends and public holidays off, make-up workdays on, corrected by a table.

Holidays and make-up workdays come from the library ``holidays``, which knows the State Council's notice
for each year announced (in November for the next). ``overrides`` (day -> working or not; the table
``calendar_days``) stand above it. A year without an announcement yet is provisional.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import holidays

DayCode = Literal[
    "working_day", "make_up_workday", "saturday", "sunday", "public_holiday", "set_working", "set_off"
]
Overrides = Mapping[dt.date, bool]


def _(text: str) -> str:
    """Mark words for translation; they are translated where they are shown."""
    return text


#: What a day is called where a deadline is explained: "10 May 2026 is a Sunday".
DAY_WORDS: dict[DayCode, str] = {
    "working_day": _("a working day"),
    "make_up_workday": _("a make-up workday"),
    "saturday": _("a Saturday"),
    "sunday": _("a Sunday"),
    "public_holiday": _("a public holiday"),
    "set_working": _("a working day by notice"),
    "set_off": _("a day off by notice"),
}
_WORKING: frozenset[DayCode] = frozenset({"working_day", "make_up_workday", "set_working"})
_NONE: Overrides = {}
_DAY = dt.timedelta(days=1)
_LONGEST_BREAK = 60


@lru_cache(maxsize=64)
def _year(year: int) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """Holidays and make-up workdays of a year; a New Year's make-up workday may fall in the December before."""
    table = holidays.China(years=(year, year + 1))
    return (
        frozenset(day for day in table if day.year == year),
        frozenset(day for day in table.weekend_workdays if day.year == year),
    )


def day_code(day: dt.date, overrides: Overrides = _NONE) -> DayCode:
    """What kind of day it is, as a code to explain a deadline with."""
    if day in overrides:
        return "set_working" if overrides[day] else "set_off"
    off, made_up = _year(day.year)
    if day in made_up:
        return "make_up_workday"
    if day in off:
        return "public_holiday"
    if day.weekday() >= 5:
        return "saturday" if day.weekday() == 5 else "sunday"
    return "working_day"


def is_working_day(day: dt.date, overrides: Overrides = _NONE) -> bool:
    """Whether offices work that day."""
    return day_code(day, overrides) in _WORKING


def roll_forward(day: dt.date, overrides: Overrides = _NONE) -> dt.date:
    """The day itself where it is a working day, else the next one. Raises ``ValueError`` if none is near."""
    for step in range(_LONGEST_BREAK):
        candidate = day + step * _DAY
        if is_working_day(candidate, overrides):
            return candidate
    raise ValueError(f"no working day within {_LONGEST_BREAK} days of {day}")


def add_working_days(day: dt.date, count: int, overrides: Overrides = _NONE) -> dt.date:
    """The day ``count`` working days later; the next working day is the first. Negative counts go back."""
    step = _DAY if count >= 0 else -_DAY
    left, at, idle = abs(count), day, 0
    while left:
        at += step
        if is_working_day(at, overrides):
            left, idle = left - 1, 0
        else:
            idle += 1
        if idle > _LONGEST_BREAK:
            raise ValueError(f"no working day within {_LONGEST_BREAK} days of {at}")
    return at


def is_provisional(year: int) -> bool:
    """Whether the year's calendar is not announced yet: every announced one since 2008 has make-up workdays."""
    return year >= 2008 and not _year(year)[1]
