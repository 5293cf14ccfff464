"""A month sent as JSON: the draft, its faults at their cells, the receipt; and each refusal."""

from __future__ import annotations

from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from reporting.models import Filing, FilingStatus, Line
from tests.calling import caller
from tests.reporting.api.months import PERIOD, month, registered


@pytest.fixture
def ready(aurora: Organisation) -> Organisation:
    registered(aurora)
    return aurora


def sent(person: User, lines: Any = None) -> Any:
    return caller(person).post("filings/", {"period": PERIOD, "lines": month() if lines is None else lines})


def test_a_month_is_sent_and_judged(ready: Organisation, alma: User) -> None:
    answer = sent(alma)
    assert answer.status_code == 201, answer.body
    assert answer["Location"].endswith(f"/api/v1/filings/{answer.body['id']}/")
    assert answer.body["status"] == "draft"
    assert answer.body["faults"] == []
    assert answer.body["line_count"] == 4
    filing = Filing.objects.get()
    assert (filing.source, str(filing.period)) == ("api", PERIOD)
    assert Line.objects.get(line_no=2).value_fen == 3_000_000


def test_a_fault_points_to_its_cell(ready: Organisation, alma: User) -> None:
    lines = month(quantity_kg="4.0")
    lines[1]["counterparty"] = "NOBODY"
    answer = sent(alma, lines)
    pointers = {fault["code"]: fault["pointer"] for fault in answer.body["faults"]}
    assert pointers["CMP014"] == "/lines/1/counterparty"
    assert pointers["ARI001"] == "/lines/3/quantity_kg"
    assert answer.body["fault_counts"]["error"] >= 2


@pytest.mark.parametrize(
    ("column", "text"),
    [("invoice_no", "9" * 61), ("invoice_no", "44\x0301"), ("note", "n" * 40_000), ("quantity_kg", "1\x032")],
)
def test_a_text_that_cannot_be_kept_is_a_fault_at_its_cell(
    ready: Organisation, alma: User, column: str, text: str
) -> None:
    lines = month()
    lines[1][column] = text
    pointers = {fault["pointer"]: fault["code"] for fault in sent(alma, lines).body["faults"]}
    assert pointers[f"/lines/1/{column}"] == ("CMP006" if column == "quantity_kg" else "CMP029")


def test_what_cannot_be_read_is_kept_as_it_was_typed(ready: Organisation, alma: User) -> None:
    api = caller(alma)
    made = api.post("filings/", {"period": PERIOD, "lines": month(quantity_kg="forty")}).body
    read = api.get(f"filings/{made['id']}/").body
    assert read["lines"][3]["quantity_kg"] == "forty"
    assert read["lines"][0]["quantity_kg"] == "0"
    assert read["lines"][1]["value_cny"] == "30000.00", "the decimals that were reported are kept"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"quantity_kg": 40.0}, "/lines/3/quantity_kg", "decimal_not_text"),
        ({"weight": "4"}, "/lines/3/weight", "unknown_column"),
        ({"note": ["a"]}, "/lines/3/note", "not_a_text"),
        ({"line_no": 0}, "/lines/3/line_no", "not_a_line_no"),
        ({"line_no": "4"}, "/lines/3/line_no", "not_a_line_no"),
        ({"period": "2026-02"}, "/lines/3/period", "other_period"),
        ({"organisation": "911500001141243517"}, "/lines/3/organisation", "other_organisation"),
    ],
)
def test_what_has_the_wrong_form_is_refused_and_nothing_is_stored(
    ready: Organisation, alma: User, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = sent(alma, month(**change))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.body["errors"][0]["pointer"], answer.body["errors"][0]["code"]) == (pointer, code)
    assert not Filing.objects.exists()


def test_two_lines_with_one_number_are_refused(ready: Organisation, alma: User) -> None:
    lines = month()
    lines[0]["line_no"] = lines[2]["line_no"] = 7
    errors = sent(alma, lines).body["errors"]
    assert [(one["pointer"], one["code"]) for one in errors] == [("/lines/2/line_no", "line_no_twice")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "required"),
        ({"period": "2026-13", "lines": []}, 422, "not_a_month"),
        ({"period": "0001-01", "lines": []}, 422, "not_a_month"),
        ({"period": PERIOD}, 422, "required"),
        ({"period": PERIOD, "lines": {}}, 422, "not_a_list"),
        ({"period": PERIOD, "nil": "yes"}, 422, "not_a_flag"),
        ({"period": PERIOD, "nil": True, "lines": month()}, 422, "nil_with_lines"),
        ({"period": PERIOD, "lines": [], "colour": "red"}, 422, "unknown_member"),
        ([1], 422, "not_an_object"),
    ],
)
def test_a_body_that_says_nothing_certain_is_refused(
    ready: Organisation, alma: User, body: Any, status: int, code: str
) -> None:
    answer = caller(alma).post("filings/", body)
    assert (answer.status_code, answer.body["errors"][0]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("period", "code"), [("2199-01", "not_begun"), ("2025-12", "not_owed")], ids=["not begun", "not owed"]
)
def test_a_month_that_is_not_owed_is_refused(ready: Organisation, alma: User, period: str, code: str) -> None:
    answer = caller(alma).post("filings/", {"period": period, "lines": []})
    assert (answer.status_code, answer.body["code"]) == (409, code)


