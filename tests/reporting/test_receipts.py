"""The receipt: page, PDF in both languages, the canonical file behind its digest, and the mail."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from django.utils import translation

from portal.contact.models import Message
from portal.contact.services import mail
from portal.core import clock
from portal.core.clock import BEIJING
from reporting.documents.receipts import _facts, receipt_pdf, verification_url
from reporting.models import Explanation, Extension, Filing
from reporting.services import letters, obligations, signing
from reporting.tasks import signing as tasks
from tests import factories
from tests.conftest import acting, signed_in
from tests.reporting.filled import filled, handed_over

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "verify_receipt.py"


@pytest.fixture
def filed(aurora, alma, bruno, monkeypatch) -> Filing:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 11, 10, tzinfo=BEIJING))
    filing = filled(aurora, by=alma)
    return signing.submit(by=acting(bruno), filing_id=filing.pk, revision=filing.revision)


def test_the_receipt_shows_number_time_digest_and_code(filed, alma) -> None:
    page = signed_in(alma).get(f"/filings/{filed.pk}/receipt/").content.decode()
    for shown in (
        filed.receipt_no,
        filed.sha256,
        "11 February 2026, 10:00 Beijing time",
        "After the due time",
        "data:image/svg",
    ):
        assert shown in page


def test_the_canonical_file_is_the_one_behind_the_digest(filed, alma, tmp_path) -> None:
    response = signed_in(alma).get(f"/filings/{filed.pk}/canonical.json")
    assert hashlib.sha256(response.content).hexdigest() == filed.sha256
    assert "attachment" in response["Content-Disposition"]
    file = tmp_path / "filing.json"
    file.write_bytes(response.content)
    run = subprocess.run(
        [sys.executable, str(SCRIPT), str(file), filed.sha256], capture_output=True, text=True, check=False
    )
    assert (run.returncode, "This is the filed data." in run.stdout) == (0, True)


def test_the_register_may_change_afterwards_and_the_digest_stays(filed, alma) -> None:
    filed.organisation.counterparties.filter(code="C-01").update(name="Renamed", end_use="other")
    response = signed_in(alma).get(f"/filings/{filed.pk}/canonical.json")
    assert hashlib.sha256(response.content).hexdigest() == filed.sha256


def test_the_pdf_is_the_same_each_time_in_either_language(filed, alma) -> None:
    response = signed_in(alma).get(f"/filings/{filed.pk}/receipt.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="receipt-{filed.receipt_no}.pdf"'
    assert response.content.startswith(b"%PDF")
    with translation.override("zh-hans"):
        assert receipt_pdf(filed) == response.content


def test_the_paper_of_an_amendment_says_when_the_month_was_first_filed_and_not_why(
    filed, alma, bruno
) -> None:
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="Rheinmotor got 5 kg more.")
    handed_over(draft, alma)
    second = signing.submit(by=acting(bruno), filing_id=draft.pk, revision=draft.revision)
    facts = {name.en: value for name, value in _facts(second)}
    assert "11 February 2026" in facts["First filed"]
    assert "Rheinmotor" not in str(facts)


def test_the_receipt_is_the_organisations_and_the_regulators(filed, carla, dora, nina) -> None:
    for path in ("receipt/", "receipt.pdf", "canonical.json"):
        url = f"/filings/{filed.pk}/{path}"
        assert signed_in(dora).get(url).status_code == 200
        assert signed_in(carla).get(url).status_code == 404
        assert signed_in(nina).get(url).status_code == 403


def test_a_draft_has_no_receipt(aurora, alma) -> None:
    draft = filled(aurora)
    for path in ("receipt/", "receipt.pdf", "canonical.json"):
        assert signed_in(alma).get(f"/filings/{draft.pk}/{path}").status_code == 404


def test_a_loaded_filing_says_that_it_has_none(aurora, alma) -> None:
    loaded = filled(aurora)
    Filing.objects.filter(pk=loaded.pk).update(status="submitted", submitted_at=clock.now())
    assert (
        "No receipt of this portal" in signed_in(alma).get(f"/filings/{loaded.pk}/receipt/").content.decode()
    )
    assert signed_in(alma).get(f"/filings/{loaded.pk}/receipt.pdf").status_code == 404


def test_an_extension_given_afterwards_makes_it_on_time(filed, alma) -> None:
    values = {"until": date(2026, 2, 12), "reason": "outage", "state": "granted"}
    Extension.objects.create(period=filed.period, asked_at=clock.now(), decided_at=clock.now(), **values)
    obligations.refresh()
    assert "On time" in signed_in(alma).get(f"/filings/{filed.pk}/receipt/").content.decode()


def test_everybody_who_prepares_or_signs_gets_the_receipt_once_in_their_language(
    filed, aurora, alma, bruno, ada
) -> None:
    factories.user("zhang", (aurora, "preparer"), language="zh-hans")
    letters.send_receipt(filed.pk)
    tasks.send_receipt(filed.pk)
    messages = {message.recipient.username: message for message in Message.objects.filter(template="receipt")}
    assert set(messages) == {"alma", "bruno", "zhang"}
    english = mail.compose(messages["alma"])
    assert filed.receipt_no in english.subject
    for shown in (
        filed.sha256,
        verification_url(filed),
        f"/filings/{filed.pk}/receipt/",
        "after the due time",
    ):
        assert shown in english.text
    assert "Southern Motors" not in english.text
    assert "曙光磁材有限公司" in mail.compose(messages["zhang"]).text


def test_a_return_is_told_with_its_reason(filed, alma, bruno) -> None:
    letters.tell_returned(filed.pk)
    assert not Message.objects.exists()
    Filing.objects.filter(pk=filed.pk).update(
        status="returned", decided_at=clock.now(), decision_reason="Which client?"
    )
    tasks.tell_returned(filed.pk)
    tasks.tell_returned(filed.pk)
    written = [mail.compose(message).text for message in Message.objects.filter(template="filing_returned")]
    assert len(written) == 2
    assert all("Which client?" in text for text in written)


def test_the_digest_covers_explanations(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    without = hashlib.sha256(signing.canonical_of(filing)).hexdigest()
    Explanation.objects.create(filing=filing, code="X", subject="x", text="x", by=alma, at=clock.now())
    assert hashlib.sha256(signing.canonical_of(filing)).hexdigest() != without
