"""Periodic work of accounts."""

from __future__ import annotations

from celery import shared_task

from portal.accounts.services import throttles


@shared_task(name="portal.accounts.prune", ignore_result=True)
def prune() -> None:
    """Forget tries that count no more."""
    throttles.prune()
