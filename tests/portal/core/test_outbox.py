"""Promised work: sent until a worker has done it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.core import clock, outbox

pytestmark = pytest.mark.django_db


def late(row, **fields):
    """The row as it stands after having been sent often, and its time has come again."""
    for name, value in {
        "due_at": clock.now() - timedelta(minutes=1),
        "attempts": outbox.GIVE_UP_AFTER,
        **fields,
    }.items():
        setattr(row, name, value)
    row.save()
    return row


def test_work_that_no_worker_ever_began_is_never_given_up():
    row = late(outbox.enqueue("portal.core.nothing", 1))
    assert outbox.owed(clock.now()) == [row]
    assert outbox.lag_seconds() >= 60


def test_work_that_failed_again_and_again_is_given_up():
    late(outbox.enqueue("portal.core.nothing", 1), started_at=clock.now(), error="ValueError")
    assert outbox.owed(clock.now()) == []
    assert outbox.lag_seconds() == 0


def test_work_sent_again_that_no_worker_began_is_seen_though_the_relay_goes_on():
    row = outbox.enqueue("portal.core.nothing", 1)
    moment = clock.now()
    late(row, attempts=2, created_at=moment - timedelta(minutes=3), due_at=moment + timedelta(minutes=3))
    assert outbox.lag_seconds() >= 180
    late(row, attempts=2, started_at=moment, due_at=moment + timedelta(minutes=3))
    assert outbox.lag_seconds() == 0
