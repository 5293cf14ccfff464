"""The working-day calendar as it stands: the library's, corrected by the rows of CalendarDay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import holidays

from portal.registry.models import CalendarDay


def working_calendar(first: date, last: date) -> Callable[[date], bool]:
    """Whether a day is worked in China, for days from ``first`` to ``last``. One query."""
    corrections = dict(CalendarDay.objects.filter(date__range=(first, last)).values_list("date", "working"))
    return lambda day: corrections.get(day, _by_library(day))


@cache
def _china() -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=range(2015, 2041))


def _by_library(day: date) -> bool:
    return bool(_china().is_working_day(day))
