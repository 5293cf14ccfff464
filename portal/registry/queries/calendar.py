"""The corrections of the working calendar, for whoever counts working days."""

from __future__ import annotations

from datetime import date

from portal.registry.domain.working_days import Overrides
from portal.registry.models import CalendarDay


def corrections(first: date, last: date) -> Overrides:
    """Day -> working or not, where the office's table stands above the library. One query."""
    return dict(CalendarDay.objects.filter(date__range=(first, last)).values_list("date", "working"))
