"""A filing re-checks what it touches: told of it is what a sweep of the nation would tell, and nothing else moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Organisation
from portal.accounts.roles import Kind
from portal.audit.models import Event
from portal.core.actors import Actor
from portal.core.models import Outbox
from portal.core.months import Month
from portal.exchange.services.loading import load
from portal.simulation.domain.nation import simulate, write
from portal.simulation.domain.planting import plant
from reporting import frames
from reporting.checks.core import REGISTRY, national_checks
from reporting.checks.nation.calibration import calibration
from reporting.checks.nation.gather import gather
from reporting.checks.nation.rows import Nation
from reporting.checks.nation.run import run
from reporting.models import Filing, Finding, FindingState, Sweep, SweepShard
from reporting.services import findings as decisions
from reporting.services import national, sweeps, touched
from reporting.tasks import checking as tasks
from tests.conftest import acting
from tests.reporting.checks.test_national import judged
from tests.reporting.filed import at
from tests.reporting.test_national_sweeps import BUYER, SELLER, folder, loaded
from tests.reporting.test_national_sweeps import sweep as swept_months

SYSTEM = Actor.system("tests")
SEED, ENTERPRISES, START, MONTHS = 5, 20, "2024-10", 14
AS_OF, MIDSUMMER = at("2026-02-01 00:00"), at("2026-08-01 00:00")
NIGHTLY = frozenset(item.code for item in national_checks() if item.nightly)
NATIONAL = [item.code for item in national_checks()]
STATISTICAL = frozenset({"MBL501", "MBL502", "MIX501", "PRC501", "STK502", "TRD501", "YLD501"})
"""Checks that hold an enterprise against what is usual in the nation."""
QUERIES = 31
"""Of a second look at one enterprise, however many lines, partners and findings there are."""
IN_AN_EPISODE = Month.parse("2025-03")


def swept() -> None:
    first, last = sweeps.span()
    made = sweeps.begin(by=SYSTEM, first=first, last=last, as_of=AS_OF, cause="night", promise=False)
    while sweeps.work_shard(made.pk).worked:
        pass


def told() -> dict[str, tuple[Any, ...]]:
    """Every national finding that stands, by its fingerprint."""
    rows = Finding.objects.filter(check_code__in=NATIONAL).exclude(state=FindingState.CLOSED)
    return {
        row.fingerprint: (
            row.check_code, row.organisation_id, row.other_organisation_id, row.period, row.first_period, row.anchor, row.case,
            row.score, row.filing_id, row.line_nos, row.evidence, row.values,
        )
        for row in rows
    }  # fmt: skip


def of(owner: int, found: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Those that a filing of the enterprise re-checks."""
    return {
        mark: row for mark, row in found.items()
        if row[0] not in NIGHTLY and (row[1] == owner or (row[2] == owner and REGISTRY[row[0]].per == "pair"))
    }  # fmt: skip


def amended(path: Path, tables: dict[str, pd.DataFrame], owner: str, period: str) -> None:
    """The enterprise files a month again: three times as much was sold, and a fifth less worked."""
    filings, lines = (
        rows[(rows["organisation"] == owner) & (rows["period"] == period)].copy()
        for rows in (tables["filings"], tables["lines"])
    )
    last = filings["version"].astype(int).max()
    filings, lines = (rows[rows["version"].astype(int) == last].copy() for rows in (filings, lines))
    kilograms = lines["quantity_kg"].astype(float) * lines["kind"].map({"sold": 3, "consumed": 0.8}).fillna(1)
    lines["quantity_kg"] = kilograms.map("{:.3f}".format)
    filings["submitted_at"], filings["amendment_reason"] = "2026-01-20T09:00:00+08:00", "counted again"
    for rows in (filings, lines):
        rows["version"] = str(last + 1)
    path.mkdir()
    filings.to_csv(path / "filings.csv", index=False)
    lines.to_csv(path / "lines.csv", index=False)
    report = load(by=SYSTEM, folder=path)
    assert not report.faults


