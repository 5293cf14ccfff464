"""The trail as people read it: their own organisation's, and all of it for auditors."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts import trail_words
from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.audit.services import record, seal_events
from portal.core.clock import BEIJING
from tests.conftest import acting, signed_in

ROOT = Path(__file__).resolve().parents[3]


def titles(answer) -> list[str]:
    return [line["title"] for line in answer.context["lines"]]


def see(reader: User, name: str = "own_trail", **query: object):
    return signed_in(reader).get(reverse(name), query)


def test_ada_sees_who_did_what_and_who_looked(
    ada: User, alma: User, dora: User, carla: User, aurora: Organisation
) -> None:
    record("draft.started", by=acting(alma), subject=("filing", 7), data={"period": "2026-05"})
    record(
        "identity.viewed",
        by=acting(dora),
        organisation_id=aurora.pk,
        subject=("filing", 7),
        data={"count": 3},
    )
    record("draft.started", by=acting(carla), subject=("filing", 8))
    answer = see(ada)
    assert titles(answer) == ["Identities of counterparties looked at", "Draft started"]
    page = answer.content.decode()
    assert "Dora" in page
    assert "Rare Earth Office" in page
    assert "Month: May 2026" in page
    assert "Carla" not in page
    assert titles(see(ada, about="identities")) == ["Identities of counterparties looked at"]


def test_the_trail_is_narrowed_by_person_and_day(ada: User, alma: User, bruno: User) -> None:
    old = record("draft.saved", by=acting(alma))
    record("filing.submitted", by=acting(bruno))
    moved = datetime(2026, 5, 10, 23, 30, tzinfo=BEIJING)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_event SET at = %s WHERE id = %s", [moved, old.pk])
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    assert titles(see(ada, person="alm")) == ["Draft saved"]
    assert titles(see(ada, first="2026-05-10", last="2026-05-10")) == ["Draft saved"]
    assert titles(see(ada, first="2026-05-11")) == ["Filing signed and submitted"]
    assert titles(see(ada, about="review")) == []
    assert len(titles(see(ada, about="nonsense", first="yesterday"))) == 2, (
        "what cannot be read narrows nothing"
    )


def test_pages_follow_one_another_by_cursor_both_ways(ada: User, alma: User) -> None:
    numbers = [record("draft.saved", by=acting(alma)).pk for _ in range(120)]
    client, url = signed_in(ada), reverse("own_trail")
    first = client.get(url)
    shown = [line["event"].pk for line in first.context["lines"]]
    assert shown == numbers[:-51:-1]
    assert not first.context["newer_url"]
    second = client.get(url + first.context["older_url"])
    third = client.get(url + second.context["older_url"])
    assert [line["event"].pk for line in third.context["lines"]] == numbers[19::-1]
    assert not third.context["older_url"]
    back = client.get(url + third.context["newer_url"])
    assert [line["event"].pk for line in back.context["lines"]] == [
        line["event"].pk for line in second.context["lines"]
    ]


def test_a_cursor_that_is_none_is_ignored(ada: User) -> None:
    assert see(ada, before="x", after="9" * 40).status_code == 200


@pytest.mark.holds("no-unbounded-queries")
def test_the_number_of_queries_does_not_grow(ada: User, alma: User, aurora: Organisation) -> None:
    client, url = signed_in(ada), reverse("own_trail")
    record("draft.saved", by=acting(alma))
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _ in range(60):
        record("draft.saved", by=acting(alma))
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


@pytest.mark.holds("exports-run-nothing")
def test_the_trail_is_downloaded_as_a_table_that_runs_nothing(ada: User, alma: User) -> None:
    User.objects.filter(pk=alma.pk).update(first_name="=cmd()")
    alma.refresh_from_db()
    record("draft.saved", by=acting(alma), subject=("filing", 7), data={"period": "2026-05"})
    answer = see(ada, format="csv")
    assert answer["Content-Disposition"] == 'attachment; filename="trail.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(text)))
    assert header[:4] == ["Number", "Time", "Person", "Verb"]
    assert row[2:7] == ["'=cmd()", "draft.saved", "Draft saved", "filing", "7"][:5]


def test_an_empty_trail_says_so(ada: User) -> None:
    assert "Nothing found" in see(ada, person="nobody of this name").content.decode()


@pytest.mark.parametrize("name", ["alma", "bruno", "dora", "gus", "nina"])
def test_the_organisations_trail_is_its_administrators(name: str, request: pytest.FixtureRequest) -> None:
    assert see(request.getfixturevalue(name)).status_code == 403


def test_fatima_sees_everything_and_verifies(fatima: User, alma: User, carla: User) -> None:
    record("draft.saved", by=acting(alma))
    record("draft.discarded", by=acting(carla))
    seal_events()
    record("draft.saved", by=acting(alma))
    answer = see(fatima, "trail")
    assert titles(answer) == ["Draft saved", "Draft discarded", "Draft saved"]
    assert (answer.context["head"].sealed, answer.context["head"].waiting) == (2, 1)
    assert "Borealis Metals" in answer.content.decode()
    verified = see(fatima, "trail", verify="1")
    assert "2 sealed events were walked, and all hold." in verified.content.decode()


def test_a_touched_trail_is_named(fatima: User, alma: User) -> None:
    event = record("draft.saved", by=acting(alma))
    seal_events()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_event SET actor_name = 'Nobody' WHERE id = %s", [event.pk])
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    assert f"touched at event {event.pk}" in see(fatima, "trail", verify="1").content.decode()


def test_looking_at_the_trail_writes_nothing_into_it(fatima: User, alma: User) -> None:
    record("draft.saved", by=acting(alma))
    see(fatima, "trail", verify="1")
    assert Event.objects.count() == 1


@pytest.mark.parametrize("name", ["alma", "ada", "dora", "gus", "nina"])
def test_the_whole_trail_is_for_auditors_and_administrators(
    name: str, request: pytest.FixtureRequest
) -> None:
    assert see(request.getfixturevalue(name), "trail").status_code == 403


def test_every_verb_that_is_recorded_has_words() -> None:
    call = re.compile(r'\brecord\(\s*f?"([a-z_]+\.[a-z_]+)"')
    paths = [path for top in ("portal", "reporting", "licensing") for path in (ROOT / top).rglob("*.py")]
    recorded = {verb for path in paths for verb in call.findall(path.read_text(encoding="utf-8"))}
    assert recorded - set(trail_words.VERBS) == set()


def test_values_are_shown_as_a_reader_expects(db: None) -> None:
    data = {
        "gave": ["preparer"],
        "period": 2026 * 12 + 4,
        "due_on": "2026-06-10",
        "separate": False,
        "odd": "x",
    }
    assert trail_words.details(data) == [
        ("Given", "Preparer"),
        ("Month", "May 2026"),
        ("Due", "10 June 2026"),
        ("Two people", "no"),
    ]
