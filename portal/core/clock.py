"""The one place that reads the clock; deadlines hang on Beijing time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware; ``LODESTONE_CLOCK_OFFSET`` (seconds) shifts it for rehearsals and tests."""
    return timezone.now() + timedelta(seconds=settings.LODESTONE_CLOCK_OFFSET)


def today() -> date:
    """The present day in Beijing."""
    return now().astimezone(BEIJING).date()


def end_of_day(day: date) -> datetime:
    """24:00 Asia/Shanghai of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1)
