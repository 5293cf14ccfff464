"""Writing and reading again: nothing runs as a formula, and what was written is what is read."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.tabular import writing
from portal.core.tabular.cells import clean
from portal.core.tabular.reading import read_table
from portal.core.tabular.tables import TableSpec
from portal.core.tabular.writing import Sheet, csv_lines, plain, write_csv, write_xlsx

NOTES = TableSpec("notes", {"code": "code", "note": "note", "amount": "amount"}, {"amount": "number"})
DANGEROUS = [
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@cmd",
    "\t=1",
    "\r=1",
    "＝1",
    "'=1",
    "''5",
    '="x"',
    '=HYPERLINK("http://x")',
]
TEXTS = st.one_of(
    st.sampled_from(
        [*DANGEROUS, "#N/A", "_x000D_", "a_x0041_b", "🧲 磁材", 'say "x"', "a;b,c\td", "x\ny", "-5", "007"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.text(st.sampled_from("'=+-@\t\n0a磁"), max_size=6),
)


def as_csv(rows: list[list[str]]) -> bytes:
    target = io.BytesIO()
    write_csv(target, ["code", "note"], rows)
    return target.getvalue()


def as_xlsx(rows: list[list[str]]) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, [Sheet("notes", ["code", "note"], rows)])
    return target.getvalue()


def meant(text: str) -> str:
    """What a reader makes of a text: trimmed, but for the blanks that a mark protects."""
    kept = text.replace("\r\n", "\n")
    lead = kept[:1] if kept[:1] in ("\t", "\r", "\n") else ""
    return lead + clean("|" + kept[len(lead) :])[1:] if lead else clean(kept)


@pytest.mark.holds("exports-run-nothing")
@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_csv_begins_as_a_formula(text: str) -> None:
    line = as_csv([["x", text]]).decode().split("\r\n", 1)[1]
    cell = line.removeprefix("x,").lstrip('"')
    assert cell.startswith("'")
    assert read_table(as_csv([["x", text]]), "a.csv", NOTES).tables["notes"].rows == [["x", text]]


@pytest.mark.holds("exports-run-nothing")
@pytest.mark.parametrize("text", [*DANGEROUS, "#REF!", "#N/A", "_x0041_"])
def test_no_cell_of_a_workbook_is_a_formula_or_an_error(text: str) -> None:
    data = as_xlsx([["x", text]])
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["B2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert read_table(data, "a.xlsx", NOTES).tables["notes"].rows == [["x", text]]


@pytest.mark.holds("exports-run-nothing")
@given(st.lists(st.tuples(st.just("x"), TEXTS), min_size=1, max_size=8))
def test_a_csv_reads_back(rows: list[tuple[str, str]]) -> None:
    texts = [list(row) for row in rows]
    reading = read_table(as_csv(texts), "a.csv", NOTES)
    assert reading.refusal is None
    assert reading.tables["notes"].rows == [[code, meant(note)] for code, note in texts]


@pytest.mark.holds("exports-run-nothing")
@given(st.lists(st.tuples(st.just("x"), TEXTS), min_size=1, max_size=8))
def test_a_workbook_reads_back(rows: list[tuple[str, str]]) -> None:
    texts = [list(row) for row in rows]
    reading = read_table(as_xlsx(texts), "a.xlsx", NOTES)
    assert reading.refusal is None
    assert reading.tables["notes"].rows == [
        [code, meant(note).replace("\ufffe", "\ufffd")] for code, note in texts
    ]


@given(st.lists(st.decimals(-(10**11), 10**11, places=3), min_size=1, max_size=6))
def test_exact_numbers_read_back(amounts: list[Decimal]) -> None:
    rows = [["x", "", amount] for amount in amounts]
    for name, data in {"a.csv": csv_of(rows), "a.xlsx": xlsx_of(rows)}.items():
        got = read_table(data, name, NOTES).tables["notes"].column("amount")
        assert [Decimal(text) for text in got] == amounts


def csv_of(rows: Sequence[Sequence[writing.Value]]) -> bytes:
    target = io.BytesIO()
    write_csv(target, ["code", "note", "amount"], rows)
    return target.getvalue()


def xlsx_of(rows: Sequence[Sequence[writing.Value]]) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, [Sheet("notes", ["code", "note", "amount"], rows)])
    return target.getvalue()


def test_values_are_written_as_the_dictionary_says() -> None:
    instant = dt.datetime(2026, 5, 10, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    values: list[writing.Value] = [
        None,
        True,
        -5,
        Decimal("1E+3"),
        Decimal("-0.050"),
        dt.date(2026, 5, 3),
        instant,
        0.5,
    ]
    assert [plain(value) for value in values] == [
        "", "true", "-5", "1000", "-0.050", "2026-05-03", "2026-05-10T09:30:00+08:00", "0.5",
    ]  # fmt: skip
    assert plain("-5") == "-5"


def test_what_the_dictionary_does_not_know_is_not_written() -> None:
    with pytest.raises(ValueError, match="offset"):
        plain(dt.datetime(2026, 5, 10))  # noqa: DTZ001
    with pytest.raises(TypeError, match="list"):
        plain([])  # type: ignore[arg-type]


def test_a_number_that_a_spreadsheet_would_round_stays_text() -> None:
    data = xlsx_of([["x", "", 12345678901234567], ["y", "", Decimal("1234567890123.4567")]])
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page["C2"].value == "12345678901234567"
    assert page["C3"].value == "1234567890123.4567"


def test_packed_and_marked_files(tmp_path: Path) -> None:
    assert write_csv(tmp_path / "a.csv.gz", ["code", "note"], [["x", "磁"]]) == 1
    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()) == "code,note\r\nx,磁\r\n".encode()
    write_csv(tmp_path / "b.csv", ["code", "note"], [["x", "磁"]], for_excel=True)
    assert (tmp_path / "b.csv").read_bytes().startswith(b"\xef\xbb\xbfcode")
    stream = io.StringIO(newline="")
    write_csv(stream, ["code"], [[None], ["x"]])
    assert stream.getvalue() == 'code\r\n""\r\nx\r\n'


def test_lines_are_streamed() -> None:
    assert list(csv_lines(["code"], [["=x"], ["y"]])) == ["\ufeffcode\r\n", "'=x\r\n", "y\r\n"]


def test_no_temporary_file_stays_after_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def rows() -> list[list[writing.Value]]:
        return [["x", "y"], ["x", [1]]]  # type: ignore[list-item]

    with pytest.raises(ValueError):
        write_xlsx(io.BytesIO(), [Sheet("notes", ["code", "note"], rows())])
    assert not list(tmp_path.iterdir())


def test_titles_are_what_spreadsheets_allow() -> None:
    assert writing.sheet_title("a/b:c*?[x]" + "磁" * 40) == "a b c   x " + "磁" * 21
    assert writing.sheet_title("'/'") == "Sheet"
