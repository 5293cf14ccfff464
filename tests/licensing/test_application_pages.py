"""An exporter's pages of applications, and what the API does by the same rules."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from licensing.models import Application, ApplicationPaper, InformationRequest, Undertaking
from licensing.services import evidence, papers
from portal.accounts.models import User
from portal.core import clock
from portal.core.errors import Refused
from tests import factories
from tests.calling import caller
from tests.conftest import acting, signed_in
from tests.licensing.applied import NEEDED, PDF, asked, drafted, hugo, in_review, iris, submitted
from tests.reporting.filled import just_signed_in

__all__ = ["hugo", "iris"]


def path(application: Application, step: str = "") -> str:
    return f"/licence-applications/{application.pk}/{step}"


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            "goods",
            {"quantity": "(needed to submit)", "value": "(asked for if missing)", "note": "(optional)"},
        ),
        (
            "parties",
            {"country": "(needed to submit)", "address": "(asked for if missing)", "city": "(optional)"},
        ),
        ("use", {"end_use": "(needed to submit)", "months": "(needed to submit)", "max_uses": "(optional)"}),
    ],
)
def test_a_draft_says_beside_each_field_until_when_it_is_needed(
    alma: User, step: str, told: dict[str, str]
) -> None:
    page = signed_in(alma).get(path(drafted(alma), f"{step}/")).content.decode()
    for name, words in told.items():
        label = re.search(rf'<label for="id_{name}">(.*?)</label>', page)
        assert label
        assert words in label[1], (name, label[1])


def test_step_by_step_to_the_office(alma: User, bruno: User) -> None:
    product = factories.product(acting(alma).organisation)
    client = factories.counterparty(acting(alma).organisation)
    page = signed_in(alma)
    begun = page.post("/licence-applications/start/", {"purpose": "new", "kind": "individual"})
    application = Application.objects.get()
    assert begun["Location"] == path(application, "goods/")
    page.post(path(application, "goods/"), {"product": product.pk, "quantity": "1,200.5", "value": "96000"})
    line = application.lines.get()
    assert (line.quantity_g, line.quantity_dp, line.verdict) == (1_200_500, 1, "licence_required")
    for role in ("consignee", "end_user"):
        known = {"action": "known", "known-counterparty": client.pk, "known-role": role}
        page.post(path(application, "parties/"), known)
    use = {"end_use": "Traction motors of buses", "destination": "DE", "contract_no": "7", "months": "12"}
    assert page.post(path(application, "use/"), use)["Location"] == path(application, "documents/")
    for kind in NEEDED:
        file = SimpleUploadedFile(f"{kind}.pdf", PDF + kind.encode())
        assert page.post(path(application, "documents/"), {"kind": kind, "file": file}).status_code == 302
    application.refresh_from_db()
    told = {"undertakings": Undertaking.values, "revision": application.revision}
    assert page.post(path(application, "send/"), told).status_code == 403  # a preparer does not submit
    done = just_signed_in(bruno).post(path(application, "send/"), told)
    assert done["Location"] == path(application)
    application.refresh_from_db()
    assert application.status == "submitted"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0", "Write more than 0."),
        ("-1", "Write more than 0."),
        ("1e308", "larger than anything"),
        ("1.2345", "More decimals"),
        ("12 t", "Write a number"),
        ("NaN", "Write a number"),
    ],
)
def test_quantities_that_are_none_are_refused_in_words(alma: User, typed: str, words: str) -> None:
    product = factories.product(acting(alma).organisation, "P-99")
    application = drafted(alma)
    answer = signed_in(alma).post(path(application, "goods/"), {"product": product.pk, "quantity": typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert application.lines.count() == 1


def test_a_document_of_200_mb_is_refused_plainly(alma: User, monkeypatch: pytest.MonkeyPatch) -> None:
    application = drafted(alma)
    with override_settings(UPLOAD_MAX_BYTES=1_000):
        file = SimpleUploadedFile("huge.pdf", PDF + b"0" * 2_000)
        answer = signed_in(alma).post(path(application, "documents/"), {"kind": "contract", "file": file})
    assert answer.status_code == 422
    assert "scan it in a lower resolution, or split it" in answer.content.decode()
    with pytest.raises(Refused) as refusal:
        papers.too_large(200 * 2**20)
    assert (refusal.value.status, refusal.value.words()[:23]) == (413, "This file has 200 MB. U")


def test_a_file_is_what_its_bytes_say_and_its_name_is_made_safe(alma: User) -> None:
    application = drafted(alma)
    page = signed_in(alma)
    wrong = SimpleUploadedFile("contract.pdf", b"MZ\x90\x00 not a pdf")
    answer = page.post(path(application, "documents/"), {"kind": "contract", "file": wrong})
    assert answer.status_code == 422
    odd = SimpleUploadedFile("../合同\u202efdp.pdf", PDF + b"odd")
    assert page.post(path(application, "documents/"), {"kind": "other", "file": odd}).status_code == 302
    paper = ApplicationPaper.objects.get(kind="other")
    saved = page.get(f"/licence-applications/papers/{paper.pk}/")
    assert saved.content == PDF + b"odd"
    assert saved["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "%E5%90%88%E5%90%8C" in saved["Content-Disposition"]
    assert saved["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        ("true", "clean"),
        ("false", "file_infected"),
        ("/no/such/scanner", "scanner_silent"),
        ("", "not_scanned"),
    ],
)
def test_the_scanner_decides_and_a_silent_one_lets_nothing_through(
    command: str, outcome: str, alma: User
) -> None:
    application = drafted(alma)
    values = {"application_id": application.pk, "kind": "other", "name": "a.pdf", "data": PDF + b"scan"}
    with override_settings(DOCUMENT_SCANNER=command):
        if outcome in {"clean", "not_scanned"}:
            assert papers.add_paper(by=acting(alma), **values).scan == outcome
        else:
            with pytest.raises(Refused) as refusal:
                papers.add_paper(by=acting(alma), **values)
            assert refusal.value.code == outcome


def test_the_page_shows_the_clock_its_pauses_and_the_request(alma: User, bruno: User, hugo: User) -> None:
    application = in_review(alma, bruno, hugo)
    request = asked(application, hugo)
    page = signed_in(alma)
    shown = page.get(path(application)).content.decode()
    assert "0 of 45 working days" in shown
    assert "standing still" in shown
    assert "a request waits for its answer" in shown
    assert "Hugo holds the case." in shown
    file = SimpleUploadedFile("assay.pdf", PDF + b"assay")
    answer = {"text": "Here is the assay.", "kind": "test_report", "file": file}
    assert page.post(f"/licence-applications/requests/{request.pk}/", answer).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.papers.count()) == ("answered", 1)
    assert (
        "Here is the assay."
        in signed_in(hugo).get(f"/casework/{application.pk}/?part=requests").content.decode()
    )


def test_evidence_of_an_end_user_is_the_offices_alone(alma: User, bruno: User, hugo: User) -> None:
    application = in_review(alma, bruno, hugo)
    party = application.parties.get(role="end_user")
    _link, secret = evidence.make_link(by=acting(hugo), application_id=application.pk, party_id=party.pk)
    abroad = Client()
    address = f"/evidence/{secret}/"
    assert "Rheinmotor GmbH" in abroad.get(address).content.decode()
    sent = {
        "statement": "We build bus motors in Köln.",
        "file": SimpleUploadedFile("plant.pdf", PDF + b"plant"),
    }
    assert "The office has your evidence" in abroad.post(address, sent).content.decode()
    assert abroad.get(address).status_code == 404  # it works once
    assert abroad.get(f"/evidence/{secret}x/").status_code == 404
    paper = ApplicationPaper.objects.get(sealed=True)
    exporter, office = signed_in(alma), signed_in(hugo)
    assert exporter.get(f"/licence-applications/papers/{paper.pk}/").status_code == 404
    assert "plant.pdf" not in exporter.get(path(application)).content.decode()
    assert office.get(f"/licence-applications/papers/{paper.pk}/").content == PDF + b"plant"
    assert "bus motors in Köln" in office.get(f"/casework/{application.pk}/?part=parties").content.decode()


def test_an_evidence_link_expires(alma: User, bruno: User, hugo: User) -> None:
    application = in_review(alma, bruno, hugo)
    party = application.parties.get(role="end_user")
    link, secret = evidence.make_link(by=acting(hugo), application_id=application.pk, party_id=party.pk)
    with clock.set_to(link.expires_at + timedelta(seconds=1)):
        assert Client().get(f"/evidence/{secret}/").status_code == 404


BODY: dict[str, Any] = {
    "kind": "individual",
    "lines": [{"product": "P-01", "quantity_kg": "500.0", "value_cny": "30000.00"}],
    "parties": [
        {"role": role, "name": "Rheinmotor GmbH", "country": "DE"} for role in ("consignee", "end_user")
    ],
    "end_use": "Traction motors of electric buses",
    "destination": "DE",
    "contract_no": "RM-7",
    "months": 12,
}


def test_software_applies_submits_and_withdraws(alma: User, bruno: User) -> None:
    factories.product(acting(alma).organisation)
    api = caller(alma)
    begun = api.post("licence-applications/", BODY, Idempotency_Key="k1")
    assert (begun.status_code, begun.body["status"]) == (201, "draft")
    assert api.post("licence-applications/", BODY, Idempotency_Key="k1").body == begun.body
    pk = begun.body["id"]
    assert begun.body["lines"][0]["verdict"] == "licence_required"
    assert {lack["code"] for lack in begun.body["lacks"] if lack["blocks"]} == {
        "contract_missing", "technical_description_missing", "end_user_certificate_missing", "introduction_missing",
    }  # fmt: skip
    for kind in NEEDED:
        kept = api.send_file(f"licence-applications/{pk}/documents/", "a.pdf", PDF, {"kind": kind})
        assert kept.status_code == 201, kept.body
    told = {"undertakings": Undertaking.values}
    assert api.post(f"licence-applications/{pk}/submit/", told).status_code == 403
    signer = caller(bruno)
    done = signer.post(f"licence-applications/{pk}/submit/", told)
    assert (done.status_code, done.body["status"]) == (200, "submitted"), done.body
    assert signer.post(f"licence-applications/{pk}/submit/", told).body["number"] == done.body["number"]
    assert api.put(f"licence-applications/{pk}/", {"months": 6}).status_code == 409
    taken = signer.post(f"licence-applications/{pk}/withdraw/", {"reason": "Cancelled."})
    assert taken.body["status"] == "withdrawn"
    assert api.get("licence-applications/?status=withdrawn").body["results"][0]["id"] == pk


def test_each_fault_of_what_was_sent_is_told_at_its_place(alma: User) -> None:
    factories.product(acting(alma).organisation)
    wrong = BODY | {
        "lines": [{"product": "P-01", "quantity_kg": "1.2345"}, {"product": "NO", "quantity_kg": 5}],
        "parties": [{"role": "friend", "name": ""}],
        "months": 13,
        "destination": "XX",
    }
    answer = caller(alma).post("licence-applications/", wrong)
    assert answer.status_code == 422
    found = {(one["pointer"], one["code"]) for one in answer.body["errors"]}
    assert {
        ("/lines/0/quantity_kg", "too_many_decimals"),
        ("/lines/1/product", "unknown_product"),
        ("/lines/1/quantity_kg", "decimal_not_text"),
        ("/parties/0/role", "invalid_choice"),
        ("/parties/0/name", "required"),
        ("/months", "out_of_range"),
        ("/destination", "invalid_choice"),
    } <= found
    assert not Application.objects.exists()


def test_a_stale_change_is_refused(alma: User) -> None:
    application = drafted(alma)
    api = caller(alma)
    read = api.get(f"licence-applications/{application.pk}/")
    assert (
        api.put(f"licence-applications/{application.pk}/", {"months": 6}, If_Match=read["ETag"]).status_code
        == 200
    )
    assert (
        api.put(f"licence-applications/{application.pk}/", {"months": 5}, If_Match=read["ETag"]).status_code
        == 412
    )
    application.refresh_from_db()
    assert application.months == 6
    assert application.end_use == "Traction motors of electric buses"


def test_a_request_is_answered_by_software(alma: User, bruno: User, hugo: User) -> None:
    request: InformationRequest = asked(in_review(alma, bruno, hugo), hugo)
    answer = caller(alma).post(f"licence-applications/requests/{request.pk}/answer/", {"text": "1.2 % Dy."})
    assert answer.body["status"] == "in_review"
    assert submitted(alma, bruno).status == "submitted"
