"""The one place that reads the clock; deadlines hang on Beijing time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant, aware; ``LODESTONE_CLOCK_OFFSET`` (seconds) shifts it for rehearsals and tests."""
    told = _told.get()
    if told is not None:
        return told
    return timezone.now() + timedelta(seconds=settings.LODESTONE_CLOCK_OFFSET)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Within, it is that instant: for the demonstration, which makes up a past through the services of every day."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)


def today() -> date:
    """The present day in Beijing."""
    return now().astimezone(BEIJING).date()


def end_of_day(day: date) -> datetime:
    """24:00 Asia/Shanghai of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1)
