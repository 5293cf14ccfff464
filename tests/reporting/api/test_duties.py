"""What is due, what was found, what is asked, and the answer; never another's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.contact.models import Question
from portal.contact.services import questions
from portal.core import clock
from portal.core.months import Month
from portal.core.permissions import Permission as P
from reporting.models import Filing, Finding
from tests import factories
from tests.calling import caller
from tests.conftest import acting

PERIOD = Month.parse("2026-05")


def finding(of: Organisation, **fields: Any) -> Finding:
    moment = clock.now()
    values: dict[str, Any] = {
        "figures_digest": "", "check_code": "STK001", "severity": "warning", "queue": "query", "period": PERIOD,
        "first_period": PERIOD, "subject": "P-01", "first_seen": moment, "last_changed": moment, "line_nos": [1],
        "values": {"product": "P-01", "opening_kg": "1", "last_closing_kg": "2", "period": "2026-05"},
    }  # fmt: skip
    fields.setdefault("fingerprint", f"{of.pk}-{Finding.objects.count()}")
    return Finding.objects.create(organisation=of, **(values | fields))


def asked(about: Finding, by: User, text: str = "Why?") -> Question:
    day = clock.today() + timedelta(days=7)
    return questions.ask(
        by=acting(by), organisation_id=about.organisation_id, subject=("finding", about.pk), text=text, due_on=day,
        period=PERIOD, finding_id=about.pk,
    )  # fmt: skip


def test_the_months_that_are_owed(aurora: Organisation, alma: User) -> None:
    draft = factories.filing(aurora, "2026-03")
    api = caller(alma)
    months = {row["period"]: row for row in api.get("obligations/").body["results"]}
    assert months["2026-01"]["state"] == "missing"
    assert months["2026-03"]["draft"] == draft.pk
    assert months["2026-01"]["due_at"].endswith("T00:00:00+08:00")
    part = api.get("obligations/?from=2026-02&to=2026-03").body["results"]
    assert [row["period"] for row in part] == ["2026-02", "2026-03"]
    assert api.get("obligations/?state=filed").body["results"] == []
    first = api.get("obligations/?limit=1").body
    second = api.get(first["next"].partition("/api/v1/")[2]).body
    assert [first["results"][0]["period"], second["results"][0]["period"]] == ["2026-01", "2026-02"]


@pytest.mark.parametrize("query", ["from=x", "to=2026-13", "state=lost"])
def test_a_filter_that_cannot_be_used_is_refused(alma: User, query: str) -> None:
    assert caller(alma).get(f"obligations/?{query}").status_code == 400


def test_findings_are_ones_own_and_no_officers_case(
    aurora: Organisation, borealis: Organisation, alma: User
) -> None:
    own = finding(aurora)
    finding(aurora, queue="case")
    finding(borealis)
    rows = caller(alma).get("findings/").body["results"]
    assert [row["id"] for row in rows] == [own.pk]
    assert {"score", "evidence", "other_organisation", "case"} & set(rows[0]) == set()
    assert rows[0]["message"]
    assert caller(alma).get("findings/?state=closed").body["results"] == []


def test_what_is_asked_is_answered_once(aurora: Organisation, alma: User, dora: User) -> None:
    about = finding(aurora)
    api = caller(alma)
    nothing = api.post(f"findings/{about.pk}/answer/", {"text": "Because."})
    assert (nothing.status_code, nothing.body["code"]) == (409, "nothing_asked")
    question = asked(about, dora)
    shown = api.get("findings/").body["results"][0]["questions"][0]
    assert (shown["text"], shown["state"]) == ("Why?", "open")
    answers = [
        api.post(f"findings/{about.pk}/answer/", {"text": "Because."}, Idempotency_Key="a") for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert question.answers.count() == 1
    assert api.get("questions/?state=answered").body["results"][0]["answers"][0]["text"] == "Because."


def test_a_question_is_answered_by_its_number(aurora: Organisation, alma: User, dora: User) -> None:
    question = asked(finding(aurora), dora)
    assert caller(alma).post(f"questions/{question.pk}/answer/", {"text": "So."}).status_code == 201
    questions.close(by=acting(dora), question_id=question.pk)
    late = caller(alma).post(f"questions/{question.pk}/answer/", {"text": "And so."})
    assert (late.status_code, late.body["code"]) == (409, "question_closed")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({}, "/text"), ({"text": " "}, "/text"), ({"text": 1}, "/text"), ({"words": "x"}, "/words")],
)
def test_an_answer_without_words_is_refused(
    aurora: Organisation, alma: User, dora: User, body: dict[str, Any], pointer: str
) -> None:
    question = asked(finding(aurora), dora)
    answer = caller(alma).post(f"questions/{question.pk}/answer/", body)
    assert (answer.status_code, answer.body["errors"][0]["pointer"]) == (422, pointer)


def test_anothers_findings_and_questions_do_not_exist(
    aurora: Organisation, borealis: Organisation, alma: User, carla: User, dora: User
) -> None:
    about = finding(borealis)
    question = asked(about, dora)
    api = caller(alma)
    assert api.post(f"findings/{about.pk}/answer/", {"text": "x"}).status_code == 404
    assert api.post(f"questions/{question.pk}/answer/", {"text": "x"}).status_code == 404
    assert api.get("questions/").body["results"] == []
    assert (
        caller(carla, P.FILING_VIEW).post(f"questions/{question.pk}/answer/", {"text": "x"}).status_code
        == 403
    )


@pytest.mark.holds("no-unbounded-queries")
def test_lists_cost_the_same_however_many_rows(
    aurora: Organisation, alma: User, dora: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        asked(finding(aurora, fingerprint=str(number)), dora, f"Why {number}?")
        factories.filing(
            aurora,
            str(Month.parse("2026-01") + number),
            status="submitted",
            submitted_at=clock.now(),
            receipt_no=f"R{number}",
        )
    api = caller(alma)
    api.get("findings/")
    for path, most in (("findings/", 6), ("filings/", 5), ("questions/", 5)):
        with django_assert_max_num_queries(most):
            assert len(api.get(path).body["results"]) == 20
    assert Filing.objects.count() == 20
