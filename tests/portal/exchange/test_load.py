"""The bulk load: all or nothing, strict about form, silent about facts, and the same twice is once."""

import gzip
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.models import Organisation
from portal.audit.models import Event
from portal.core.actors import Actor
from portal.core.models import Outbox
from portal.core.months import Month
from portal.exchange.services.loading import load
from portal.registry.models import CalendarDay, Counterparty, Lot, Product, WatchEntry
from reporting.models import Extension, Filing, FilingStatus, Finding, Kind, Line, Obligation
from tests import factories
from tests.portal.exchange.folders import OTHER, OWNER, TABLES, bent, refusals, write
from tests.reporting.filed import at

SYSTEM = Actor.system("load")


@pytest.fixture(autouse=True)
def nothing_yet(db):
    return None


def loaded(folder, **options):
    return load(by=SYSTEM, folder=folder, **options)


def counts(report):
    return {table.table: (table.rows, table.added, table.changed, table.unchanged) for table in report.tables}


def test_registers_are_stored_as_they_were_written(tmp_path):
    loaded(write(tmp_path))
    aurora = Organisation.objects.get(uscc=OWNER)
    assert (aurora.name_en, aurora.activities, aurora.reports_from) == (
        "Aurora Magnets",
        "magnet;exporter",
        Month.parse("2026-01"),
    )
    assert (aurora.capacity_g_year, aurora.capacity_decimals) == (120_000_500, 2)
    product = Product.objects.get(organisation=aurora)
    assert (str(product.dy_pct), product.la_pct, product.tb_pct, product.partners) == (
        "1.250000",
        None,
        0,
        "fe;b",
    )
    assert Counterparty.objects.get().name == "Motors, GmbH"
    assert Counterparty.objects.get().name_local == '"Motoren"'
    assert (Lot.objects.get().product, Lot.objects.get().assayed_on) == (product, date(2026, 2, 3))
    assert set(Extension.objects.values_list("organisation__uscc", "until", "state")) == {
        (OWNER, date(2026, 4, 20), "granted"),
        (None, date(2026, 5, 15), "granted"),
    }
    assert CalendarDay.objects.get().working is False
    assert list(WatchEntry.objects.order_by("entry").values_list("name", "effect", "valid_until")) == [
        ("Dynamics, Ltd", "deny", None),
        ("Kestrel", "review", date(2026, 12, 31)),
    ]


def test_a_loaded_watch_list_has_everybody_screened_once(tmp_path):
    folder = write(tmp_path)
    loaded(folder)
    promised = Outbox.objects.filter(task="licensing.screen_again")
    once = list(promised.values_list("pk", flat=True))  # for the list, and for the licences that came with it
    loaded(folder)
    assert Event.objects.get(verb="watch_list.changed").data == {"list": "", "count": 2}
    assert list(promised.values_list("pk", flat=True)) == once
    assert len(once) == 2


def test_filings_keep_their_instant_their_versions_and_their_state(tmp_path):
    loaded(write(tmp_path))
    rows = Filing.objects.order_by("organisation__name_en", "period", "version")
    assert list(rows.values_list("period", "version", "status", "nil", "line_count", "source")) == [
        (Month.parse("2026-01"), 1, FilingStatus.ACCEPTED, False, 3, "load"),
        (Month.parse("2026-02"), 1, FilingStatus.SUBMITTED, False, 1, "load"),
        (Month.parse("2026-02"), 2, FilingStatus.RETURNED, False, 2, "load"),
        (Month.parse("2026-02"), 3, FilingStatus.WITHDRAWN, False, 1, "load"),
        (Month.parse("2026-02"), 1, FilingStatus.SUBMITTED, True, 0, "load"),
    ]
    assert rows[2].submitted_at == datetime(2026, 3, 20, 9, tzinfo=UTC)
    assert rows[4].submitted_at == at("2026-03-01 09:00:00.250000")


def test_lines_are_stored_to_the_gram_with_their_decimals(tmp_path):
    loaded(write(tmp_path))
    opening, sold, closing = Line.objects.filter(filing__period=Month.parse("2026-01")).order_by("line_no")
    assert (opening.kind, opening.quantity_g, opening.quantity_dp, opening.value_fen) == (
        Kind.OPENING,
        10_500,
        2,
        None,
    )
    assert (sold.value_fen, sold.value_dp, sold.counterparty.code, sold.date) == (
        900_050,
        1,
        "C-01",
        date(2026, 1, 20),
    )
    assert (closing.line_no, closing.note) == (7, "-6.5 before the recount")


