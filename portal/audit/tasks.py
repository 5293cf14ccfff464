"""Periodic work on the trail."""

from __future__ import annotations

from celery import shared_task

from portal.audit.services import seal_events


@shared_task(name="portal.audit.seal_events", ignore_result=True)
def seal() -> None:
    """Chain what was written since the last time."""
    seal_events()
