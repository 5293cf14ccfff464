"""What the workers do about applications and licences: mail to those whom it concerns, screening when a list changes."""

from __future__ import annotations

from celery import shared_task

from licensing.services import notices, rejudging, screening
from portal.core.durable import durable


@durable("licensing.tell_accepted")
def tell_accepted(application_id: int) -> None:
    """Mail that the application is accepted and the clock runs."""
    notices.accepted(application_id)


@durable("licensing.tell_requested")
def tell_requested(request_id: int) -> None:
    """Mail that the office asks for something."""
    notices.requested(request_id)


@durable("licensing.tell_answered")
def tell_answered(request_id: int) -> None:
    """Mail the officer that the answer has come."""
    notices.answered(request_id)


@durable("licensing.tell_decided")
def tell_decided(application_id: int) -> None:
    """Mail the decision."""
    notices.decided(application_id)


@durable("licensing.tell_issued")
def tell_issued(licence_id: int) -> None:
    """Mail that a licence stands."""
    notices.issued(licence_id)


@durable("licensing.tell_changed")
def tell_changed(licence_id: int) -> None:
    """Mail that a licence was suspended, revoked, given back, or holds again."""
    notices.changed(licence_id)


@durable("licensing.screen_again")
def screen_again(change_id: int) -> None:
    """A watch list changed: whoever is on a living case or licence is held against it again."""
    screening.screen_again()


@durable("licensing.screen_clients")
def screen_clients(counterparty_id: int) -> None:
    """A client's name, country or number changed: cases and licences that name it are screened again."""
    screening.screen_clients(counterparty_id)


@durable("licensing.judge_again")
def judge_again(version_id: int) -> None:
    """A version of the control list was published: live cases and living licences are judged by it."""
    rejudging.judge_again(version_id)


@shared_task(name="licensing.judge_daily", ignore_result=True)
def judge_daily() -> None:
    """Suspensions end and entries of watch lists begin by their dates: what follows is noted on the day."""
    rejudging.judge_again()
    screening.screen_again()