def test_what_is_wrong_in_fact_is_stored_as_it_was_filed(tmp_path):
    loaded(write(tmp_path))
    export = Line.objects.get(kind=Kind.EXPORTED)
    assert (export.quantity_g, export.value_fen, export.date, export.licence_line_no) == (
        -1250,
        None,
        date(2027, 1, 1),
        3,
    )
    assert (export.from_batches, export.note) == ("L-1:2;L-2", "两行\n备注")
    assert not Finding.objects.exists()


def test_what_is_owed_follows(tmp_path):
    loaded(write(tmp_path))
    january = Obligation.objects.get(organisation__uscc=OWNER, period=Month.parse("2026-01"))
    assert (january.due_on, january.submitted_at) == (date(2026, 2, 11), at("2026-02-11 09:00"))
    march = Obligation.objects.get(organisation__uscc=OWNER, period=Month.parse("2026-03"))
    assert march.due_at == at("2026-04-21 00:00")
    on_time = dict(
        Filing.objects.filter(organisation__uscc=OWNER)
        .values_list("version", "on_time")
        .order_by("-period", "version")
    )
    assert on_time == {1: True, 2: False, 3: False}


def test_each_table_leaves_one_event(tmp_path):
    loaded(write(tmp_path))
    events = Event.objects.filter(verb="table.loaded")
    assert {event.data["table"]: event.data["added"] for event in events} == {
        name: len(rows) - 1 for name, rows in TABLES.items()
    }


def test_the_same_twice_changes_nothing(tmp_path):
    first = counts(loaded(write(tmp_path)))
    assert first == {name: (len(rows) - 1, len(rows) - 1, 0, 0) for name, rows in TABLES.items()}
    before = list(Line.objects.order_by("pk").values())
    assert counts(loaded(tmp_path)) == {
        name: (len(rows) - 1, 0, 0, len(rows) - 1) for name, rows in TABLES.items()
    }
    assert list(Line.objects.order_by("pk").values()) == before
    assert Filing.objects.count() == 5


def test_registers_may_change_and_more_may_come(tmp_path):
    loaded(write(tmp_path))
    changed = bent("products", 2, "N42SH,", "N45SH,")
    changed |= bent("extensions", 2, "停电", "设备故障")
    changed |= bent("reference_prices", 2, "260.5", "260.50") | bent("invoices", 2, "1170.07", "1170.08")
    changed["filings"] = [*TABLES["filings"], f"{OTHER},2026-03,1,2026-04-01T09:00:00+08:00,false,,"]
    changed["lines"] = [*TABLES["lines"], f"{OTHER},2026-03,1,1,opening,P-01,1,,,,,,,,,,,"]
    assert counts(loaded(write(tmp_path, **changed))) == {
        "calendar_days": (1, 0, 0, 1), "organisations": (2, 0, 0, 2), "products": (2, 0, 1, 1), "counterparties": (1, 0, 0, 1),
        "lots": (1, 0, 0, 1), "extensions": (2, 0, 1, 1), "filings": (6, 1, 0, 5), "lines": (8, 1, 0, 7),
        "quotas": (1, 0, 0, 1), "reference_prices": (2, 0, 1, 1), "invoices": (3, 0, 1, 2),
        "licences": (2, 0, 0, 2), "licence_lines": (3, 0, 0, 3), "declarations": (5, 0, 0, 5),
        "watchlist": (2, 0, 0, 2),
    }  # fmt: skip
    assert Product.objects.get(organisation__uscc=OWNER).name == "Sintered magnet N45SH"
    assert Line.objects.count() == 8


def packed(folder, *names):
    """Some tables, packed and with the line ends of another system."""
    folder.mkdir()
    for name in names:
        with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
            file.write("\ufeff" + "\r\n".join(TABLES[name]))
    return folder


def test_tables_may_come_one_after_the_other_and_packed(tmp_path):
    for number, names in enumerate(
        (["organisations"], ["products"], ["counterparties"], ["filings", "lines"])
    ):
        assert not loaded(packed(tmp_path / str(number), *names)).faults
    assert Line.objects.count() == 7


def test_lines_without_their_filings_cannot_be_placed(tmp_path):
    for number, names in enumerate((["organisations", "products", "counterparties"], ["lines"])):
        report = loaded(packed(tmp_path / str(number), *names))
    assert {(fault.column, fault.code) for fault in report.faults} == {("version", "unknown_key")}


def test_a_version_filed_without_lines_gains_none(tmp_path):
    for number, names in enumerate((["organisations", "products", "counterparties", "filings"], ["lines"])):
        report = loaded(packed(tmp_path / str(number), *names))
    assert {fault.code for fault in report.faults} == {"other_content"}
    assert not Line.objects.exists()


