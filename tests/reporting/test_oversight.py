"""Who has filed: every state by month, narrowed to an organisation found without its name in the address."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import clock
from portal.core.clock import BEIJING
from tests import factories
from tests.conftest import signed_in
from tests.reporting.reviewed import obligation

LIST = "/supervision/obligations/"
FIND = "/supervision/organisations/find/"


@pytest.fixture(autouse=True)
def _june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 22, 10, tzinfo=BEIJING))


def test_the_month_whose_filings_come_in_now_is_shown_first(dora, aurora, borealis) -> None:
    obligation(aurora, "2026-05", submitted_at=datetime(2026, 6, 5, tzinfo=BEIJING))
    obligation(borealis, "2026-05")
    obligation(borealis, "2026-04", submitted_at=datetime(2026, 5, 20, tzinfo=BEIJING))
    page = signed_in(dora).get(LIST).content.decode()
    assert "Missing" in page
    assert "24:00 on 10 June 2026, Beijing time" in page
    assert "April 2026</td>" not in page
    late = signed_in(dora).get(f"{LIST}?period=&state=late").content.decode()
    assert "April 2026</td>" in late
    assert "Aurora Magnets" not in late


@pytest.mark.holds("canaries")
@pytest.mark.parametrize(
    ("words", "found"), [("borealis", True), ("北辰", True), ("911500", True), ("nobody", False)]
)
def test_an_organisation_is_found_by_name_or_code_and_its_name_stays_out_of_the_address(
    dora, aurora, borealis, words, found
) -> None:
    answer = signed_in(dora).post(
        FIND, {"q": words, "listing": "obligations", "here": "state=missing&page=3"}
    )
    if found:
        assert answer["Location"] == f"{LIST}?state=missing&organisation={borealis.pk}&period="
    else:
        assert "No organisation holds these words" in answer.content.decode()


def test_several_that_hold_the_words_are_offered(dora, aurora, borealis) -> None:
    page = signed_in(dora).post(FIND, {"q": "9", "listing": "findings"}).content.decode()
    assert f"organisation={aurora.pk}" in page
    assert f"organisation={borealis.pk}" in page


def test_a_list_narrowed_to_an_organisation_says_so(dora, aurora, borealis) -> None:
    for of in (aurora, borealis):
        obligation(of, "2026-05")
    page = signed_in(dora).get(f"{LIST}?organisation={aurora.pk}").content.decode()
    assert 'class="chip"' in page
    assert "Borealis" not in page


def test_the_list_is_taken_out_as_csv_and_workbook(dora, aurora) -> None:
    obligation(aurora, "2026-05")
    client = signed_in(dora)
    text = b"".join(client.get(f"{LIST}?format=csv").streaming_content).decode("utf-8-sig")
    assert "missing" in text
    assert "2026-05" in text
    book = client.get(f"{LIST}?format=xlsx")
    assert b"".join(book.streaming_content).startswith(b"PK")


@pytest.mark.holds("no-unbounded-queries")
def test_it_asks_the_database_the_same_number_of_questions(dora) -> None:
    client = signed_in(dora)

    def count() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    for number in range(3):
        obligation(factories.organisation(f"9133{number:014d}", f"Maker {number}"), "2026-05")
    few = count()
    for number in range(3, 60):
        obligation(factories.organisation(f"9133{number:014d}", f"Maker {number}"), "2026-05")
    assert count() == few


@pytest.mark.parametrize("person", ["alma", "carla", "gus", "nina"])
def test_it_is_the_regulators_alone(person, request) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.get(LIST).status_code == 403
    assert client.post(FIND, {"q": "a"}).status_code == 403
    assert client.post("/supervision/views/save/", {"listing": "filings", "name": "x"}).status_code == 403


def test_the_auditor_reads_it(fatima, aurora) -> None:
    obligation(aurora, "2026-05")
    assert "Aurora Magnets" in signed_in(fatima).get(LIST).content.decode()


def test_a_view_without_a_name_or_of_no_list_is_not_kept(dora) -> None:
    client = signed_in(dora)
    assert client.post("/supervision/views/save/", {"listing": "odd", "name": "x"}).status_code == 302
    assert client.post("/supervision/views/save/", {"listing": "filings", "name": " "}).status_code == 409
