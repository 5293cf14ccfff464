"""Due days by the working calendar as it stands: the library's, corrected by the rows of CalendarDay."""

from __future__ import annotations

from collections.abc import Collection

from portal.core.months import Month
from portal.registry.domain.deadlines import Deadline, due
from portal.registry.models import CalendarDay


def deadlines_of(periods: Collection[Month]) -> dict[Month, Deadline]:
    """The deadline of each month, extensions aside, with the days off that moved it. One query."""
    if not periods:
        return {}
    span = ((min(periods) + 1).first, (max(periods) + 3).last)
    corrections = dict(CalendarDay.objects.filter(date__range=span).values_list("date", "working"))
    return {period: due(period, corrections) for period in periods}