def test_columns_may_stand_in_any_order_and_optional_ones_be_absent(tmp_path):
    report = loaded(
        write(
            tmp_path,
            organisations=["reports_from,name_en,uscc", f"2026-01,Aurora,{OWNER}", f",Borealis,{OTHER}"],
        )
    )
    assert not report.faults
    assert Organisation.objects.get(uscc=OTHER).reports_from is None


def test_a_dry_run_reads_everything_and_stores_nothing(tmp_path):
    out = StringIO()
    call_command("load", str(write(tmp_path)), "--dry-run", stdout=out)
    assert "lines: 7 rows, 7 added" in out.getvalue()
    assert not Organisation.objects.exists()
    assert not Event.objects.exists()


def test_files_that_are_no_table_are_named_and_left_alone(tmp_path):
    folder = write(tmp_path)
    (folder / "notes.csv").write_text("a\n", "utf-8")
    out = StringIO()
    call_command("load", str(folder), stdout=out)
    assert "notes.csv: left alone" in out.getvalue()
    assert Filing.objects.count() == 5


OTHERWISE = [
    ("filings", 2, "09:00:00", "10:00:00", "filings.csv:2:submitted_at"),
    ("filings", 2, ",false,", ",true,", "filings.csv:2:nil"),
    ("filings", 4, "a slip", "a mistake", "filings.csv:4:amendment_reason"),
    ("lines", 2, "10.50", "10.5", "lines.csv:2:quantity_kg"),
    ("lines", 4, "before", "after", "lines.csv:4:note"),
    ("lines", 3, "INV-1", "INV-2", "lines.csv:3:invoice_no"),
    ("lines", 3, "C-01", "", "lines.csv:3:counterparty"),
    ("lines", 3, "9000.5", "9000.50", "lines.csv:3:value_cny"),
    ("lines", 4, ",7,", ",8,", "lines.csv:4:line_no"),
]


@pytest.mark.parametrize(("table", "row", "old", "new", "place"), OTHERWISE)
def test_a_filed_version_never_changes(tmp_path, table, row, old, new, place):
    loaded(write(tmp_path))
    said = refusals(write(tmp_path, **bent(table, row, old, new)))
    assert [line.split(": ")[:2] for line in said] == [[place, "other_content"]]


def test_a_filed_version_loses_no_line_and_gains_none(tmp_path):
    loaded(write(tmp_path))
    more = [*TABLES["lines"], f"{OWNER},2026-01,1,8,lost,P-01,1,,,,,,,,,,,"]
    places = {
        "filings.csv:5:version": TABLES["lines"][:-1],
        "lines.csv:6:version": [*TABLES["lines"][:6], TABLES["lines"][7]],
        "lines.csv:9:line_no": more,
        "filings.csv:2:version": TABLES["lines"][:1],
    }
    for place, lines in places.items():
        said = refusals(write(tmp_path, lines=lines))
        assert said[0].startswith(f"{place}: other_content: "), said


def test_a_cell_that_cannot_be_read_is_told_alone(tmp_path):
    loaded(write(tmp_path))
    said = refusals(write(tmp_path, **bent("lines", 2, "10.50", "ten")))
    assert [line.split(": ")[:2] for line in said] == [["lines.csv:2:quantity_kg", "not_a_number"]]


def test_a_decision_may_come_later_and_is_never_undone(tmp_path):
    loaded(write(tmp_path))
    report = loaded(write(tmp_path, **bent("filings", 3, "false,,", "false,,accepted")))
    assert counts(report)["filings"] == (5, 0, 1, 4)
    assert (
        Filing.objects.get(period=Month.parse("2026-02"), version=1, organisation__uscc=OWNER).status
        == FilingStatus.ACCEPTED
    )
    assert not loaded(write(tmp_path)).faults
    said = refusals(write(tmp_path, **bent("filings", 5, "withdrawn", "accepted")))
    assert said[0].startswith("filings.csv:5:status: other_status: ")


def test_a_month_with_a_draft_is_not_overrun(tmp_path):
    owner = factories.organisation(OWNER)
    factories.filing(owner, "2026-02")
    said = refusals(write(tmp_path))
    assert {line.split(": ")[1] for line in said} == {"draft_open"}


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(CommandError, match="No table"):
        call_command("load", str(tmp_path))
    with pytest.raises(CommandError, match="not a folder"):
        call_command("load", str(tmp_path / "nowhere"))
