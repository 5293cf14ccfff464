"""Public verification: true or not, in force or not; no organisation, no trade."""

from __future__ import annotations

import pytest
from django.test import Client

from reporting.models import Filing
from reporting.services import signing
from tests.conftest import acting
from tests.reporting.filled import filled, handed_over


@pytest.fixture
def filed(aurora, alma, bruno) -> Filing:
    filing = filled(aurora, by=alma)
    return signing.submit(by=acting(bruno), filing_id=filing.pk, revision=filing.revision)


def page(proof: str, status: int = 200) -> str:
    response = Client().get(f"/verify/{proof}/")
    assert response.status_code == status
    return response.content.decode()


def test_number_and_digest_lead_to_the_same_answer(filed) -> None:
    for proof in (filed.receipt_no, filed.sha256, filed.receipt_no.lower(), filed.sha256.upper()):
        shown = page(proof)
        assert "The filing is in force" in shown
        assert "January 2026" in shown
        assert filed.sha256 in shown


def test_neither_organisation_nor_people_nor_trade_are_shown(filed) -> None:
    shown = page(filed.receipt_no)
    for hidden in (
        "Aurora",
        "曙光",
        filed.organisation.uscc,
        "Southern",
        "Northern",
        "P-01",
        "Bruno",
        "60.0",
        "19,800",
    ):
        assert hidden not in shown


def test_what_was_amended_or_withdrawn_says_so(filed, alma, bruno) -> None:
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r")
    assert "The filing is in force" in page(filed.receipt_no)  # a draft changes nothing yet
    handed_over(draft, alma)
    second = signing.submit(by=acting(bruno), filing_id=draft.pk, revision=draft.revision)
    assert "The filing was amended" in page(filed.receipt_no)
    assert "The filing is in force" in page(second.receipt_no)
    signing.withdraw(by=acting(bruno), filing_id=second.pk, reason="r")
    assert "The filing was withdrawn" in page(second.receipt_no)
    assert "The filing is in force" in page(filed.receipt_no)


@pytest.mark.holds("odd-input-answered")
def test_an_unknown_proof_is_told_and_shown_back_harmlessly(db) -> None:
    assert "No such receipt" in page("LS202601-AAAAA-BBBBB", 404)
    assert "<script>" not in page("%3Cscript%3E", 404)
    assert "No such receipt" in page("0" * 64, 404)


def test_a_draft_is_never_found(aurora, alma) -> None:
    page(signing.digest_of(signing.canonical_of(filled(aurora, by=alma))), 404)


def test_the_form_takes_what_was_typed_by_post_and_leads_on(filed) -> None:
    client = Client()
    assert client.get("/verify/").status_code == 200
    typed = f"  {filed.receipt_no.lower()} "
    assert client.post("/verify/", {"proof": typed})["Location"] == f"/verify/{filed.receipt_no}/"
    broken = f"{filed.sha256[:32]} {filed.sha256[32:]}\n"
    assert client.post("/verify/", {"proof": broken})["Location"] == f"/verify/{filed.sha256}/"


@pytest.mark.parametrize("typed", ["", "  ", "not a receipt!", "../../etc", "x" * 300])
def test_what_is_neither_is_refused_in_words(db, typed: str) -> None:
    response = Client().post("/verify/", {"proof": typed})
    assert response.status_code == 422
    assert "SHA-256" in response.content.decode()


def test_how_to_compute_it_and_the_script_are_public(db) -> None:
    assert "RFC 8785" in Client().get("/verify/how/").content.decode()
    script = Client().get("/verify/verify_receipt.py")
    assert b"def canonical" in b"".join(script.streaming_content)
