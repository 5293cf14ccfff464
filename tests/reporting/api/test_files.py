"""A month as a file, and months too large for one answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from portal.accounts.models import Organisation, User
from portal.core.models import Job, Outbox
from reporting.models import Filing, Line, Upload
from reporting.tasks.intake import read_upload
from tests.calling import caller
from tests.reporting.api.months import PERIOD, month, registered

HEADER = "kind,product,quantity_kg,value_cny,counterparty,date,invoice_no"


def as_csv(lines: list[dict[str, Any]]) -> bytes:
    names = HEADER.split(",")
    rows = [",".join(line.get(name, "") for name in names) for line in lines]
    return "\n".join([HEADER, *rows, ""]).encode()


@pytest.fixture
def ready(aurora: Organisation) -> Organisation:
    registered(aurora)
    return aurora


def send(person: User, name: str, data: bytes, **more: str) -> Any:
    return caller(person).send_file("filings/", name, data, {"period": PERIOD, **more})


def test_a_csv_becomes_the_draft_with_its_faults_at_their_cells(ready: Organisation, alma: User) -> None:
    answer = send(alma, "january.csv", as_csv(month(quantity_kg="4.0")))
    assert answer.status_code == 201, answer.body
    fault = answer.body["faults"][0]
    assert (fault["pointer"], fault["cell"]) == ("/lines/3/quantity_kg", "C5")
    assert answer.body["fault_counts"]["error"] == 1
    assert Line.objects.count() == 4


def test_a_dry_run_of_a_file_stores_nothing(ready: Organisation, alma: User) -> None:
    answer = send(alma, "january.csv", as_csv(month(quantity_kg="4.0")), dry_run="true")
    assert answer.status_code == 200
    assert answer.body["faults"][0]["cell"] == "C5"
    assert not Filing.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("january.xlsx", b"PK\x03\x04 not really", ""),
        ("january.csv", b"", ""),
        ("january.csv", HEADER.encode() + b"\n", "no_rows"),
        ("january.exe", b"MZ\x90\x00" + b"\x00" * 64, ""),
    ],
)
def test_a_file_that_cannot_be_read_is_turned_away_whole(
    ready: Organisation, alma: User, name: str, data: bytes, code: str
) -> None:
    answer = send(alma, name, data)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.body["errors"][0]["message"]
    assert code in {"", answer.body["code"]}
    assert not Filing.objects.exists()
    assert not Upload.objects.exists()


def test_a_part_that_is_missing_is_named(ready: Organisation, alma: User) -> None:
    api = caller(alma)
    answer = api.client.post("/api/v1/filings/", {"period": PERIOD}, headers=api.headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")
    answer = api.send_file("filings/", "a.csv", b"x", {"period": "May"})
    assert answer.body["errors"][0]["pointer"] == "/period"


def test_more_lines_than_one_answer_takes_become_a_job(
    ready: Organisation, alma: User, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.LINES_AT_ONCE = 3
    api = caller(alma)
    accepted = api.post("filings/", {"period": PERIOD, "lines": month(quantity_kg="4.0")})
    assert accepted.status_code == 202
    assert int(accepted["Retry-After"]) >= 1
    path = accepted["Location"].partition("/api/v1/")[2]
    waiting = api.get(path)
    assert (waiting.body["state"], bool(waiting["Retry-After"])) == ("queued", True)
    assert not Line.objects.exists()
    read_upload(Outbox.objects.get(task="reporting.read_upload").argument)
    done = api.get(path)
    assert (done.body["state"], "Retry-After" in done) == ("done", False)
    filing = api.get(done.body["filing"].partition("/api/v1/")[2]).body
    assert [line["quantity_kg"] for line in filing["lines"]] == ["0", "100.0", "60.0", "4.0"]
    assert filing["faults"][0]["pointer"] == "/lines/3/quantity_kg"


def test_a_job_that_could_not_be_done_says_why(ready: Organisation, alma: User, settings: Any) -> None:
    settings.LINES_AT_ONCE = 3
    api = caller(alma)
    path = api.post("filings/", {"period": PERIOD, "lines": month()})["Location"].partition("/api/v1/")[2]
    Filing.objects.update(status="handed_over", prepared_by=alma)
    read_upload(Job.objects.get().pk)
    body = api.get(path).body
    assert (body["state"], body["refusal"]["code"]) == ("failed", "handed_over")


def test_a_job_is_its_persons_own(
    ready: Organisation, alma: User, bruno: User, carla: User, settings: Any
) -> None:
    settings.LINES_AT_ONCE = 3
    path = (
        caller(alma)
        .post("filings/", {"period": PERIOD, "lines": month()})["Location"]
        .partition("/api/v1/")[2]
    )
    assert [caller(person).get(path).status_code for person in (bruno, carla)] == [404, 404]


def test_more_lines_than_a_filing_holds_are_refused(ready: Organisation, alma: User, settings: Any) -> None:
    settings.LINES_MAX = 3
    answer = caller(alma).post("filings/", {"period": PERIOD, "lines": month()})
    assert (answer.status_code, answer.body["code"]) == (422, "too_many_lines")


def test_five_thousand_lines_in_one_call(ready: Organisation, alma: User) -> None:
    sold = month()[2]
    lines = [
        {**sold, "invoice_no": f"B-{number}", "quantity_kg": "0.010", "value_cny": "3.30"}
        for number in range(4_998)
    ]
    lines = [*month()[:2], *lines]
    before = len(connection.queries_log)
    answer = caller(alma).post("filings/", {"period": PERIOD, "lines": lines})
    assert (answer.status_code, answer.body["line_count"]) == (201, 5_000)
    assert len(connection.queries_log) - before < 100
    assert Line.objects.count() == 5_000