def by_the_same_norms(owner: int) -> dict[tuple[str, str, int], tuple[Any, ...]]:
    """What the national checks say of the enterprise when all books are read, by the norms that are kept."""
    first, last = Month.of(AS_OF.date()) - national.MOST_MONTHS + 1, Month.of(AS_OF.date())
    owners = list(Organisation.objects.filter(uscc__isnull=False).values_list("pk", flat=True))
    references = frames.references(AS_OF.date())
    part = frames.part_of(owners, first=first, last=last, as_of=AS_OF)
    found = run(Nation(gather(part, references), references, calibration(), national.norms_kept()))
    return {
        (row["code"], row["subject"], row["anchor"]): (row["organisation_id"], row["period"], row["case"], row["figures"])
        for row in found
        if row["code"] not in NIGHTLY and (row["organisation_id"] == owner or (
            row["other_organisation_id"] == owner and REGISTRY[row["code"]].per == "pair"))
    }  # fmt: skip


def kept(owner: int) -> dict[tuple[str, str, int], tuple[Any, ...]]:
    marks = of(owner, told())
    return {
        (row.check_code, row.subject, row.anchor.index): (row.organisation_id, row.period.index, row.case, row.evidence)
        for row in Finding.objects.filter(fingerprint__in=marks)
    }  # fmt: skip


@pytest.mark.django_db
def test_what_an_amendment_touches_is_told_as_a_sweep_would_tell_it(tmp_path):
    tables = plant(simulate(SEED, ENTERPRISES, START, MONTHS), SEED, 1)
    write(tables, tmp_path / "nation")
    assert not load(by=SYSTEM, folder=tmp_path / "nation").faults
    swept()
    night = told()
    case = tables["truth"].query("typology == 'undeclared_feed'").iloc[0]
    owner = Organisation.objects.get(uscc=case.organisation).pk
    amended(tmp_path / "again", tables, case.organisation, str(IN_AN_EPISODE))

    counts = touched.recheck_touched(organisation_id=owner, as_of=AS_OF)

    day = told()
    assert counts.opened
    assert of(owner, day) != of(owner, night)
    assert {mark: row for mark, row in day.items() if mark not in of(owner, day)} == {
        mark: row for mark, row in night.items() if mark not in of(owner, night)
    }
    assert kept(owner) == by_the_same_norms(owner)
    with CaptureQueriesContext(connection) as queries:
        assert not touched.recheck_touched(organisation_id=owner, as_of=AS_OF).changed
    assert told() == day
    assert len(queries) == QUERIES

    Finding.objects.filter(check_code__in=NATIONAL).delete()
    swept()
    anew, day = of(owner, told()), of(owner, day)
    assert anew == day
    assert {row[0] for row in day.values()} & STATISTICAL


@pytest.fixture
def small(db, tmp_path):
    """A seller and a buyer that tell two stories, swept."""
    loaded(folder(tmp_path / "first"))
    swept_months()
    return tmp_path


def recheck(uscc: str):
    return recheck_of(Organisation.objects.get(uscc=uscc).pk)


def recheck_of(owner: int):
    return touched.recheck_touched(organisation_id=owner, as_of=MIDSUMMER)


def standing() -> list[str]:
    rows = Finding.objects.filter(check_code__in=NATIONAL).exclude(state=FindingState.CLOSED)
    return sorted(rows.values_list("check_code", flat=True))


def test_what_one_side_amends_closes_the_finding_of_the_other(small):
    loaded(folder(small / "second", sold=800, version=2))
    assert (recheck(SELLER).closed, standing().count("TAX504")) == (1, 6)
    assert not Finding.objects.filter(check_code="MIR501").exclude(state=FindingState.CLOSED).exists()


def test_a_second_recheck_changes_nothing(small):
    before = dict(Finding.objects.values_list("fingerprint", "last_changed"))
    for uscc in (SELLER, BUYER):
        assert recheck(uscc).changed is False
    assert dict(Finding.objects.values_list("fingerprint", "last_changed")) == before


