"""Which reminder a due day calls for. Pure."""

from __future__ import annotations

from datetime import date

LATE_NEWS_DAYS = 14  # a filing missing for longer is no news: nobody is mailed about a past that was loaded

SOON, TOMORROW, LATE = "soon", "tomorrow", "late"


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
