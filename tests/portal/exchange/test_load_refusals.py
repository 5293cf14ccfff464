"""What the bulk load refuses: each cell, key and header by its place and code, and nothing is stored."""

import gzip

import pytest

from portal.accounts.models import Organisation
from tests.portal.exchange.folders import OTHER, OWNER, TABLES, bent, refusals, write


@pytest.fixture(autouse=True)
def nothing_yet(db):
    return None


CELLS = [
    ("organisations", 2, OWNER, "9133", "uscc", "not_a_uscc"),
    ("organisations", 2, "magnet;exporter", "magnet;smuggler", "activities", "unknown_code"),
    ("organisations", 2, "2026-01", "2026-13", "reports_from", "not_a_period"),
    ("organisations", 2, "2026-01,", "2026-01,2025-01", "reports_until", "not_in_order"),
    ("organisations", 3, "Borealis Metals", "", "name_zh", "value_missing"),
    ("products", 2, "magnet,ndfeb", "magnets,ndfeb", "stage", "unknown_code"),
    ("products", 2, "8505111000", "8505.11", "hs_code", "not_digits"),
    ("products", 2, "23.5", "twenty", "nd_pct", "not_a_number"),
    ("products", 2, "P-01", "P" * 41, "code", "too_long"),
    ("products", 3, OTHER, "91110108167834613F", "organisation", "unknown_key"),
    ("counterparties", 2, ",DE,", ",Germany,", "country", "not_a_country"),
    ("counterparties", 2, ",VAT,", ",TAX,", "id_type", "unknown_code"),
    ("lots", 2, "P-01", "P-02", "product", "unknown_key"),
    ("lots", 2, "2026-02-03", "3.2.2026", "assayed_on", "not_a_date"),
    ("extensions", 2, "2026-04-20", "2026-04-31", "until", "not_a_date"),
    ("extensions", 2, "2026-04-20", "9999-12-31", "until", "too_late"),
    ("organisations", 2, "2026-01", "0001-01", "reports_from", "not_a_period"),
    (
        "filings",
        2,
        "2026-02-11T09:00:00+08:00",
        "0001-01-01T00:00:00+14:00",
        "submitted_at",
        "not_an_instant",
    ),
    ("filings", 2, "2026-02-11T09:00:00+08:00", "9999-12-31T23:59:59Z", "submitted_at", "not_an_instant"),
    ("calendar_days", 2, "false", "maybe", "working", "not_true_or_false"),
    ("filings", 2, "+08:00", "", "submitted_at", "no_offset"),
    ("filings", 2, "2026-02-11T09", "2026-02-30T09", "submitted_at", "not_an_instant"),
    ("filings", 2, "2026-02-11T09:00:00+08:00", "", "submitted_at", "value_missing"),
    ("filings", 2, "accepted", "lost", "status", "unknown_code"),
    ("filings", 2, ",1,", ",0,", "version", "version_not_positive"),
    ("lines", 2, "opening", "found", "kind", "unknown_code"),
    ("lines", 2, "10.50", "10,50,", "", "cells_in_row"),
    ("lines", 2, "10.50", "10.5kg", "quantity_kg", "not_a_number"),
    ("lines", 2, "10.50", "10.5001", "quantity_kg", "too_many_decimals"),
    ("lines", 2, "10.50", "9" * 19, "quantity_kg", "too_large"),
    ("lines", 3, "9000.5", "1e3", "value_cny", "not_a_number"),
    ("lines", 3, "C-01", "C-02", "counterparty", "unknown_key"),
    ("lines", 3, "P-01", "P-02", "product", "unknown_key"),
    ("lines", 2, "2026-01,1,1", "2026-01,9,1", "version", "unknown_key"),
    ("lines", 2, "2026-01,1,1", "2026-01,1,", "line_no", "value_missing"),
    ("lines", 2, "2026-01,1,1", "2026-01,1,one", "line_no", "not_a_whole_number"),
    ("lines", 3, "2026-01-20", "20260120", "date", "not_a_date"),
]


@pytest.mark.parametrize(("table", "row", "old", "new", "column", "code"), CELLS)
def test_a_cell_that_cannot_be_read_is_named_and_nothing_is_stored(
    tmp_path, table, row, old, new, column, code
):
    said = refusals(write(tmp_path, **bent(table, row, old, new)))
    assert any(line.startswith(f"{table}.csv:{row}:{column}: {code}: ") for line in said), said
    assert not Organisation.objects.exists()


KEYS = [
    ("organisations", f"{OWNER},,Twin,,,,,", "4:uscc"),
    ("products", f"{OWNER},P-01,Twin,,,,,,,,,,,", "4:code"),
    ("lots", f"{OWNER},L-1,P-01,,,,,", "3:product"),
    ("filings", f"{OWNER},2026-01,1,2026-02-11T09:00:00+08:00,,,", "7:version"),
    ("lines", f"{OWNER},2026-01,1,7,closing,P-01,1,,,,,,,,,,,", "9:line_no"),
    ("calendar_days", "2026-02-10,true", "3:date"),
]


@pytest.mark.parametrize(("table", "row", "place"), KEYS)
def test_a_key_stands_once(tmp_path, table, row, place):
    said = refusals(write(tmp_path, **{table: [*TABLES[table], row]}))
    assert said == [said[0]]
    assert said[0].startswith(f"{table}.csv:{place}: duplicate_key: ")


def test_a_row_with_a_fault_is_told_once(tmp_path):
    said = refusals(write(tmp_path, **bent("organisations", 2, "2026-01", "soon")))
    assert [line.split(": ")[1] for line in said] == ["not_a_period"]


HEADERS = [
    ("uscc,name_en,name_en", "1:name_en: column_twice"),
    ("uscc,name_en,colour", "1:colour: unknown_column"),
    ("name_en", "1:uscc: column_missing"),
    ("", "1:: no_header"),
]


@pytest.mark.parametrize(("header", "said"), HEADERS)
def test_a_header_is_taken_at_its_word(tmp_path, header, said):
    assert any(
        line.startswith(f"organisations.csv:{said}")
        for line in refusals(write(tmp_path, organisations=[header]))
    )


def test_what_is_not_utf8_or_not_csv_is_refused(tmp_path):
    folder = write(tmp_path)
    (folder / "organisations.csv").write_bytes("uscc,name_zh\n91330201MADFQE5E01,曙光".encode("gb18030"))
    (folder / "products.csv").write_text('organisation,code\n"a"b,c\n', "utf-8")
    (folder / "lots.csv").rename(folder / "lots.csv.gz")
    codes = {line.split(": ")[1] for line in refusals(folder)}
    assert {"not_utf8", "not_csv", "unreadable_file"} <= codes


def test_a_table_that_lies_there_twice_is_refused(tmp_path):
    folder = write(tmp_path)
    with gzip.open(folder / "lines.csv.gz", "wt") as file:
        file.write("organisation\n")
    assert any("table_twice" in line for line in refusals(folder))
