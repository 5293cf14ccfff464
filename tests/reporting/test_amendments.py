"""Later versions: an amendment keeps every line and the first time; a withdrawal comes before review only."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.http import Http404

from portal.audit.models import Event
from portal.core import clock
from portal.core.clock import BEIJING
from portal.core.errors import Refused
from portal.core.models import Outbox
from reporting.domain.canonical import digest_of
from reporting.models import Explanation, Filing, Line, Obligation
from reporting.queries.changes import differing_rows, movements
from reporting.queries.receipts import canonical_of
from reporting.services import drafts, signing
from tests.conftest import acting, signed_in
from tests.reporting.filled import filled, handed_over, just_signed_in


@pytest.fixture
def filed(aurora, alma, bruno, monkeypatch) -> Filing:
    """January, filed on time; it is March now."""
    later = {"now": datetime(2026, 2, 5, 10, tzinfo=BEIJING)}
    monkeypatch.setattr(clock, "now", lambda: later["now"])
    filing = filled(aurora, by=alma)
    signing.submit(by=acting(bruno), filing_id=filing.pk, revision=filing.revision)
    later["now"] = datetime(2026, 3, 20, 10, tzinfo=BEIJING)
    filing.refresh_from_db()
    return filing


def refused(code: str, call: object) -> None:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.code == code


def test_an_amendment_is_a_draft_with_every_line_under_its_number(filed, bruno) -> None:
    before = digest_of(canonical_of(filed))
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="A sale was forgotten.")
    assert (draft.version, draft.status, draft.line_count) == (2, "draft", 4)
    assert draft.amendment_reason == "A sale was forgotten."
    fields = (
        "line_no",
        "kind",
        "product",
        "quantity_g",
        "quantity_dp",
        "value_fen",
        "counterparty",
        "date",
        "invoice_no",
    )
    copied, original = (
        list(Line.objects.filter(filing=f).order_by("line_no").values_list(*fields)) for f in (draft, filed)
    )
    assert copied == original
    assert digest_of(canonical_of(filed)) == before == filed.sha256


def test_explanations_go_with_it(filed, bruno, alma, aurora) -> None:
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r")
    Explanation.objects.create(
        filing=draft, code="IDN001", subject="counterparty:C-01", text="so", by=alma, at=clock.now()
    )
    assert Explanation.objects.filter(filing=draft).count() == 1


def test_a_double_click_begins_one_amendment(filed, bruno) -> None:
    one = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="once")
    two = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="twice")
    assert (one.pk, two.amendment_reason) == (two.pk, "once")
    assert Event.objects.filter(verb="filing.amendment_begun").count() == 1


def test_the_original_on_time_date_survives_an_amendment(filed, alma, bruno) -> None:
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="An invoice number was wrong.")
    Line.objects.filter(filing=draft, line_no=3).update(invoice_no="B-2026-01-corrected")
    handed_over(draft, alma)
    amended = signing.submit(by=acting(bruno), filing_id=draft.pk, revision=draft.revision)
    assert amended.submitted_at > filed.submitted_at
    assert amended.on_time is True
    owed = Obligation.objects.get(organisation=filed.organisation, period=filed.period)
    assert owed.submitted_at == filed.submitted_at
    assert amended.sha256 != filed.sha256


def test_the_amendment_can_be_handed_over_like_any_draft(filed, alma, bruno) -> None:
    draft = signing.amend(by=acting(alma), filing_id=filed.pk, reason="r")
    handed = drafts.hand_over(by=acting(alma), filing_id=draft.pk, revision=draft.revision)
    assert handed.status == "handed_over"


def test_a_returned_filing_is_amended(filed, bruno) -> None:
    Filing.objects.filter(pk=filed.pk).update(
        status="returned", decided_at=clock.now(), decision_reason="Line 3: which client?"
    )
    page = signed_in(bruno).get(f"/filings/{filed.pk}/receipt/").content.decode()
    assert "Line 3: which client?" in page
    assert signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r").version == 2


def test_an_amendment_needs_a_reason_and_a_submitted_version_of_ones_own(filed, bruno, carla, dora) -> None:
    refused("reason_missing", lambda: signing.amend(by=acting(bruno), filing_id=filed.pk, reason="  \n"))
    with pytest.raises(Http404):
        signing.amend(by=acting(carla), filing_id=filed.pk, reason="r")
    refused("not_permitted", lambda: signing.amend(by=acting(dora), filing_id=filed.pk, reason="r"))
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r")
    refused("not_submitted", lambda: signing.amend(by=acting(bruno), filing_id=draft.pk, reason="r"))


def test_a_withdrawal_makes_the_month_owed_again(filed, bruno) -> None:
    signing.withdraw(by=acting(bruno), filing_id=filed.pk, reason="Filed for the wrong month.")
    filed.refresh_from_db()
    assert (filed.status, filed.decision_reason) == ("withdrawn", "Filed for the wrong month.")
    assert Obligation.objects.get(period=filed.period).submitted_at is None
    assert Outbox.objects.filter(task="reporting.check_filing", argument=filed.pk).count() == 2
    again = signing.withdraw(by=acting(bruno), filing_id=filed.pk, reason="twice")
    assert again.decision_reason == "Filed for the wrong month."


def test_what_was_withdrawn_can_be_taken_up_again_with_its_lines(filed, alma, bruno) -> None:
    signing.withdraw(by=acting(bruno), filing_id=filed.pk, reason="too early")
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="again")
    assert (draft.version, draft.lines.count()) == (2, 4)
    handed_over(draft, alma)
    late = signing.submit(by=acting(bruno), filing_id=draft.pk, revision=draft.revision)
    assert late.on_time is False  # the first version not withdrawn is this one, in March


def test_a_withdrawal_is_refused_once_review_or_an_amendment_has_begun(filed, bruno, alma) -> None:
    withdraw = lambda: signing.withdraw(by=acting(bruno), filing_id=filed.pk, reason="r")  # noqa: E731
    refused("not_permitted", lambda: signing.withdraw(by=acting(alma), filing_id=filed.pk, reason="r"))
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r")
    refused("amendment_open", withdraw)
    draft.delete()
    Filing.objects.filter(pk=filed.pk).update(review_started_at=clock.now())
    refused("review_begun", withdraw)
    Filing.objects.filter(pk=filed.pk).update(status="accepted")
    refused("not_in_force", withdraw)


def test_two_versions_side_by_side_name_each_changed_cell_and_whole_lines(filed, bruno) -> None:
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r")
    lines = Line.objects.filter(filing=draft)
    lines.filter(line_no=3).update(quantity_g=55_000, quantity_dp=1, value_fen=1_900_000)
    lines.filter(line_no=2).delete()
    sale = lines.get(line_no=3)
    Line.objects.create(
        filing=draft, line_no=9, kind=13, product=sale.product, quantity_g=5_000, quantity_dp=0
    )
    rows = [
        (row["line_no"], row["change"], row.get("was", ""), row.get("is", ""))
        for row in differing_rows(filed, draft)
    ]
    assert rows[0][:2] == (2, "removed")
    assert rows[1] == (3, "changed", "60.0", "55.0")
    assert rows[2] == (3, "changed", "19,800.00", "19,000.00")
    assert rows[3][:2] == (9, "added")
    assert "5" in rows[3][3]
    totals = {(row.kind, row.was_g, row.now_g) for row in movements(filed, draft)}
    assert ("sold", 60_000, 55_000) in totals
    page = signed_in(bruno).get(f"/filings/{draft.pk}/compare/").content.decode()
    assert "<del>60.0</del>" in page
    assert "<ins>55.0</ins>" in page


def test_nobody_compares_with_another_organisations_filing(filed, bruno, borealis, dora) -> None:
    other = filled(borealis)
    assert signed_in(bruno).get(f"/filings/{filed.pk}/compare/?with={other.pk}").status_code == 404
    assert signed_in(bruno).get(f"/filings/{other.pk}/compare/").status_code == 404
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r")
    assert signed_in(dora).get(f"/filings/{filed.pk}/compare/?with={draft.pk}").status_code == 404


def test_the_pages_of_amending_and_withdrawing(filed, bruno) -> None:
    client = just_signed_in(bruno)
    assert client.get(f"/filings/{filed.pk}/amend/").status_code == 200
    assert client.post(f"/filings/{filed.pk}/amend/", {"reason": ""}).status_code == 422
    begun = client.post(f"/filings/{filed.pk}/amend/", {"reason": "Forgot a sale."})
    draft = Filing.objects.get(version=2)
    assert begun["Location"] == f"/filings/{draft.pk}/"
    draft.delete()
    assert client.get(f"/filings/{filed.pk}/withdraw/").status_code == 200
    assert client.post(f"/filings/{filed.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"/filings/{filed.pk}/withdraw/", {"reason": "Too early."}).status_code == 302
    assert Filing.objects.get().status == "withdrawn"
