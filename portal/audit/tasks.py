"""Periodic work on the trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from celery import shared_task

from portal.audit.services import seal_events, sign_head
from portal.core import clock

RECENT: Final = timedelta(days=1)


@shared_task(name="portal.audit.seal_events", ignore_result=True)
def seal() -> None:
    """Chain what was written since the last time, and sign the end of the chain."""
    seal_events(since=clock.now() - RECENT)
    sign_head()


@shared_task(name="portal.audit.seal_all", ignore_result=True)
def seal_all() -> None:
    """Chain whatever is not chained, however old: what waited while no worker ran. Signed by the next ``seal``."""
    seal_events()