def test_what_was_decided_stays(small, dora):
    case = Finding.objects.get(check_code="MIR501")
    decisions.dismiss(by=acting(dora), finding_ids=[case.pk], reason="Two scales that differ.")
    loaded(folder(small / "second", bought=795, version=2))
    recheck(BUYER)
    case.refresh_from_db()
    assert (case.state, case.evidence["gap_kg"]) == (FindingState.DISMISSED, pytest.approx(1230))


def test_before_the_first_sweep_nobody_knows_what_is_usual(db, tmp_path):
    loaded(folder(tmp_path / "first"))
    assert recheck(SELLER).opened == 0
    assert not standing()


def test_a_finding_by_night_follows_its_case(small):
    case = Finding.objects.get(check_code="MIR501")
    ring = Finding.objects.create(
        fingerprint="ring", check_code="NET501", severity="warning", queue="case", organisation=case.organisation,
        period=case.period, first_period=case.first_period, evidence={"ring_bits": 40.0}, first_seen=MIDSUMMER,
        last_changed=MIDSUMMER, subject="ring", score=50,
    )  # fmt: skip
    recheck(BUYER)
    ring.refresh_from_db()
    case.refresh_from_db()
    assert (ring.case, ring.score, ring.state) == (case.case, case.score, FindingState.OPEN)
    assert case.case == f"{BUYER}-2026-01"


def test_the_number_of_queries_is_the_same_for_a_few_lines(small):
    owner = Organisation.objects.get(uscc=SELLER).pk
    with CaptureQueriesContext(connection) as queries:
        recheck_of(owner)
    assert len(queries) == QUERIES


def test_filings_of_one_enterprise_in_a_minute_are_judged_once(small):
    owner = Organisation.objects.get(uscc=SELLER)
    for filing in Filing.objects.filter(organisation=owner):
        tasks.check_filing(filing.pk)
    promised = Outbox.objects.get(task=touched.TASK)
    assert (promised.argument, promised.due_at - promised.created_at) == (owner.pk, touched.SETTLES)
    Outbox.objects.update(started_at=MIDSUMMER)
    tasks.check_filing(filing.pk)
    assert Outbox.objects.filter(task=touched.TASK).count() == 2


def test_the_task_says_what_was_found_in_no_organisation_s_trail(small):
    Finding.objects.filter(check_code="MIR501").delete()
    owner = Organisation.objects.get(uscc=SELLER)
    tasks.recheck_touched(owner.pk)
    event = Event.objects.get(verb="findings.reconciled")
    assert (event.organisation_id, event.subject_id, event.data["opened"]) == (None, owner.pk, 1)


def test_of_a_sandbox_nothing_is_judged(small):
    owner = Organisation.objects.get(uscc=SELLER)
    sandbox = Organisation.objects.create(kind=Kind.SANDBOX, name_en="Try", sandbox_of=owner)
    with CaptureQueriesContext(connection) as queries:
        assert recheck_of(sandbox.pk).changed is False
    assert len(queries) == 1


def test_who_files_while_the_nation_is_swept_is_judged_again(small):
    first, last = sweeps.span()
    made = sweeps.begin(by=SYSTEM, first=first, last=last, as_of=AS_OF, cause="night", promise=False)
    owner = Organisation.objects.get(uscc=SELLER)
    Sweep.objects.filter(pk=made.pk).update(started_at=at("2026-07-01 00:00"))
    while sweeps.work_shard(made.pk).worked:
        pass
    assert set(Outbox.objects.filter(task=touched.TASK).values_list("argument", flat=True)) >= {owner.pk}


def test_only_the_last_sweep_s_norms_are_kept(small):
    swept_months()
    assert SweepShard.objects.filter(norms__isnull=False).count() == 1
    assert SweepShard.objects.get(norms__isnull=False).sweep_id == Sweep.objects.latest("pk").pk


@pytest.mark.parametrize(
    "check", [item for item in national_checks() if item.nightly], ids=lambda item: item.code
)
def test_what_is_judged_by_night_alone_is_named_by_its_first_month(check):
    for example in check.fails:
        found = judged(example, checks=[check])
        assert found
        assert all(row["anchor"] == row["first_period"] for row in found)
