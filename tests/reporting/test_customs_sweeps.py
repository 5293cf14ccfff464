"""Filed exports against customs' records in a sweep: both ways, by declaration; what customs took back does not count."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from licensing.queries.declared import declared
from licensing.services import declarations
from portal.accounts.models import Organisation
from portal.core.actors import Actor
from portal.core.months import Month
from portal.exchange.services.loading import load
from reporting.models import Finding, FindingState
from reporting.queries.findings import exported_findings
from reporting.services import sweeps
from tests.licensing.issued import CUSTOMS
from tests.portal.exchange.folders import DECLARATIONS_HEADER, LINES_HEADER
from tests.reporting.filed import at

EXPORTER = "91330201MADFQE5E01"
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
FILED = {"D-1": ("2026-02", 100), "D-9": ("2026-03", 50), "D-4": ("2026-04", 20)}
DECLARED = {"D-1": ("2026-02", 90), "D-2": ("2026-03", 50), "D-4": ("2026-04", 20)}


@pytest.fixture
def exports(db: None, tmp_path: Path) -> None:
    """Five months: one export with another weight, one that is not filed, one that customs never saw, one as it should be."""
    lines = [f"{EXPORTER},{month},1,1,produced,K,500,,,,,,,,,,," for month in MONTHS]
    for number, (month, kg) in FILED.items():
        lines.append(f"{EXPORTER},{month},1,2,exported,K,{kg},{kg}00,C,DE,,{number},,,{month}-10,,,")
    tables = {
        "organisations": [
            "uscc,name_en,activities,reports_from",
            f"{EXPORTER},Aurora Magnets,magnet,2026-01",
        ],
        "products": ["organisation,code,stage,nd_pct", f"{EXPORTER},K,magnet,28"],
        "counterparties": ["organisation,code,name,country", f"{EXPORTER},C,Motors,DE"],
        "filings": [
            "organisation,period,version,submitted_at,nil,amendment_reason,status",
            *(f"{EXPORTER},{month},1,2026-07-01T09:00:00+08:00,false,," for month in MONTHS),
        ],
        "lines": [LINES_HEADER, *lines],
        "declarations": [
            DECLARATIONS_HEADER,
            *(
                f"{number},1,{month}-10,{EXPORTER},,,8505111000,,{kg},{kg}00,DE,"
                for number, (month, kg) in DECLARED.items()
            ),
        ],
    }
    for name, rows in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert not load(by=Actor.system("tests"), folder=tmp_path).faults


def swept() -> set[tuple[str, str, str]]:
    """What stands of customs' checks after a sweep."""
    first, last = Month.parse(MONTHS[0]), Month.parse(MONTHS[-1])
    made = sweeps.begin(
        by=Actor.system("tests"),
        first=first,
        last=last,
        as_of=at("2026-08-01 00:00"),
        cause="command",
        promise=False,
    )
    while sweeps.work_shard(made.pk).worked:
        pass
    rows = Finding.objects.exclude(state=FindingState.CLOSED).filter(check_code__startswith="CUS")
    return {(row.check_code, str(row.period), row.declaration_no) for row in rows}


ALL = {
    ("CUS501", "2026-03", "D-2"),
    ("CUS502", "2026-03", "D-9"),
    ("CUS503", "2026-02", "D-1"),
}


@pytest.mark.usefixtures("exports")
def test_each_declaration_that_one_side_alone_has_or_tells_otherwise_is_found() -> None:
    assert swept() == ALL
    differs = Finding.objects.get(check_code="CUS503")
    assert (differs.line_nos, differs.severity, differs.queue) == ([2], "warning", "block")
    assert (differs.evidence["filed_g"], differs.evidence["declared_g"]) == (100_000, 90_000)
    told = {row["check"]: row["declaration_no"] for row in exported_findings()}
    assert (told["CUS501"], told["CUS502"], told["CUS503"]) == ("D-2", "D-9", "D-1")
    assert swept() == ALL


@pytest.mark.usefixtures("exports")
def test_what_customs_took_back_does_not_count() -> None:
    swept()
    for number in ("D-1", "D-2"):
        declarations.take_back(by=CUSTOMS, key=(number, 1), reason="not shipped")
    assert swept() == {("CUS502", "2026-03", "D-9"), ("CUS502", "2026-02", "D-1")}


@pytest.mark.usefixtures("exports")
def test_the_records_are_read_up_to_a_day_and_as_they_stand() -> None:
    owner = Organisation.objects.get(uscc=EXPORTER).pk
    found = declared([owner], until=date(2026, 3, 31))
    assert (found["declaration_no"], found["quantity_g"]) == (["D-1", "D-2"], [90_000, 50_000])
    assert found["stands"] == [True, True]
    assert declared([owner + 1], until=date(2026, 3, 31))["declaration_no"] == []
