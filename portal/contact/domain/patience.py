"""When a message that was not taken is sent again, and when the portal gives up."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WAITS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60, 24 * 60)
)  # nine tries within three days
DISABLED_AFTER: Final = timedelta(days=7)  # of failing without one message taken


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after this many tries; None where it was the last."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
