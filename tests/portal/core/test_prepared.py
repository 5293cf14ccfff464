"""Queries whose SQL is made once: they find what a queryset finds, and rows put in are rows as any."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Membership, Organisation, User
from portal.audit.models import Event
from portal.core import clock, fence
from portal.core.models import IdempotentAnswer, Outbox
from portal.core.prepared import Given, Prepared, insert
from portal.registry.models import Counterparty
from tests.as_web import web_role


def members(role: Any) -> Any:
    certifies = Membership.objects.filter(user=OuterRef("user"), role="certifier")
    rows = Membership.objects.select_related("user", "organisation").filter(role=role)
    return rows.annotate(named=F("user__username"), certifies=Exists(certifies)).order_by("pk")


def told(rows: Any) -> list[tuple[Any, ...]]:
    return [(row, row.granted_at, row.user, row.organisation.name_en, row.named, bool(row.certifies)) for row in rows]  # fmt: skip


def test_it_finds_what_the_queryset_finds_and_makes_its_sql_once(
    alma: User, bruno: User, carla: User
) -> None:
    asked = Prepared(lambda: members(Given("role")))
    assert told(asked.rows(role="preparer")) == told(members("preparer")) != []
    with mock.patch(
        "django.db.models.sql.compiler.SQLCompiler.as_sql", side_effect=AssertionError("made again")
    ):
        with CaptureQueriesContext(connection) as statements:
            found = asked.rows(role="certifier")
            assert [(row.user.username, row.organisation.name_en) for row in found] == [
                ("bruno", "Aurora Magnets"), ("carla", "Borealis Metals"),
            ]  # fmt: skip
        assert len(statements) == 1  # related rows came along
    assert (asked.first(role="none"), asked.rows(role="none")) == (None, [])
    with pytest.raises(KeyError):
        asked.rows()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_what_locks_is_asked_in_a_transaction(aurora: Organisation) -> None:
    asked = Prepared(lambda: Organisation.objects.select_for_update().filter(uscc=Given("uscc")))
    with transaction.atomic():
        assert asked.rows(uscc=aurora.uscc) == [aurora]
    with pytest.raises(transaction.TransactionManagementError):
        asked.rows(uscc=aurora.uscc)


@pytest.mark.postgresql
@pytest.mark.holds("row-level-security")
def test_a_plan_that_the_server_keeps_shows_each_what_is_theirs(
    aurora: Organisation, borealis: Organisation
) -> None:
    """More often than PostgreSQL plans anew (five times); in and out of the web's role, on one connection."""
    for owner in (aurora, borealis):
        Counterparty.objects.create(organisation=owner, code="C-1", name="x", country="DE")
    asked = Prepared(lambda: Counterparty.objects.filter(code=Given("code")).order_by("organisation_id"))

    def owners(scope: fence.Scope) -> list[int]:
        fence.enter(scope)
        return [row.organisation_id for row in asked.rows(code="C-1")]

    both = [aurora.pk, borealis.pk]
    for _turn in range(8):
        with transaction.atomic(), web_role():
            assert owners(fence.Scope(organisation=aurora.pk)) == [aurora.pk]
            assert owners(fence.Scope(organisation=borealis.pk)) == [borealis.pk]
            assert owners(fence.Scope(office="regulator")) == both
            assert owners(fence.STRANGER) == []
        assert owners(fence.STRANGER) == both  # the owner of the tables is bound by no fence


def event(verb: str, **more: Any) -> Event:
    data = {"text": "铽 %s", "number": 7, "list": [None, True]}
    return Event(at=clock.now(), verb=verb, actor_name="x", subject_type="y", data=data, **more)


def test_a_row_put_in_is_as_a_row_saved(db: None) -> None:
    one, other = insert(event("put", organisation_id=5)), event("put", organisation_id=5)
    other.at = one.at
    other.save()
    fields = ("at", "verb", "actor_id", "actor_name", "organisation_id", "subject_type", "subject_id", "data")
    mine, theirs = Event.objects.filter(verb="put").order_by("pk").values(*fields)
    assert mine == theirs
    assert (one.pk < other.pk, one._state.adding, one._state.db) == (True, False, "default")
    one.refresh_from_db()
    assert one.data["text"] == "铽 %s"


def test_rows_go_in_beside_each_other_or_not_at_all(db: None) -> None:
    moment = clock.now()

    def kept(key: str) -> IdempotentAnswer:
        return IdempotentAnswer(organisation_id=1, user_id=1, key=key, digest="", status=200, body=b"\x00%s", at=moment)  # fmt: skip

    def owed() -> Outbox:
        return Outbox(task="t", argument=1, created_at=moment, due_at=moment)

    insert(event("first"), kept("first"), owed(), event("first"))  # the server has planned it
    last = owed()
    with CaptureQueriesContext(connection) as statements:
        insert(event("one"), kept("a"), last, event("two"))
    assert len(statements) == (1 if connection.vendor == "postgresql" else 4)
    assert bytes(IdempotentAnswer.objects.get(key="a").body) == b"\x00%s"
    assert Outbox.objects.get(pk=last.pk).task == "t"
    assert Event.objects.filter(verb__in=["one", "two"]).count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(event("three"), kept("a"))
    assert not Event.objects.filter(verb="three").exists()


def test_a_value_left_to_the_database_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="organisation_id"):
        insert(event("put", organisation_id=F("actor_id")))
