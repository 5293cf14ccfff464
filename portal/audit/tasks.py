"""Periodic work on the trail."""

from __future__ import annotations

from celery import shared_task

from portal.audit.services import seal_events, sign_head


@shared_task(name="portal.audit.seal_events", ignore_result=True)
def seal() -> None:
    """Chain what was written since the last time, and sign the end of the chain."""
    seal_events()
    sign_head()
