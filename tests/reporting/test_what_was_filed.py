"""A filing keeps what it names: the register may change afterwards, what was signed and what is shown of it does not."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.audit.models import Event
from portal.core import clock
from portal.core.clock import BEIJING
from portal.core.errors import Refused
from portal.core.months import Month
from portal.registry.models import Counterparty, Product
from reporting.domain.canonical import COUNTERPARTY, PRODUCT
from reporting.models import FiledParty, FiledProduct, Filing, Kind
from reporting.queries.balances import balances_of
from reporting.queries.details import differing_details
from reporting.queries.filed import digest_of_named, parties_of, products_of
from reporting.queries.receipts import canonical_of
from reporting.services import signing
from reporting.services.checking import faults_of
from reporting.services.filed import keep_named
from tests import factories
from tests.conftest import acting, signed_in
from tests.reporting.filled import filled, handed_over, just_signed_in, party

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "verify_receipt.py"
RENAMED = {"name": "Eastern Motors", "id_number": "91110000600037341L", "country": "DE", "end_use": "radar"}


def register_changes() -> None:
    """Every client is renamed and every recipe changed."""
    Counterparty.objects.update(**RENAMED)
    Product.objects.update(name="Something else", nd_pct="1.5", dy_pct=None, grade="X")


@pytest.fixture
def filed(aurora, alma, bruno, monkeypatch) -> Filing:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 5, 10, tzinfo=BEIJING))
    filing = filled(aurora, by=alma)
    party(aurora, "C-99", name="Not named", country="CN")
    signed = signing.submit(by=acting(bruno), filing_id=filing.pk, revision=filing.revision)
    return Filing.objects.get(pk=signed.pk)


def amended(filing: Filing, alma, bruno) -> Filing:
    draft = signing.amend(by=acting(bruno), filing_id=filing.pk, reason="The client has another name.")
    handed_over(draft, alma)
    return signing.submit(by=acting(bruno), filing_id=draft.pk, revision=draft.revision)


def test_what_the_lines_name_is_kept_in_full_and_nothing_else(filed) -> None:
    parties, products = parties_of(filed), products_of(filed)
    assert [row.code for row in parties.values()] == ["C-01", "S-01"]
    assert [row.code for row in products.values()] == ["P-01"]
    for kept, register, fields in ((parties, Counterparty, COUNTERPARTY), (products, Product, PRODUCT)):
        for pk, row in kept.items():
            now = register.objects.get(pk=pk)
            assert [getattr(row, name) for name in fields] == [getattr(now, name) for name in fields]
    assert {type(row) for row in (*parties.values(), *products.values())} == {FiledParty, FiledProduct}


def test_the_canonical_form_says_whom_and_what_it_names(filed) -> None:
    form = json.loads(canonical_of(filed))
    assert form["form"] == "lodestone-filing-2"
    assert form["counterparties"][0] == {
        "code": "C-01",
        "name": "Southern Motors",
        "country": "CN",
        "id_type": "USCC",
        "id_number": "91440300708461136T",
    }
    contents = {name: text for name, text in form["products"][0].items() if name.endswith("_pct")}
    said = {
        "nd_pct": "23.5",
        "pr_pct": "6.1",
        "dy_pct": "1.2",
        "tb_pct": "0",
        "assay_rel_uncertainty_pct": "1",
    }
    assert contents == said


def test_contents_are_exact_to_the_last_place(aurora, alma, bruno, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 5, 10, tzinfo=BEIJING))
    factories.product(aurora, nd_pct="23.500001", pr_pct="0.000001", dy_pct="100", tb_pct=None, y_pct="10")
    filing = filled(aurora)
    shown = json.loads(canonical_of(filing))["products"][0]
    assert [shown.get(f"{symbol}_pct") for symbol in ("nd", "pr", "dy", "tb", "y")] == [
        "23.500001",
        "0.000001",
        "100",
        None,
        "10",
    ]


def test_the_digest_stays_when_the_register_changes_and_the_script_recomputes_it(
    filed, alma, tmp_path
) -> None:
    register_changes()
    answer = signed_in(alma).get(f"/filings/{filed.pk}/canonical.json")
    assert hashlib.sha256(answer.content).hexdigest() == filed.sha256
    file = tmp_path / "filing.json"
    file.write_bytes(answer.content)
    command = [sys.executable, "-I", str(SCRIPT), str(file), filed.sha256]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    file.write_bytes(answer.content.replace(b"Southern Motors", b"Eastern Motors"))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_the_digest_covers_every_detail(aurora) -> None:
    filing = filled(aurora)
    seen = {hashlib.sha256(canonical_of(filing)).hexdigest()}
    for change in ({"name": "a"}, {"id_number": "b"}, {"end_user_name": "c"}, {"address": "d"}):
        Counterparty.objects.filter(code="C-01").update(**change)
        seen.add(hashlib.sha256(canonical_of(filing)).hexdigest())
    for change in ({"nd_pct": "23.6"}, {"partners": "Fe"}, {"assay_rel_uncertainty_pct": "2"}):
        Product.objects.update(**change)
        seen.add(hashlib.sha256(canonical_of(filing)).hexdigest())
    assert len(seen) == 8


def test_pages_of_a_filed_version_show_what_was_filed(filed, alma, dora) -> None:
    register_changes()
    mine = signed_in(alma).get(f"/filings/{filed.pk}/").content.decode()
    theirs = signed_in(dora).get(f"/supervision/filings/{filed.pk}/?part=lines").content.decode()
    asking = signed_in(dora).get(f"/supervision/filings/{filed.pk}/ask/?line=3").content.decode()
    for page in (mine, theirs, asking):
        assert "Sintered magnet N42SH" in page
        assert "Something else" not in page
        assert "Eastern Motors" not in page
    for page in (mine, theirs):
        assert "Southern Motors" in page
    assert "91440300708461136T" in mine
    assert "As they were signed" in mine


def test_balances_and_faults_of_a_filed_version_rest_on_what_was_filed(filed) -> None:
    before, faults = balances_of(filed), [fault.code for fault in faults_of(filed)]
    register_changes()
    assert balances_of(filed) == before
    assert [row.name for row in before.products] == ["Sintered magnet N42SH"]
    assert [fault.code for fault in faults_of(filed)] == faults


def test_a_draft_is_read_with_the_register_of_today(aurora, alma) -> None:
    filing = filled(aurora)
    register_changes()
    assert {row.name for row in parties_of(filing).values()} == {"Eastern Motors"}
    assert [row.name for row in balances_of(filing).products] == ["Something else"]
    assert "As they were signed" not in signed_in(alma).get(f"/filings/{filing.pk}/").content.decode()


def test_a_loaded_filing_has_nothing_kept_and_shows_the_register(aurora, alma, dora) -> None:
    loaded = filled(aurora)
    Filing.objects.filter(pk=loaded.pk).update(status="submitted", submitted_at=clock.now())
    loaded.refresh_from_db()
    Counterparty.objects.filter(code="C-01").update(name="Eastern Motors")
    assert [row.name for row in parties_of(loaded).values()] == ["Eastern Motors", "Northern Alloys"]
    page = signed_in(dora).get(f"/supervision/filings/{loaded.pk}/?part=lines").content.decode()
    assert "Eastern Motors" in page
    assert "As they were signed" not in signed_in(alma).get(f"/filings/{loaded.pk}/").content.decode()


def test_an_amendment_takes_what_it_names_anew(filed, alma, bruno) -> None:
    Counterparty.objects.filter(code="C-01").update(name="Eastern Motors")
    Product.objects.update(dy_pct="1.3", grade="N42SH")
    second = amended(filed, alma, bruno)
    names = {filing.pk: FiledParty.objects.get(filing=filing, code="C-01").name for filing in (filed, second)}
    assert names == {filed.pk: "Southern Motors", second.pk: "Eastern Motors"}
    assert hashlib.sha256(canonical_of(filed)).hexdigest() == filed.sha256
    assert hashlib.sha256(canonical_of(second)).hexdigest() == second.sha256
    said = [(row.about, row.code, row.label, row.was, row.now) for row in differing_details(filed, second)]
    assert said == [
        ("Counterparty", "C-01", "Legal name", "Southern Motors", "Eastern Motors"),
        ("Product", "P-01", "Grade", "", "N42SH"),
        ("Product", "P-01", "Dy, mass %", "1.2", "1.3"),
    ]


@pytest.mark.holds("identity-views-recorded")
def test_the_comparison_shows_changed_details_and_leaves_a_trace_of_the_regulator(
    filed, alma, bruno, dora
) -> None:
    assert signed_in(dora).get(f"/filings/{filed.pk}/compare/").status_code == 200
    assert not Event.objects.filter(verb="identity.viewed").exists()
    Counterparty.objects.filter(code="C-01").update(name="Eastern Motors", country="DE", id_type="OTHER")
    second = amended(filed, alma, bruno)
    for person in (bruno, dora):
        page = signed_in(person).get(f"/filings/{second.pk}/compare/").content.decode()
        for shown in (
            "<del>Southern Motors</del>",
            "<ins>Eastern Motors</ins>",
            "<ins>Germany</ins>",
            "No line differs",
        ):
            assert shown in page
    assert Event.objects.filter(verb="identity.viewed").count() == 1


@pytest.mark.holds("identity-views-recorded")
def test_who_takes_the_canonical_form_at_the_regulator_stands_in_the_trail(filed, alma, dora) -> None:
    for person in (alma, dora):
        signed_in(person).get(f"/filings/{filed.pk}/canonical.json")
    event = Event.objects.get(verb="identity.viewed")
    assert event.data["period"] == "2026-01"
    assert "Southern" not in json.dumps(event.data)


def test_the_signing_page_of_an_amendment_shows_the_details_that_change(filed, alma, bruno) -> None:
    Counterparty.objects.filter(code="C-01").update(name="Eastern Motors")
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r")
    handed_over(draft, alma)
    page = just_signed_in(bruno).get(f"/filings/{draft.pk}/sign/").content.decode()
    assert "<del>Southern Motors</del>" in page
    assert "<ins>Eastern Motors</ins>" in page


def test_nobody_signs_a_client_that_was_changed_after_the_page_was_read(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    client, url = just_signed_in(bruno), f"/filings/{filing.pk}/sign/"
    assert digest_of_named(filing) in client.get(url).content.decode()
    read = {"revision": filing.revision, "named": digest_of_named(filing)}
    Counterparty.objects.filter(code="C-01").update(name="Eastern Motors")
    answer = client.post(url, read, follow=True)
    assert "was changed after you read the filing" in answer.content.decode()
    with pytest.raises(Refused, match="stale"):
        signing.submit(by=acting(bruno), filing_id=filing.pk, **read)
    assert not FiledParty.objects.exists()
    client.post(url, read | {"named": digest_of_named(filing)})
    filing.refresh_from_db()
    assert filing.status == "submitted"


def test_a_nil_return_keeps_nothing(aurora, bruno, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 5, 10, tzinfo=BEIJING))
    nil = signing.file_nil(by=acting(bruno), organisation=aurora, period=Month.parse("2026-01"))
    form = json.loads(canonical_of(nil))
    assert (form["counterparties"], form["products"], form["lines"]) == ([], [], [])
    assert not FiledParty.objects.exists()
    assert not FiledProduct.objects.exists()
    assert hashlib.sha256(canonical_of(nil)).hexdigest() == nil.sha256


def test_an_open_draft_keeps_nothing_and_is_discarded_as_before(filed, bruno) -> None:
    draft = signing.amend(by=acting(bruno), filing_id=filed.pk, reason="r")
    assert not FiledParty.objects.filter(filing=draft).exists()
    draft.delete()
    assert FiledParty.objects.count() == 2


# The database says no, whoever asks


@pytest.mark.parametrize(
    "change",
    [
        lambda f: FiledParty.objects.filter(filing=f).update(name="x"),
        lambda f: FiledParty.objects.filter(filing=f, code="C-01").delete(),
        lambda f: FiledParty.objects.filter(filing=f)._raw_delete("default"),
        lambda f: FiledParty.objects.create(
            filing=f, counterparty=Counterparty.objects.get(code="C-99"), code="C-99", name="x", country="CN"
        ),
        lambda f: FiledProduct.objects.filter(filing=f).update(nd_pct=Decimal(1)),
        lambda f: FiledProduct.objects.filter(filing=f).delete(),
        lambda f: FiledProduct.objects.bulk_create(
            [
                FiledProduct(
                    filing=f,
                    product=factories.product(f.organisation, "P-9"),
                    code="P-9",
                    name="x",
                    stage="metal",
                )
            ]
        ),
        lambda f: Counterparty.objects.filter(code="C-01").update(code="C-77"),
        lambda f: Product.objects.filter(code="P-01").update(code="P-77"),
        lambda f: Counterparty.objects.filter(code="C-01").delete(),
        lambda f: Product.objects.filter(code="P-01").delete(),
    ],
)
def test_nothing_that_was_kept_is_changed_added_or_taken_away(filed, change) -> None:
    before = canonical_of(filed)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(filed)
    assert canonical_of(filed) == before


@pytest.mark.parametrize("direction", ["into", "out of"])
def test_nothing_is_moved_into_a_submitted_filing_or_out_of_it(filed, direction) -> None:
    other = factories.filing(filed.organisation, "2026-02")
    kept = FiledParty.objects.filter(filing=filed, code="C-01")
    into = filed
    if direction == "out of":
        into = other
    else:
        stranger = Counterparty.objects.get(code="C-99")
        made = FiledParty.objects.create(
            filing=other, counterparty=stranger, code="C-99", name="x", country="CN"
        )
        kept = FiledParty.objects.filter(pk=made.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.update(filing=into)


def test_codes_that_no_filing_keeps_may_still_be_corrected(filed) -> None:
    assert Counterparty.objects.filter(code="C-99").update(code="C-98") == 1


# However much it names


def test_keeping_takes_two_statements_however_much_is_named(aurora, borealis) -> None:
    for of, more in ((aurora, 0), (borealis, 30)):
        filing = filled(of)
        for number in range(more):
            thing = factories.product(of, f"Q-{number:02}")
            client = factories.counterparty(
                of, f"D-{number:02}", name=f"Client {number}", country="CN", end_use=""
            )
            factories.line(filing, 10 + 3 * number, Kind.OPENING, thing, "0")
            bought = {
                "date": Month.parse("2026-01").first,
                "invoice_no": f"Z-{number}",
                "counterparty": client,
            }
            factories.line(filing, 11 + 3 * number, Kind.PURCHASED, thing, "10.0", "3000.00", **bought)
            factories.line(filing, 12 + 3 * number, Kind.CLOSING, thing, "10.0")
        with CaptureQueriesContext(connection) as captured:
            keep_named(filing)
        assert len(captured) == 2
        assert FiledProduct.objects.filter(filing=filing).count() == more + 1
        assert FiledParty.objects.filter(filing=filing).count() == more + 2
