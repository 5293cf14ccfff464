"""Something happened: lower floors publish a name and an id, higher floors subscribe in ``portal.config``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from portal.core.outbox import enqueue


def subscribers() -> Mapping[str, Sequence[str]]:
    """Event name -> names of the durable tasks that hear it; wired in ``portal.config.subscribers``."""
    wiring: Mapping[str, Sequence[str]] = import_string(settings.EVENT_SUBSCRIBERS)
    return wiring


def publish(event: str, argument: int) -> None:
    """Promise every subscriber's task; part of the caller's transaction. Unknown names are refused."""
    try:
        tasks = subscribers()[event]
    except KeyError as error:
        raise LookupError(f"No such event: {event}. Name it in portal/config/subscribers.py.") from error
    for task in tasks:
        enqueue(task, argument)
