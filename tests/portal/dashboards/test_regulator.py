"""The regulator's first page: who has not filed, what is new, what waits, one's own work, the last sweep."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import clock
from portal.core.clock import BEIJING
from reporting.models import Finding
from tests import factories
from tests.conftest import signed_in
from tests.reporting.reviewed import finding, obligation, submitted

NOW = datetime(2026, 6, 22, 10, tzinfo=BEIJING)  # a Monday; the Friday before was the Dragon Boat Festival


@pytest.fixture(autouse=True)
def _june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_it_says_who_has_not_filed_the_longest_first(dora, aurora, borealis) -> None:
    obligation(aurora, "2026-05", submitted_at=NOW - timedelta(days=15))
    obligation(borealis, "2026-05")
    obligation(aurora, "2026-03")
    page = signed_in(dora).get("/").content.decode()
    assert "Who has filed May 2026" in page
    assert "/supervision/obligations/?period=2026-05&amp;state=missing" in page
    assert page.index("March 2026") < page.index("24:00 on 10 June 2026")
    assert "Missing longest, of 2" in page


def test_new_is_what_came_since_the_working_day_before(dora, aurora) -> None:
    submitted(aurora)
    page = signed_in(dora).get("/").content.decode()
    assert "New since 18 June 2026" in page
    assert "state=&amp;since=2026-06-18" in page


def test_a_reviewer_sees_what_is_theirs(dora, aurora) -> None:
    filing = submitted(aurora, reviewer=dora)
    finding(aurora, filing)
    Finding.objects.update(assigned_to=dora)
    page = signed_in(dora).get("/").content.decode()
    assert "My work" in page
    assert "reviewer=me" in page
    assert f"/supervision/filings/{filing.pk}/" in page


def test_who_only_supervises_has_no_work_of_their_own(fatima, emil) -> None:
    auditor = signed_in(fatima).get("/").content.decode()
    assert "My work" not in auditor
    assert "Extensions to decide" not in auditor
    administrator = signed_in(emil).get("/").content.decode()
    assert "My work" not in administrator
    assert "Extensions to decide" in administrator
    assert "Enrolments to decide" in administrator


def test_each_figure_leads_to_a_list_that_answers(dora, aurora) -> None:
    obligation(aurora, "2026-05")
    submitted(aurora)
    client = signed_in(dora)
    page = client.get("/").content.decode()
    links = {part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]}
    lists = [link for link in links if link.startswith("/supervision/") and "?" in link]
    assert len(lists) > 8
    for link in lists:
        assert client.get(link).status_code == 200, link


@pytest.mark.holds("no-unbounded-queries")
def test_it_asks_the_database_the_same_number_of_questions(dora) -> None:
    client = signed_in(dora)

    def count() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            of = factories.organisation(f"9133{number:014d}", f"Maker {number}")
            obligation(of, "2026-05")
            finding(of, submitted(of, "2026-04"))

    fill(0, 3)
    few = count()
    fill(3, 30)
    assert count() == few
