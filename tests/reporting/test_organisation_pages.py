"""Organisations as the regulator reads them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.audit.models import Event
from tests import factories
from tests.conftest import signed_in
from tests.reporting.reviewed import finding, obligation, submitted

LIST = "/supervision/organisations/"


def test_every_enterprise_is_listed_and_no_office(dora, aurora, borealis, customs_house) -> None:
    page = signed_in(dora).get(LIST).content.decode()
    assert "Aurora Magnets" in page
    assert "北辰金属有限公司" in page
    assert "Customs</a>" not in page


@pytest.mark.holds("identity-views-recorded")
@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("months", "May 2026"),
        ("findings", "STK001"),
        ("products", "Sintered magnet N42SH"),
        ("people", "Alma"),
        ("extensions", "No extension was asked for or given"),
        ("trail", "Nothing was done yet"),
    ],
)
def test_each_part_of_its_page(dora, alma, aurora, part, words) -> None:
    filing = submitted(aurora)
    obligation(aurora, "2026-05", submitted_at=filing.submitted_at)
    finding(aurora, filing)
    page = signed_in(dora).get(f"{LIST}{aurora.pk}/?part={part}").content.decode()
    assert words in page
    assert not Event.objects.filter(verb="identity.viewed").exists()


@pytest.mark.holds("identity-views-recorded")
def test_reading_its_clients_leaves_one_event_in_its_trail_without_names(fatima, ada, aurora) -> None:
    factories.counterparty(aurora, name="Canary GmbH")
    page = signed_in(fatima).get(f"{LIST}{aurora.pk}/?part=counterparties").content.decode()
    assert "Canary GmbH" in page
    event = Event.objects.get(verb="identity.viewed")
    assert event.organisation_id == aurora.pk
    assert "Canary" not in str(event.data)
    assert "Fatima" in signed_in(ada).get("/trail/").content.decode()


def test_no_office_and_no_stranger_has_such_a_page(dora, office) -> None:
    client = signed_in(dora)
    assert client.get(f"{LIST}{office.pk}/").status_code == 404
    assert client.get(f"{LIST}999999/").status_code == 404


@pytest.mark.parametrize("person", ["alma", "carla", "gus", "nina"])
def test_it_is_the_regulators_alone(person, request, aurora) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{aurora.pk}/").status_code == 403


def test_the_list_asks_the_database_the_same_number_of_questions(dora) -> None:
    client = signed_in(dora)

    def count() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    for number in range(3):
        factories.organisation(f"9133{number:014d}", f"Maker {number}")
    few = count()
    for number in range(3, 60):
        factories.organisation(f"9133{number:014d}", f"Maker {number}")
    assert count() == few


def test_a_name_that_would_run_as_a_formula_is_text(dora) -> None:
    factories.organisation(name_en="=cmd|'/c calc'!A0")
    text = b"".join(signed_in(dora).get(f"{LIST}?format=csv").streaming_content).decode("utf-8-sig")
    assert ",=cmd" not in text
    assert "cmd|" in text
