"""Every night: licences whose last day is over say so, and the ledger is summed anew."""

from __future__ import annotations

import structlog
from celery import shared_task

from licensing.queries.reconciliation import differences
from licensing.services import declarations, licences
from portal.core.durable import durable

log = structlog.get_logger(__name__)


@shared_task(name="licensing.expire_licences", ignore_result=True)
def expire_licences() -> None:
    """The rows say what the dates have said since midnight."""
    licences.expire_due()


@shared_task(name="licensing.reconcile_ledger", ignore_result=True)
def reconcile_ledger() -> None:
    """A figure that differs is told to the operator in the log, as an error."""
    for one in differences()[:100]:
        log.error("ledger_differs", line=one.line())


@durable("licensing.judge_unknown")
def judge_unknown(_cause_id: int) -> None:
    """Licences were issued or loaded: records refused for not knowing them are judged again."""
    declarations.judge_unknown()
