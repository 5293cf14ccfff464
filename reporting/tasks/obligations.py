"""What the workers do about obligations: each morning, and when something they rest on has changed."""

from __future__ import annotations

from celery import shared_task

from portal.core import clock
from portal.core.actors import Actor
from portal.core.durable import durable
from reporting.models import Extension
from reporting.queries.obligations import last_month_ended
from reporting.services import obligations, reminders


@shared_task(name="reporting.daily", ignore_result=True)
def daily() -> None:
    """Open the month that ended, bring every row up to date, promise the reminders of the day."""
    obligations.open_months(by=Actor.system("calendar"), up_to=last_month_ended(clock.now()))
    obligations.refresh()
    reminders.remind()


@durable("reporting.open_obligations")
def open_obligations(organisation_id: int) -> None:
    """An organisation was approved: open what it owes."""
    up_to = last_month_ended(clock.now())
    obligations.open_months(by=Actor.system("calendar"), organisations=[organisation_id], up_to=up_to)


@durable("reporting.refresh_obligations")
def refresh_obligations(load_id: int) -> None:
    """Registers or filings were loaded: open and recompute for everybody."""
    obligations.open_months(by=Actor.system("calendar"), up_to=last_month_ended(clock.now()))
    obligations.refresh()


@durable("reporting.recompute_due_days")
def recompute_due_days(change_id: int) -> None:
    """The working calendar changed: due days follow."""
    obligations.refresh()


@durable("reporting.apply_extension")
def apply_extension(extension_id: int) -> None:
    """Everybody was given a later day: due times follow, and everybody who still owes the month is told."""
    extension = Extension.objects.get(pk=extension_id)
    obligations.refresh(periods=[extension.period])
    reminders.tell_extension(extension_id)


@durable("reporting.tell_extension")
def tell_extension(extension_id: int) -> None:
    """Tell the organisation what was decided."""
    reminders.tell_extension(extension_id)
