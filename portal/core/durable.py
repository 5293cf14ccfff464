"""Tasks that survive a killed worker: named functions of one id, performed once per outbox row."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from celery import shared_task

from portal.core import outbox

Handler = Callable[[int], None]
_handlers: dict[str, Handler] = {}
log = structlog.get_logger(__name__)


class TaskFailed(Exception):
    """A task ended in a fault, of the kind named; the log says where."""


def durable(name: str) -> Callable[[Handler], Handler]:
    """Register a handler under a stable name. It may run twice and must then change nothing more."""

    def register(handler: Handler) -> Handler:
        if name in _handlers:
            raise TypeError(f"Cannot reuse the task name {name}")
        _handlers[name] = handler
        return handler

    return register


def names() -> frozenset[str]:
    """Every registered task."""
    return frozenset(_handlers)


@shared_task(name="portal.core.perform", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def perform(outbox_id: int) -> None:
    """Do what one outbox row promises. A failure leaves the row owed."""
    row = outbox.claim(outbox_id)
    if row is None:
        return
    bound = log.bind(task=row.task, argument=row.argument, outbox=row.pk)
    try:
        _handlers[row.task](row.argument)
    except Exception as error:
        outbox.fail(outbox_id, f"{type(error).__name__}")
        bound.exception("task_failed")
        # the worker's own log quotes what is raised: the kind of fault alone, for its message may name a client
        raise TaskFailed(type(error).__name__) from None
    outbox.finish(outbox_id)
    bound.info("task_done")
