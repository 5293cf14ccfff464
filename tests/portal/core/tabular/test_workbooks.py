"""Workbooks as people and programs fill them: what is read, what is said about the rest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell

from portal.core.tabular.reading import read_table, read_tables
from portal.core.tabular.tables import Limits, RawTable, Reading, TableSpec
from tests.portal.core.tabular.samples import HEAD, LINES, part_of, saved, with_part, workbook

FIXTURE = Path(__file__).parents[3] / "fixtures" / "libreoffice_filing.xlsx"
SHEET = "xl/worksheets/sheet1.xml"


def lines(data: bytes) -> RawTable:
    return read(data).tables["lines"]


def read(data: bytes) -> Reading:
    return read_table(data, "filing.xlsx", LINES)


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(fault.code, fault.address) for fault in reading.faults]


def test_values_become_exact_text_with_their_kind_and_place() -> None:
    head = [*HEAD, "value_cny", "date", "note"]
    data = workbook(
        [
            ["Aurora Magnets, May 2026"],
            [],
            head,
            ["sold", "P-01", 120.5, 1e-05, dt.date(2026, 5, 3), True],
            ["sold", 7.0, 0.1 + 0.2, 123456.78, dt.datetime(2026, 5, 3, 9, 30), "备注"],  # noqa: DTZ001
        ]
    )
    table = lines(data)
    assert table.rows == [
        ["sold", "P-01", "120.5", "0.00001", "2026-05-03", "TRUE"],
        ["sold", "7", "0.3", "123456.78", "2026-05-03", "备注"],
    ]
    assert table.kinds == ["ttnndb", "tnnnmt"]
    assert table.header_row == 3
    assert table.address(1, "product") == "B5"


def test_headings_in_both_languages_in_any_order_with_units() -> None:
    table = lines(workbook([["日期 ", "数量(千克)*", "产品代码", "Kind"], ["2026/5/3", "1", "P", "sold"]]))
    assert table.columns == ("date", "quantity_kg", "product", "kind")
    assert table.rows == [["2026-05-03", "1", "P", "sold"]]


def test_unknown_doubled_and_missing_headings_are_named() -> None:
    reading = read(workbook([["kind", "product", "Kind", "colour"], ["sold", "P", "x", "red"]]))
    assert codes(reading) == [("duplicate_column", "C1"), ("unknown_column", "D1"), ("missing_column", "1")]
    assert reading.tables["lines"].rows == [["sold", "P"]]


def test_a_column_without_heading_is_named_once() -> None:
    reading = read(workbook([[*HEAD, None], ["sold", "P", 1, "lost"], ["sold", "P", 1, "lost too"]]))
    assert codes(reading) == [("unnamed_column", "D2")]


def test_blank_rows_and_columns_are_dropped_but_places_stay() -> None:
    table = lines(workbook([HEAD, ["sold", "P", 1], [], ["   ", None, None], ["sold", "Q", 2], [], []]))
    assert [row[1] for row in table.rows] == ["P", "Q"]
    assert table.row_numbers == [2, 5]


def test_error_values_and_formulas_without_result_are_faults_in_place() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append([*HEAD, "value_cny"])
    page.append(["sold", "P", 5, "=C2*3"])
    page.append(["sold", "#REF!", 5, 1])
    assert isinstance(page["B3"], Cell)
    page["B3"].data_type = "e"
    reading = read(saved(book))
    assert codes(reading) == [("formula_not_calculated", "D2"), ("error_value", "B3")]
    table = reading.tables["lines"]
    assert table.unread(1) == {"product": "#REF!"}
    assert table.kinds == ["ttnu", "tunn"]


def test_a_number_too_long_for_a_spreadsheet_is_a_fault() -> None:
    reading = read(workbook([[*HEAD, "declaration_no"], ["sold", "P", 1, 223020260000000123]]))
    assert codes(reading) == [("digits_lost", "D2")]


@pytest.mark.holds("uploads-odd-text")
def test_numbers_that_are_none_are_faults() -> None:
    good = workbook([HEAD, ["sold", "P", 12345]])
    sheet = part_of(good, SHEET).replace(b"<v>12345</v>", b"<v>NaN</v>")
    assert codes(read(with_part(good, SHEET, sheet))) == [("number_not_finite", "C2")]
    table = lines(with_part(good, SHEET, part_of(good, SHEET).replace(b"<v>12345</v>", b"<v>1e308</v>")))
    assert len(table.rows[0][2]) == 309


def test_merged_cells_count_once_and_are_noted() -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (["Title"], HEAD, ["sold", "P", 1], ["sold", None, 2]):
        page.append(row)
    page.merge_cells("A1:C1")
    page.merge_cells("B3:B4")
    reading = read(saved(book))
    assert codes(reading) == [("merged_cells", "B3")]
    assert reading.clean
    assert reading.tables["lines"].column("product") == ["P", ""]


def test_apostrophes_numbers_as_text_and_serial_dates() -> None:
    rows = [
        [*HEAD, "date"],
        ["sold", "'00123", "'120.5", 46145],
        ["sold", "O'Brien", "１２０．５", "20260503"],
    ]
    table = lines(workbook(rows))
    assert table.rows == [
        ["sold", "00123", "120.5", "2026-05-03"],
        ["sold", "O'Brien", "120.5", "2026-05-03"],
    ]


def test_the_tables_own_sheet_is_taken_and_a_twin_is_reported() -> None:
    one, two = [HEAD, ["sold", "P", 1]], [HEAD, ["sold", "Q", 2]]
    reading = read(workbook(two, title="Copy", Lines=one, About=[["Read me"]]))
    assert reading.tables["lines"].column("product") == ["P"]
    assert codes(reading) == [("sheet_not_read", "")]


def test_a_sheet_may_be_asked_for_by_name() -> None:
    data = workbook([HEAD, ["sold", "P", 1]], May=[HEAD, ["sold", "Q", 2]])
    assert read_table(data, "a.xlsx", LINES, sheet="may").tables["lines"].column("product") == ["Q"]
    refused = read_table(data, "a.xlsx", LINES, sheet="June").refusal
    assert refused is not None
    assert refused.code == "sheet_not_found"


def test_several_tables_of_one_workbook() -> None:
    clients = TableSpec("counterparties", {"code": "code", "name": "name", "country": "country"})
    data = workbook([HEAD, ["sold", "P", 1]], counterparties=[["code", "name"], ["C-1", "磁材公司"]])
    reading = read_tables(data, "a.xlsx", [LINES, clients])
    assert reading.clean
    assert list(reading.tables["counterparties"].records()) == [{"code": "C-1", "name": "磁材公司"}]


@pytest.mark.parametrize(
    ("rows", "code"),
    [([], "no_table"), ([["Only", "words"], ["and", "more"]], "header_not_found")],
)
def test_a_workbook_without_the_table_is_refused(rows: list[list[str]], code: str) -> None:
    refused = read(workbook(rows)).refusal
    assert refused is not None
    assert refused.code == code


@pytest.mark.holds("uploads-bombs")
def test_a_stray_value_at_the_far_corner_is_refused_without_laying_it_out() -> None:
    good = part_of(workbook([HEAD, ["sold", "P", 1]]), SHEET)
    far = good.replace(b"</sheetData>", b'<row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData>')
    refused = read(with_part(workbook([HEAD]), SHEET, far)).refusal
    assert refused is not None
    assert (refused.code, refused.values["last"]) == ("too_many_cells", 1048576)
    wide = good.replace(b"</sheetData>", b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>')
    refused = read(with_part(workbook([HEAD]), SHEET, wide)).refusal
    assert refused is not None
    assert refused.code == "too_many_columns"


def test_styled_empty_cells_far_away_do_no_harm() -> None:
    good = part_of(workbook([HEAD, ["sold", "P", 1]]), SHEET)
    far = good.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert len(lines(with_part(workbook([HEAD]), SHEET, far))) == 1


@pytest.mark.holds("uploads-bombs")
def test_a_million_columns_without_references_are_refused() -> None:
    good = part_of(workbook([HEAD, ["sold", "P", 1]]), SHEET)
    wide = good.replace(b"</sheetData>", b"<row>" + b"<c><v>1</v></c>" * 100_000 + b"</row></sheetData>")
    reading = read_table(
        with_part(workbook([HEAD]), SHEET, wide), "a.xlsx", LINES, limits=Limits(max_ratio=10_000)
    )
    assert reading.refusal is not None
    assert reading.refusal.code == "too_many_columns"


@pytest.mark.holds("uploads-bombs")
def test_too_many_rows_are_refused() -> None:
    data = workbook([HEAD, *([["sold", "P", 1]] * 300)])
    refused = read_table(data, "a.xlsx", LINES, limits=Limits(max_rows=250)).refusal
    assert refused is not None
    assert refused.code == "too_many_rows"


def test_faults_beyond_the_limit_are_counted() -> None:
    data = workbook([[*HEAD, "date"], *([["sold", "P", 1, "05/06/2026"]] * 30)])
    reading = read_table(data, "a.xlsx", LINES, limits=Limits(max_faults=10))
    assert [fault.code for fault in reading.faults[-2:]] == ["ambiguous_date", "more_faults"]
    assert reading.faults[-1].values == {"count": 20}
    assert all(kinds[3] == "u" for kinds in reading.tables["lines"].kinds)


def test_a_prefixed_worksheet_is_scanned_as_any_other() -> None:
    sheet = part_of(workbook([HEAD, ["sold", "P", 1]]), SHEET).decode()
    body = sheet[sheet.index("<sheetData>") : sheet.index("</sheetData>") + 12]
    prefixed = body.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("<x:/", "</")
    space = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    made = f"<x:worksheet {space}>{prefixed}</x:worksheet>"
    assert lines(with_part(workbook([HEAD]), SHEET, made.encode())).rows == [["sold", "P", "1"]]


def test_a_workbook_by_libreoffice() -> None:
    reading = read(FIXTURE.read_bytes())
    table = reading.tables["lines"]
    assert len(table) == 300
    assert table.header_row == 3
    assert {fault.code for fault in reading.faults} == {"merged_cells", "error_value", "unknown_column"}
    assert table.column("date")[:5] == ["2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05", "2026-05-06"]
    assert table.column("quantity_kg")[:3] == ["100.125", "100.25", "100.375"]
    assert table.column("note")[39] == "=1+1 不是公式"
