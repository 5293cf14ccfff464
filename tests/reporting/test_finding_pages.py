"""Findings: decided by reviewers with a reason, many at once or none; an organisation sees its own in plain words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.audit.models import Event
from portal.contact.models import Question
from portal.core.errors import Refused
from reporting.checks.core import every_check
from reporting.models import Decision, Finding
from reporting.queries.evidence import figures_of
from reporting.queries.figure_words import LEFT_OUT, WORDS
from reporting.services import findings as services
from tests import factories
from tests.conftest import acting, signed_in
from tests.reporting.reviewed import finding, submitted

QUEUE = "/supervision/findings/"


def state_of(row: Finding) -> str:
    row.refresh_from_db()
    return row.state


def test_the_queue_shows_the_most_urgent_first_in_words(dora, aurora) -> None:
    filing = submitted(aurora)
    finding(aurora, filing, score=20)
    finding(
        aurora, filing, "LAT001", score=80, values={"period": "2026-05", "due": "2026-06-11T00:00:00+08:00"}
    )
    page = signed_in(dora).get(QUEUE).content.decode()
    assert page.index("LAT001 </span>" if "LAT001 </span>" in page else "LAT001</span>") < page.index(
        "STK001</span>"
    )
    assert "P-01 opens with 12 kg; the month before closed with 10 kg." in page


def test_a_finding_shows_its_figures_its_lines_and_what_would_clear_it(dora, aurora) -> None:
    row = finding(aurora, submitted(aurora), evidence={"opening_g": 12_400, "last_closing_g": 10_000})
    page = signed_in(dora).get(f"{QUEUE}{row.pk}/").content.decode()
    for words in ("12.4", "10", "Lines concerned", "What would clear it", "/checks/STK001/"):
        assert words in page


@pytest.mark.parametrize(
    ("action", "state", "verb"),
    [
        ("confirm", "confirmed", "finding.confirmed"),
        ("dismiss", "dismissed", "finding.dismissed"),
        ("explain", "explained", "finding.explained"),
    ],
)
def test_a_decision_has_a_reason_and_is_taken_once(dora, aurora, action, state, verb) -> None:
    row, client = finding(aurora), signed_in(dora)
    asked = {"action": action, "chosen": row.pk, "from": "page"}
    refused = client.post(f"{QUEUE}decide/", asked | {"reason": " "}, follow=True)
    assert "Write the reason" in refused.content.decode()
    assert state_of(row) == "open"
    for _time in range(2):
        answer = client.post(f"{QUEUE}decide/", asked | {"reason": "Recounted on site."})
        assert answer["Location"] == f"{QUEUE}{row.pk}/"
    assert state_of(row) == state
    assert (row.decided_by, row.reason) == (dora, "Recounted on site.")
    assert Decision.objects.filter(finding=row).count() == 1
    event = Event.objects.get(verb=verb)
    assert event.organisation_id == aurora.pk
    assert "Recounted" not in str(event.data), "reasons are the regulator's own"
    assert "Recounted on site." in client.get(f"{QUEUE}{row.pk}/").content.decode()


def test_a_decision_is_taken_back_and_its_reason_stays_on_record(dora, aurora) -> None:
    row = finding(aurora)
    services.confirm(by=acting(dora), finding_ids=[row.pk], reason="Seen on site.")
    signed_in(dora).post(f"{QUEUE}decide/", {"action": "reopen", "chosen": row.pk, "from": "page"})
    assert state_of(row) == "open"
    assert row.decided_by is None
    assert [one.verdict for one in Decision.objects.order_by("pk")] == ["confirmed", "reopened"]


def test_many_are_decided_with_one_reason(dora, aurora, borealis) -> None:
    rows = [finding(aurora), finding(aurora), finding(borealis)]
    asked = {
        "action": "dismiss",
        "chosen": [row.pk for row in rows],
        "reason": "The same outage.",
        "here": "state=open",
    }
    answer = signed_in(dora).post(f"{QUEUE}decide/", asked, follow=True)
    assert "3 findings dismissed." in answer.content.decode()
    assert answer.redirect_chain[0][0] == f"{QUEUE}?state=open"
    assert Event.objects.filter(verb="finding.dismissed").count() == 3


def test_one_that_cannot_be_decided_refuses_them_all(dora, aurora) -> None:
    good, mended = finding(aurora), finding(aurora, state="closed")
    asked = {"action": "confirm", "chosen": [good.pk, mended.pk], "reason": "Both."}
    answer = signed_in(dora).post(f"{QUEUE}decide/", asked, follow=True)
    assert "Nothing was changed: 1 of them" in answer.content.decode()
    assert state_of(good) == "open"
    assert not Decision.objects.exists()
    assert not Event.objects.filter(verb="finding.confirmed").exists()


def test_dismissed_is_not_confirmed_without_being_opened_again(dora, aurora) -> None:
    row = finding(aurora, state="dismissed")
    with pytest.raises(Refused, match="cannot_move"):
        services.confirm(by=acting(dora), finding_ids=[row.pk], reason="After all.")
    services.reopen(by=acting(dora), finding_ids=[row.pk])
    services.confirm(by=acting(dora), finding_ids=[row.pk], reason="After all.")
    assert state_of(row) == "confirmed"


def test_what_the_checks_closed_is_not_opened_by_hand(dora, aurora) -> None:
    row = finding(aurora, state="closed")
    with pytest.raises(Refused, match="cannot_move"):
        services.reopen(by=acting(dora), finding_ids=[row.pk])


def test_nothing_chosen_changes_nothing(dora) -> None:
    answer = signed_in(dora).post(f"{QUEUE}decide/", {"action": "confirm", "reason": "x"}, follow=True)
    assert "Choose at least one finding first." in answer.content.decode()


def test_findings_are_given_to_a_reviewer(dora, aurora) -> None:
    rows = [finding(aurora), finding(aurora)]
    client = signed_in(dora)
    client.post(f"{QUEUE}decide/", {"action": "assign_me", "chosen": [row.pk for row in rows]})
    assert set(Finding.objects.values_list("assigned_to", flat=True)) == {dora.pk}
    client.post(f"{QUEUE}decide/", {"action": "assign", "to": "", "chosen": rows[0].pk})
    assert "Aurora Magnets" in client.get(f"{QUEUE}?reviewer=me").content.decode()
    assert Finding.objects.filter(assigned_to=None).count() == 1


def test_the_organisation_is_asked_about_a_finding_with_and_without_a_filing(dora, alma, aurora) -> None:
    client, fields = signed_in(dora), {"text": "How come?", "due_on": "2099-01-05"}
    at_line, missing = finding(aurora, submitted(aurora)), finding(aurora, None, "LAT001")
    for row in (at_line, missing):
        assert client.post(f"{QUEUE}{row.pk}/ask/", fields).status_code == 302
        assert state_of(row) == "asked"
    first, second = Question.objects.order_by("pk")
    assert (first.subject_type, first.line_no) == ("filing", 1)
    assert (second.subject_type, second.subject_id) == ("finding", missing.pk)
    page = signed_in(alma).get(f"/questions/{second.pk}/").content.decode()
    assert f"/findings/{missing.pk}/" in page


@pytest.mark.parametrize("person", ["fatima", "emil"])
def test_who_only_supervises_reads_and_decides_nothing(person, request, aurora) -> None:
    row, reader = finding(aurora), request.getfixturevalue(person)
    client = signed_in(reader)
    for url in (QUEUE, f"{QUEUE}{row.pk}/"):
        page = client.get(url).content.decode()
        assert "Dismiss<" not in page
        assert 'name="reason"' not in page
    assert (
        client.post(f"{QUEUE}decide/", {"action": "confirm", "chosen": row.pk, "reason": "x"}).status_code
        == 403
    )
    assert client.get(f"{QUEUE}{row.pk}/ask/").status_code == 403
    with pytest.raises(Refused) as refusal:
        services.dismiss(by=acting(reader), finding_ids=[row.pk], reason="x")
    assert refusal.value.status == 403
    assert state_of(row) == "open"


@pytest.mark.parametrize("person", ["alma", "carla", "gus", "nina"])
def test_nobody_else_sees_the_queue(person, request, aurora) -> None:
    row, client = finding(aurora), signed_in(request.getfixturevalue(person))
    for url in (QUEUE, f"{QUEUE}{row.pk}/", f"{QUEUE}?format=csv"):
        assert client.get(url).status_code == 403


def test_an_organisation_reads_its_own_findings_and_how_to_clear_them(alma, aurora) -> None:
    row = finding(aurora, submitted(aurora))
    client = signed_in(alma)
    assert "Opening stock is not last month" in client.get("/findings/").content.decode()
    page = client.get(f"/findings/{row.pk}/").content.decode()
    assert "What would clear it" in page
    assert "Amend the filing for May 2026" in page


def test_a_missing_month_is_filed_from_its_finding(alma, aurora) -> None:
    values = {"period": "2026-05", "due": "2026-06-11T00:00:00+08:00"}
    row = finding(aurora, None, "LAT001", values=values, evidence={})
    assert "File May 2026 now" in signed_in(alma).get(f"/findings/{row.pk}/").content.decode()


def test_neither_anothers_findings_nor_an_officers_cases_nor_reasons_are_shown(
    dora, alma, carla, aurora
) -> None:
    row, case = finding(aurora, submitted(aurora)), finding(aurora, queue="case")
    services.confirm(by=acting(dora), finding_ids=[row.pk, case.pk], reason="Canary reason.")
    assert signed_in(carla).get(f"/findings/{row.pk}/").status_code == 404
    assert "STK001" not in signed_in(carla).get("/findings/").content.decode()
    client = signed_in(alma)
    assert client.get(f"/findings/{case.pk}/").status_code == 404
    page = client.get(f"/findings/{row.pk}/").content.decode()
    assert "Confirmed" in page
    assert "Canary" not in page
    assert Event.objects.filter(verb="finding.confirmed", organisation_id=aurora.pk).count() == 1


@pytest.mark.parametrize("person", ["dora", "gus", "nina"])
def test_who_reports_nothing_has_no_findings_of_their_own(person, request) -> None:
    assert signed_in(request.getfixturevalue(person)).get("/findings/").status_code == 403


@pytest.mark.holds("identity-views-recorded")
def test_identity_numbers_stand_in_no_list_and_each_view_leaves_a_trace(dora, aurora) -> None:
    values = {"counterparty": "C-01", "id_number": "CANARY-4711"}
    row = finding(aurora, submitted(aurora), "IDN001", values=values, evidence={})
    client = signed_in(dora)
    listed = client.get(QUEUE).content.decode()
    assert "C-01" in listed
    assert "CANARY" not in listed
    exported = b"".join(client.get(f"{QUEUE}?format=csv").streaming_content).decode()
    assert "CANARY" not in exported
    assert not Event.objects.filter(verb="identity.viewed").exists()
    assert "CANARY-4711" in client.get(f"{QUEUE}{row.pk}/").content.decode()
    assert Event.objects.filter(verb="identity.viewed", organisation_id=aurora.pk).count() == 1


@pytest.mark.parametrize("url", [QUEUE, "/findings/"])
def test_the_lists_ask_the_database_the_same_number_of_questions(url, dora, alma, aurora) -> None:
    client = signed_in(alma if url == "/findings/" else dora)

    def count() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    for _number in range(3):
        finding(aurora)
    few = count()
    for number in range(57):
        finding(
            aurora if url == "/findings/" else factories.organisation(f"9133{number:014d}", f"Maker {number}")
        )
    assert count() == few


def test_filters_narrow_by_check_severity_and_month(dora, aurora) -> None:
    finding(aurora, submitted(aurora))
    finding(aurora, code="YLD001", severity="error", values={})
    client = signed_in(dora)
    for query in ("check=YLD", "check=YLD001", "severity=error"):
        page = client.get(f"{QUEUE}?{query}").content.decode()
        assert "YLD001</span>" in page
        assert "STK001</span>" not in page
    assert "No finding matches" in client.get(f"{QUEUE}?period=2026-04").content.decode()


def test_every_figure_that_a_check_reads_has_its_words() -> None:
    read = {name for item in every_check() for name in item.reads if not name.endswith("_dp")}
    assert not read - set(WORDS) - LEFT_OUT
    assert not set(WORDS) & LEFT_OUT


def test_figures_are_written_with_their_units_and_codes_in_words() -> None:
    evidence = {
        "opening_g": 12_400,
        "opening_dp": 3,
        "rounding_halfg": 1,
        "value_fen": 123_456,
        "main_stage": 3,
        "kind": 9,
        "invoice_before_period": 2026 * 12 + 4,
        "due": 1_781_107_200,
        "yield_pct": 98.76543,
        "uscc_fails": True,
        "note": None,
    }
    assert [(row.value, row.unit) for row in figures_of(evidence)] == [
        ("12.400", "kg"),
        ("0.0005", "kg"),
        ("1,234.56", "CNY"),
        ("oxide", ""),
        ("sold", ""),
        ("May 2026", ""),
        ("11 June 2026, 00:00 Beijing time", ""),
        ("98.77", "%"),
    ]
