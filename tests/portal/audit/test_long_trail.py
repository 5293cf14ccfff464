"""The short form of the measurement of a long trail: however long it is, the walk along it needs the same room."""

from __future__ import annotations

import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.audit import queries
from portal.audit.models import Event
from portal.audit.queries import Verification, verify
from tests.load.long_trail import grow
from tests.portal.audit import trails

AT_ONCE = 1_000
pytestmark = [pytest.mark.django_db, pytest.mark.holds("trail-million")]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", AT_ONCE)


def walked(events: int) -> tuple[int, int]:
    """Statements that read the chain, and the most memory that was held at a time, while so many were verified."""
    tracemalloc.start()
    with CaptureQueriesContext(connection) as asked:
        assert verify() == Verification(events, 0)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return sum("FROM audit_seal s" in query["sql"] for query in asked), most


def test_a_trail_of_any_length_is_verified_in_batches_of_one_statement_each() -> None:
    grow(5_000)
    statements, room = walked(5_000)
    assert statements == 5_000 / AT_ONCE + 1
    grow(15_000)
    statements, more_room = walked(20_000)
    assert statements == 20_000 / AT_ONCE + 1
    assert more_room < 1.25 * room


def test_one_event_among_many_that_was_changed_is_named() -> None:
    grow(3 * AT_ONCE)
    touched = Event.objects.order_by("pk")[2 * AT_ONCE + 17]
    with trails.below_the_guards():
        trails.execute("UPDATE audit_event SET subject_id = subject_id + 1 WHERE id = %s", [touched.pk])
        found = verify()
    assert (found.fault, found.row, found.sequence) == ("event_changed", touched.pk, 2 * AT_ONCE + 18)