def test_sent_again_the_draft_holds_what_was_sent_last_and_the_former_lines_are_kept(
    ready: Organisation, alma: User
) -> None:
    first, second = sent(alma), sent(alma, month()[:2])
    assert second.status_code == 200
    assert first.body["id"] == second.body["id"]
    assert second.body["line_count"] == 2
    assert Filing.objects.get().uploads.filter(state="kept", lines=4).exists()


def test_a_dry_run_stores_nothing(ready: Organisation, alma: User) -> None:
    answer = caller(alma).post(
        "filings/", {"period": PERIOD, "lines": month(quantity_kg="4.0"), "dry_run": True}
    )
    assert answer.status_code == 200
    assert answer.body["faults"][0]["pointer"] == "/lines/3/quantity_kg"
    assert not Filing.objects.exists()


def test_lines_are_tried_against_a_draft_without_being_stored(ready: Organisation, alma: User) -> None:
    api = caller(alma)
    filing = sent(alma).body
    as_it_stands = api.post(f"filings/{filing['id']}/check/")
    tried = api.post(f"filings/{filing['id']}/check/", {"lines": month(quantity_kg="4.0")})
    assert as_it_stands.body["faults"] == []
    assert tried.body["fault_counts"]["error"] == 1
    assert Line.objects.get(line_no=4).quantity_g == 40_000


def test_a_change_that_saw_an_old_state_is_refused(ready: Organisation, alma: User) -> None:
    api = caller(alma)
    made = sent(alma)
    path = f"filings/{made.body['id']}/"
    mended = api.put(path, {"lines": month()[:2]}, If_Match=made["ETag"])
    assert mended.status_code == 200
    late = api.put(path, {"lines": month()}, If_Match=made["ETag"])
    assert (late.status_code, late.body["code"]) == (412, "stale")
    assert Line.objects.count() == 2
    assert api.get(path, If_None_Match=mended["ETag"]).status_code == 304


def test_a_nil_return_is_begun_and_becomes_lines_again(ready: Organisation, alma: User) -> None:
    api = caller(alma)
    made = api.post("filings/", {"period": PERIOD, "nil": True})
    assert (made.status_code, made.body["nil"]) == (201, True)
    lined = api.put(f"filings/{made.body['id']}/", {"lines": month()})
    assert (lined.body["nil"], lined.body["faults"]) == (False, [])
    refused = api.put(f"filings/{made.body['id']}/", {"nil": True})
    assert (refused.status_code, refused.body["code"]) == (409, "lines_exist")


def test_two_people_hand_over_and_submit(ready: Organisation, alma: User, bruno: User) -> None:
    preparer, certifier = caller(alma), caller(bruno)
    filing = sent(alma)
    path = f"filings/{filing.body['id']}"
    early = certifier.post(f"{path}/submit/")
    assert (early.status_code, early.body["code"]) == (409, "not_handed_over")
    handed = preparer.post(f"{path}/hand-over/", If_Match=filing["ETag"])
    assert (handed.status_code, handed.body["status"]) == (200, "handed_over")
    receipt = certifier.post(f"{path}/submit/", {"revision": handed.body["revision"]})
    assert receipt.status_code == 200, receipt.body
    assert set(receipt.body) == {"number", "sha256", "submitted_at", "on_time"}
    assert receipt.body["submitted_at"].endswith("+08:00")
    again = certifier.post(f"{path}/submit/")
    assert again.body == receipt.body
    assert Filing.objects.get().status == FilingStatus.SUBMITTED
    public = caller(alma).get(f"verify/{receipt.body['number']}/")
    assert public.body["status"] == "in_force"


