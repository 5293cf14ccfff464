"""National checks in a sweep: after the filings, kept in step, never doubled, decisions kept, cases kept from producers."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.core.actors import Actor
from portal.core.months import Month
from portal.exchange.services.loading import load
from reporting.models import Finding, FindingState, Invoice, SweepShard
from reporting.queries.findings import exported_findings
from reporting.services import findings as decisions
from reporting.services import national, sweeps
from tests.conftest import acting, signed_in
from tests.portal.exchange.folders import LINES_HEADER
from tests.reporting.filed import at

SYSTEM = Actor.system("tests")
SELLER, BUYER = "91330201MADFQE5E01", "911500001141243517"
MONTHS = [f"2026-0{number}" for number in range(1, 7)]
AS_OF = at("2026-08-01 00:00")
JANUARY, JUNE = Month.parse("2026-01"), Month.parse("2026-06")


def folder(path: Path, *, sold: int = 1000, bought: int = 800, version: int = 1) -> Path:
    """A seller and a buyer that tell two stories of six months; the seller makes more than its quota."""
    path.mkdir()
    reason = "corrected" if version > 1 else ""
    filings, lines, invoices = [], [], []
    for month in MONTHS:
        for owner, other, kind, kg in ((SELLER, "B", "sold", sold), (BUYER, "A", "purchased", bought)):
            filings.append(f"{owner},{month},{version},2026-07-0{version}T09:00:00+08:00,false,{reason},")
            made = f"{owner},{month},{version},1,produced,K,{sold},,,,,,,,,,,"
            used = f"{owner},{month},{version},1,consumed,K,{bought},,,,,,,,,,,"
            lines.append(made if kind == "sold" else used)
            lines.append(
                f"{owner},{month},{version},2,{kind},K,{kg},{kg}0,{other},,,,N-{month},,{month}-10,,,"
            )
        invoices.append(f"N-{month},{month}-10,{SELLER},{BUYER},concentrate,,{sold},{sold}0,,,")
    tables = {
        "organisations": [
            "uscc,name_en,activities,reports_from",
            f"{SELLER},Aurora Magnets,mine,2026-01",
            f"{BUYER},Borealis Metals,separator,2026-01",
        ],
        "products": [
            "organisation,code,stage,nd_pct",
            *(f"{owner},K,concentrate,40" for owner in (SELLER, BUYER)),
        ],
        "counterparties": [
            "organisation,code,name,country,id_type,id_number",
            f"{SELLER},B,Borealis,CN,USCC,{BUYER}",
            f"{BUYER},A,Aurora,CN,USCC,{SELLER}",
        ],
        "quotas": ["organisation,year,stage,quantity_kg", f"{SELLER},2026,concentrate,2000"],
        "invoices": [
            "invoice_no,issued_on,seller,buyer,stage,description,quantity_kg,value_cny,tax_cny,status,voided_on",
            *invoices,
        ],
        "filings": [
            "organisation,period,version,submitted_at,nil,amendment_reason,status",
            *filings,
        ],
        "lines": [
            LINES_HEADER,
            *lines,
        ],
    }
    for name, rows in tables.items():
        (path / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return path


def loaded(path: Path) -> None:
    report = load(by=SYSTEM, folder=path)
    assert not report.faults


def sweep(first: Month = JANUARY, last: Month = JUNE):
    made = sweeps.begin(by=SYSTEM, first=first, last=last, as_of=AS_OF, cause="command", promise=False)
    while sweeps.work_shard(made.pk).worked:
        pass
    made.refresh_from_db()
    return made


def standing() -> dict[str, int]:
    codes = Finding.objects.exclude(state=FindingState.CLOSED).filter(check_code__regex=r"[5-9]..$")
    found: dict[str, int] = {}
    for code in codes.values_list("check_code", flat=True):
        found[code] = found.get(code, 0) + 1
    return found


@pytest.fixture
def nation(db, tmp_path):
    loaded(folder(tmp_path / "first"))
    return tmp_path


def test_what_no_filing_shows_alone_is_found_after_all_are_checked(nation):
    made = sweep()
    assert standing() == {"MIR501": 1, "TAX504": 6, "QTA501": 1, "LAT501": 2}
    shard = SweepShard.objects.get(sweep=made, number=SweepShard.NATION)
    assert made.shard_count == made.shards.count()
    assert shard.counts["opened"] == 10
    case = Finding.objects.get(check_code="MIR501")
    assert (case.organisation.uscc, case.other_organisation.uscc) == (BUYER, SELLER)
    assert (str(case.first_period), str(case.period), case.queue) == ("2026-01", "2026-06", "case")
    assert case.case == f"{BUYER}-2026-02"
    assert case.score > 70
    assert case.evidence["gap_kg"] == pytest.approx(1200)


def test_the_national_checks_wait_for_the_others(nation):
    made = sweeps.begin(by=SYSTEM, first=JANUARY, last=JUNE, as_of=AS_OF, cause="command", promise=False)
    held = SweepShard.objects.filter(sweep=made).exclude(number=SweepShard.NATION)
    held.update(state="claimed", claimed_by="another", claimed_until=at("2999-01-01 00:00"))
    came = sweeps.work_shard(made.pk)
    assert (came.worked, came.waiting) == (False, True)


def test_a_second_sweep_changes_nothing(nation):
    sweep()
    before = dict(Finding.objects.values_list("fingerprint", "last_changed"))
    again = sweep()
    assert (again.opened, again.reopened, again.closed) == (0, 0, 0)
    assert dict(Finding.objects.values_list("fingerprint", "last_changed")) == before


def test_what_an_amendment_mends_is_closed(nation):
    sweep()
    loaded(folder(nation / "second", sold=1000, bought=1000, version=2))
    made = sweep()
    assert standing() == {"QTA501": 1, "LAT501": 2}
    assert made.closed == 7


def test_a_decision_stands_until_the_figures_grow(nation, dora):
    sweep()
    case = Finding.objects.get(check_code="MIR501")
    decisions.dismiss(by=acting(dora), finding_ids=[case.pk], reason="Two scales that differ.")
    loaded(folder(nation / "second", bought=795, version=2))
    sweep()
    case.refresh_from_db()
    assert (case.state, case.evidence["gap_kg"]) == (FindingState.DISMISSED, pytest.approx(1230))
    loaded(folder(nation / "third", bought=500, version=3))
    sweep()
    case.refresh_from_db()
    assert case.state == FindingState.OPEN


def test_months_that_are_not_swept_keep_their_findings(nation):
    sweep()
    before = standing()
    Invoice.objects.all().delete()
    made = sweep(Month.parse("2026-05"), JUNE)
    assert made.closed == 2
    assert standing() == before | {"TAX504": 4}


def test_an_older_sweep_does_not_overwrite_a_later_one(nation):
    old = sweeps.begin(by=SYSTEM, first=JANUARY, last=JUNE, as_of=AS_OF, cause="command", promise=False)
    sweep()
    Finding.objects.filter(check_code="MIR501").delete()
    while sweeps.work_shard(old.pk).worked:
        pass
    assert "MIR501" not in standing()


def test_what_was_filed_later_is_not_known_yet(nation):
    judgement = national.judge_nation(first=JANUARY, last=JUNE, as_of=at("2026-06-30 00:00"))
    assert judgement.found == []


def test_parts_make_no_difference(nation, monkeypatch):
    whole = national.judge_nation(first=JANUARY, last=JUNE, as_of=AS_OF)
    monkeypatch.setattr(national, "LINES_A_PART", 1)
    assert national.judge_nation(first=JANUARY, last=JUNE, as_of=AS_OF) == whole


def test_a_producer_sees_no_case_and_nothing_of_the_other_side(alma, carla, nation):
    sweep()
    for person in (alma, carla):
        client = signed_in(person)
        page = client.get("/findings/").content.decode()
        assert "MIR501" not in page
        case = Finding.objects.get(check_code="MIR501")
        assert client.get(f"/findings/{case.pk}/").status_code == 404


def test_the_export_tells_the_case_and_the_other_side(nation):
    sweep()
    found = [row for row in exported_findings() if row["check"] == "MIR501"]
    assert len(found) == 1
    assert found[0]["other_organisation"] == SELLER
    assert found[0]["case"] == f"{BUYER}-2026-02"
    assert found[0]["first_period"] == "2026-01"
    assert {"sold_kg", "bought_kg", "sigma_kg", "gap_kg"} <= set(found[0]["evidence"])


def test_what_shards_gathered_says_the_same_and_is_forgotten(nation, monkeypatch):
    monkeypatch.setattr(sweeps, "SHARDS_AT_LEAST", 2)
    whole = national.judge_nation(first=JANUARY, last=JUNE, as_of=AS_OF)
    made = sweeps.begin(by=SYSTEM, first=JANUARY, last=JUNE, as_of=AS_OF, cause="command", promise=False)
    others = made.shards.exclude(number=SweepShard.NATION)
    while others.exclude(state="done").exists():
        sweeps.work_shard(made.pk)
    assert others.count() == 2
    assert not others.filter(gathered=None).exists()
    parts = national.gathered_by(others, last=JUNE, as_of=AS_OF)
    assert national.judge_nation(first=JANUARY, last=JUNE, as_of=AS_OF, parts=parts) == whole
    others.filter(number=1).update(gathered=None)  # of a sweep begun before shards gathered anything
    parts = national.gathered_by(others, last=JUNE, as_of=AS_OF)
    assert national.judge_nation(first=JANUARY, last=JUNE, as_of=AS_OF, parts=parts) == whole
    sweeps.work_shard(made.pk)
    assert not made.shards.exclude(gathered=None).exists()
