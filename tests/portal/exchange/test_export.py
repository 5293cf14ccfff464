"""What is exported can be loaded again, and is then the same."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.audit.models import Event
from portal.core.actors import Actor
from portal.core.months import Month
from portal.exchange.services.exporting import export
from portal.exchange.services.loading import load
from portal.registry.models import Counterparty
from portal.simulation.domain.nation import Nation, write_nation
from reporting.models import Filing, Kind, Line
from tests import factories
from tests.portal.exchange.folders import OTHER, OWNER, TABLES, write
from tests.reporting.filed import draft, filed

SYSTEM = Actor.system("tests")
TWINS = {OWNER: "91110108MA01TWIN0A", OTHER: "91110108MA01TWIN0B"}


@pytest.fixture(autouse=True)
def nothing_yet(db):
    return None


def texts(folder):
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def rows(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ones_own(row):
    """Whether the row is of the first load, not of its twin."""
    values = set(row.values())
    return bool(values & set(TWINS)) or any(
        row.get(name, "").startswith("REL-") for name in ("licence_no", "entry")
    )


def by_content(found):
    return sorted(found, key=lambda row: list(row.values()))


def test_what_is_loaded_from_an_export_is_what_was_exported(tmp_path):
    load(by=SYSTEM, folder=write(tmp_path / "in"))
    export(by=SYSTEM, folder=tmp_path / "first")
    twin = tmp_path / "twin"
    twin.mkdir()
    for name, text in texts(tmp_path / "first").items():
        renamed = text.replace(OWNER, TWINS[OWNER]).replace(OTHER, TWINS[OTHER])
        renamed = renamed.replace("REL-", "TWIN-").replace("D-", "TWIN-D-")
        (twin / name).write_text(renamed, "utf-8")
    report = load(by=SYSTEM, folder=twin)
    assert not report.faults
    assert {table.table: table.added for table in report.tables} == {
        **{name: len(TABLES[name]) - 1 for name in TABLES}, "calendar_days": 0, "extensions": 1, "reference_prices": 0,
    }  # fmt: skip
    export(by=SYSTEM, folder=tmp_path / "second")
    for table in TABLES:
        second = [row for row in rows(tmp_path / "second", table) if not ones_own(row)]
        assert by_content(second) == by_content(rows(twin, table)), table


def test_an_export_loaded_over_itself_changes_nothing(tmp_path):
    nation = Nation(3, 12, Month.parse("2025-06"), 3, open_last=False)
    write_nation(nation, tmp_path / "nation", None)
    load(by=SYSTEM, folder=tmp_path / "nation")
    export(by=SYSTEM, folder=tmp_path / "out")
    report = load(by=SYSTEM, folder=tmp_path / "out")
    assert not report.faults
    assert {(table.added, table.changed) for table in report.tables} == {(0, 0)}
    for table in ("filings", "lines", "counterparties", "organisations"):
        given, out = (
            sorted(map(tuple, (row.values() for row in rows(tmp_path / name, table))))
            for name in ("nation", "out")
        )
        assert given == out, table


def test_decimals_leave_as_they_were_reported(tmp_path):
    load(by=SYSTEM, folder=write(tmp_path / "in"))
    export(by=SYSTEM, folder=tmp_path / "out")
    lines = rows(tmp_path / "out", "lines")
    assert [line["quantity_kg"] for line in lines] == ["10.50", "4", "6.5", "6.500", "6.5", "-1.25", "6.5"]
    assert [line["value_cny"] for line in lines] == ["", "9000.5", "", "", "", "", ""]
    assert {row["capacity_kg_year"] for row in rows(tmp_path / "out", "organisations")} == {"120000.50", ""}
    assert {row["dy_pct"] for row in rows(tmp_path / "out", "products")} == {"1.25", ""}


@pytest.mark.holds("exports-run-nothing")
def test_text_that_would_run_as_a_formula_is_held_and_comes_back(tmp_path, aurora):
    nasty = ["=1+1", "+8613", "-x", "@cmd", "'quoted", "'=kept", "\tTAB", '"', "a;b,c\nd"]
    for number, text in enumerate(nasty):
        factories.counterparty(aurora, f"C-{number}", name=text)
    export(by=SYSTEM, folder=tmp_path / "out", tables=["organisations", "counterparties"])
    assert all(row["name"][:1] not in "=+-@\t" for row in rows(tmp_path / "out", "counterparties"))
    report = load(by=SYSTEM, folder=tmp_path / "out")
    assert {(table.added, table.changed) for table in report.tables} == {(0, 0)}
    assert list(Counterparty.objects.order_by("code").values_list("name", flat=True)) == nasty


def test_drafts_stay_at_home(tmp_path, aurora):
    thing = factories.product(aurora)
    filed(aurora, "2026-04", "opening 1", thing=thing)
    draft(aurora, "2026-05", "opening 2", thing=thing)
    export(by=SYSTEM, folder=tmp_path)
    assert [row["period"] for row in rows(tmp_path, "filings")] == ["2026-04"]
    assert [row["quantity_kg"] for row in rows(tmp_path, "lines")] == ["1"]


def test_what_could_not_be_read_leaves_as_it_was_typed(tmp_path, aurora):
    filing = factories.filing(aurora, "2026-05", line_count=1)
    Line.objects.create(filing=filing, line_no=1, kind=Kind.SOLD, unread={"quantity_kg": "1,5x"})
    filing.status, filing.submitted_at = "submitted", filing.created_at
    filing.save()
    export(by=SYSTEM, folder=tmp_path, tables=["lines"])
    assert rows(tmp_path, "lines")[0]["quantity_kg"] == "1,5x"


def test_only_the_tables_asked_for_are_written(tmp_path):
    load(by=SYSTEM, folder=write(tmp_path / "in"))
    out = StringIO()
    call_command("export", str(tmp_path / "out"), "--tables", "products", "lots", stdout=out)
    assert sorted(texts(tmp_path / "out")) == ["lots.csv", "products.csv"]
    assert out.getvalue() == "products: 2 rows\nlots: 1 rows\n"
    assert Event.objects.get(verb="tables.exported").data == {"products": 2, "lots": 1}
    with pytest.raises(CommandError):
        call_command("export", str(tmp_path / "out"), "--tables", "secrets")


@pytest.mark.holds("no-unbounded-queries")
def test_the_number_of_queries_does_not_grow_with_the_lines(tmp_path, aurora, django_assert_num_queries):
    thing = factories.product(aurora)
    for period, count in (("2026-04", 10), ("2026-05", 1000)):
        filed(aurora, period, *["lost 1"] * count, thing=thing)
        with django_assert_num_queries(8):
            export(by=SYSTEM, folder=tmp_path, tables=["filings", "lines"])
    assert Filing.objects.count() == 2
