"""Events are only ever added; each gets its place in the chain once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from portal.audit import tasks
from portal.audit.canonical import GENESIS, chain
from portal.audit.domain.heads import new_key
from portal.audit.models import Event, Seal
from portal.audit.queries import Verification, verify
from portal.audit.services import record, seal_events, sealing
from portal.core.actors import Actor
from tests.portal.audit import trails

REFUSED = "append-only"
ON_POSTGRESQL = connection.vendor == "postgresql"


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("how", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(table: str, how: str) -> None:
    trails.write(2)
    seal_events()
    column = {"audit_event": "organisation_id", "audit_seal": "event_id"}[table]
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        trails.execute(how.format(table, column, f"{column} + 1"))
    assert verify().fault is None


@pytest.mark.django_db
def test_the_database_refuses_even_where_no_row_is_meant() -> None:
    trails.write(1)
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        Event.objects.filter(verb="filing.submitted").delete()


@pytest.mark.django_db
def test_seals_follow_the_numbers_of_the_events_and_build_on_one_another() -> None:
    trails.write(3)
    assert seal_events() == 3
    trails.write(2)
    assert seal_events() == 2
    assert seal_events() == 0
    seals = list(Seal.objects.order_by("sequence"))
    assert [seal.sequence for seal in seals] == [1, 2, 3, 4, 5]
    assert [seal.event_id for seal in seals] == sorted(Event.objects.values_list("pk", flat=True))
    first = Event.objects.order_by("pk").values_list()[0]
    assert bytes(seals[0].digest) == chain(GENESIS, first)


@pytest.mark.django_db
def test_an_event_that_came_late_is_sealed_after_those_that_came_first() -> None:
    trails.write(1)
    late = Event.objects.latest("pk").pk + 1
    Event.objects.create(pk=late + 5, at="2026-05-01T00:00:00Z", verb="draft.saved", actor_name="x")
    seal_events()
    Event.objects.create(pk=late, at="2026-05-01T00:00:00Z", verb="draft.saved", actor_name="x")
    seal_events()
    assert Seal.objects.latest("sequence").event_id == late
    assert verify().fault is None


@pytest.mark.django_db
def test_what_waited_for_days_is_sealed_by_the_nightly_round(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_HEADS, settings.AUDIT_KEY = tmp_path / "heads.jsonl", new_key()
    trails.write(2)
    Event.objects.create(at="2026-01-01T00:00:00Z", verb="draft.saved", actor_name="x")
    tasks.seal()
    assert (Seal.objects.count(), verify().unsealed) == (2, 1)
    tasks.seal_all()
    assert verify() == Verification(3, 0)


@pytest.mark.django_db
def test_a_long_backlog_is_sealed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SEAL_AT_ONCE", 4)
    trails.write(10)
    assert seal_events() == 10
    assert verify() == Verification(10, 0)


@pytest.mark.django_db
def test_values_are_kept_so_that_every_database_gives_them_back_alike() -> None:
    data = {"large": 1e22, "nothing": -0.0, "share": 0.1, "text": "a\x00b", "many": (1, None, True)}
    event = record("draft.saved", by=Actor.system("test"), data=data)
    event.refresh_from_db()
    assert event.data == {
        "large": 10**22,
        "nothing": 0,
        "share": 0.1,
        "text": "a\ufffdb",
        "many": [1, None, True],
    }
    assert isinstance(event.data["nothing"], int)
    with pytest.raises(TypeError):
        record("draft.saved", by=Actor.system("test"), data={"when": object()})
    with pytest.raises(TypeError):
        record("draft.saved", by=Actor.system("test"), data={"share": float("nan")})


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_two_sealers_at_once_chain_each_event_once() -> None:
    """On PostgreSQL four threads seal together while a fifth writes; SQLite lets only one write at any time."""
    failures: list[BaseException] = []

    def work(what: str) -> None:
        try:
            for _ in range(15):
                if what == "write":
                    trails.write(7)
                else:
                    seal_events()
        except BaseException as error:
            failures.append(error)

    def work_apart(what: str) -> None:
        work(what)
        connection.close()

    jobs = ["write", "seal", "seal", "seal", "seal"]
    if ON_POSTGRESQL:
        threads = [threading.Thread(target=work_apart, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    else:
        for job in jobs:
            work(job)
    assert failures == []
    seal_events()
    assert sorted(Seal.objects.values_list("event_id", flat=True)) == sorted(
        Event.objects.values_list("pk", flat=True)
    )
    assert verify().sealed == 105
    assert verify().fault is None
