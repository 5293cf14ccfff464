"""Periodic work of the ground floor; importing it registers the one task that performs promises."""

from __future__ import annotations

from celery import shared_task

from portal.core import outbox
from portal.core.api import idempotency
from portal.core.durable import perform

__all__ = ["perform", "prune"]


@shared_task(name="portal.core.prune", ignore_result=True)
def prune() -> None:
    """Forget promises kept, and answers given to the API's callers, long ago."""
    outbox.prune()
    idempotency.prune()
