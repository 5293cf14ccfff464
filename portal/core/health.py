"""Is the portal alive, and is it ready to work?"""

from __future__ import annotations

from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection

from portal.core import fencing, outbox

LAG_LIMIT = 120.0  # seconds a promise may wait before the portal calls itself unready


@dataclass(frozen=True)
class Readiness:
    """Each part's state; ready when all hold."""

    database: bool
    fence: bool
    broker: bool
    outbox_lag_seconds: float

    @property
    def ready(self) -> bool:
        return self.database and self.fence and self.broker and self.outbox_lag_seconds < LAG_LIMIT


def readiness() -> Readiness:
    """Ask the database and the broker, and see how long promises wait."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        stands = _fence_stands()
        lag = outbox.lag_seconds()
    except DatabaseError:
        return Readiness(False, False, _broker_answers(), 0.0)
    return Readiness(True, stands, _broker_answers(), round(lag, 1))


def _fence_stands() -> bool:
    """In production requests on PostgreSQL are served as a role that the fence binds."""
    return not settings.PRODUCTION or connection.vendor != "postgresql" or fencing.binds()


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except Exception:  # any broker error means the same here
        return False
    return True