def test_a_refusal_to_hand_over_says_where_the_faults_are(ready: Organisation, alma: User) -> None:
    filing = sent(alma, month(quantity_kg="4.0")).body
    answer = caller(alma).post(f"filings/{filing['id']}/hand-over/")
    assert (answer.status_code, answer.body["code"]) == (409, "errors_open")
    assert answer.body["errors"][0]["pointer"] == "/lines/3/quantity_kg"


def test_a_state_that_was_not_read_is_not_signed(
    ready: Organisation, carla: User, borealis: Organisation
) -> None:
    registered(borealis)
    Organisation.objects.filter(pk=borealis.pk).update(separate_signer=False)
    api = caller(carla)
    made = api.post("filings/", {"period": PERIOD, "lines": month()})
    api.put(f"filings/{made.body['id']}/", {"lines": month()})
    for headers, body in (({"If_Match": made["ETag"]}, {}), ({}, {"revision": made.body["revision"]})):
        answer = api.post(f"filings/{made.body['id']}/submit/", body, **headers)
        assert (answer.status_code, answer.body["code"]) == (412, "stale")
    assert api.post(f"filings/{made.body['id']}/submit/").status_code == 200


def test_a_certifier_files_nil_in_one_step(ready: Organisation, bruno: User, alma: User) -> None:
    refused = caller(alma).post("filings/", {"period": PERIOD, "nil": True, "submit": True})
    assert (refused.status_code, refused.body["code"]) == (403, "not_permitted")
    answer = caller(bruno).post("filings/", {"period": PERIOD, "nil": True, "submit": True})
    assert (answer.status_code, answer.body["status"]) == (201, "submitted")
    assert answer.body["receipt"]["number"]


def test_a_warning_is_explained(ready: Organisation, alma: User, aurora: Organisation) -> None:
    from portal.registry.models import Counterparty

    Counterparty.objects.filter(organisation=aurora, code="C-01").update(id_number="914403007084611360")
    api = caller(alma)
    filing = sent(alma).body
    fault = next(one for one in filing["faults"] if one["severity"] == "warning")
    body = {
        "code": fault["code"],
        "subject": fault["subject"],
        "text": "Confirmed with the client's licence.",
    }
    answer = api.post(f"filings/{filing['id']}/explanations/", body)
    assert answer.status_code == 200
    assert answer.body["fault_counts"]["unexplained"] == filing["fault_counts"]["unexplained"] - 1
    gone = api.post(f"filings/{filing['id']}/explanations/", body | {"code": "ZZZ999"})
    assert (gone.status_code, gone.body["code"]) == (409, "nothing_to_explain")


def test_what_was_filed_is_amended_with_a_reason(ready: Organisation, bruno: User, alma: User) -> None:
    api, certifier = caller(alma), caller(bruno)
    draft = sent(alma).body
    early = api.post(f"filings/{draft['id']}/amend/", {"reason": "Weighed again"})
    assert (early.status_code, early.body["code"]) == (409, "not_submitted")
    api.post(f"filings/{draft['id']}/hand-over/")
    certifier.post(f"filings/{draft['id']}/submit/")
    silent = api.post(f"filings/{draft['id']}/amend/", {"reason": " "})
    assert (silent.status_code, silent.body["errors"][0]["pointer"]) == (422, "/reason")
    answer = api.post(f"filings/{draft['id']}/amend/", {"reason": "Weighed again"})
    assert (answer.status_code, answer.body["version"], answer.body["line_count"]) == (201, 2, 4)
    locked = api.put(f"filings/{draft['id']}/", {"lines": []})
    assert (locked.status_code, locked.body["code"]) == (409, "already_submitted")
    versions = api.get(f"filings/?period={PERIOD}").body["results"]
    assert [(row["version"], row["status"]) for row in versions] == [(2, "draft"), (1, "submitted")]
    assert versions[1]["receipt"]["on_time"] is False


def test_a_draft_is_thrown_away(ready: Organisation, alma: User) -> None:
    made = sent(alma)
    assert caller(alma).delete(f"filings/{made.body['id']}/").status_code == 204
    assert not Filing.objects.exists()


@pytest.mark.parametrize(
    "query", ["period=May", "status=lost", "limit=0", "limit=501", "limit=x", "cursor=abc", "cursor=WzFd"]
)
def test_a_parameter_that_cannot_be_used_is_refused(alma: User, query: str) -> None:
    answer = caller(alma).get(f"filings/?{query}")
    assert (answer.status_code, answer.body["code"]) == (400, "unusable_parameter")
    assert answer.body["errors"][0]["pointer"] == f"/query/{query.partition('=')[0]}"
