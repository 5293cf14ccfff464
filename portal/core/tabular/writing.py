"""Writing tables as CSV and XLSX: no cell ever runs as a formula, and reading gives back what was written.

Values may be text, whole numbers, ``Decimal``, dates, instants with an offset, true/false or None.
Floats are written only where the caller passes them (statistics); reported quantities are decimals.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from portal.core.tabular.escaping import mark_for_csv, mark_for_workbook

Value = str | int | Decimal | float | bool | dt.date | dt.datetime | None

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SHEET_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_EXCEL_DIGITS = 15
_EXCEL_TEXT = 32_767
_RUNS = ("=", "#", "'", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to write: its title, headings and rows; ``widths`` in characters, in order."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()


def plain(value: Value) -> str:
    """A value as the dictionary writes it. Raises ``ValueError`` for an instant without an offset."""
    writer = _PLAIN.get(type(value))
    if writer is None:
        raise TypeError(f"cannot write a {type(value).__name__}")
    return writer(value)


def _instant(value: dt.datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant is written with its offset")
    return value.isoformat()


_PLAIN: dict[type, Callable[..., str]] = {
    type(None): lambda nothing: "",  # noqa: ARG005 - every writer takes its value
    str: mark_for_csv,
    int: str,
    bool: lambda truth: "true" if truth else "false",
    Decimal: lambda number: format(number, "f"),
    float: repr,
    dt.date: dt.date.isoformat,
    dt.datetime: _instant,
}


def write_csv(
    target: str | Path | TextIO | BinaryIO,
    header: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    for_excel: bool = False,
) -> int:
    """Write a CSV (RFC 4180, UTF-8; packed where a path ends in ``.gz``) row by row; the number of rows.

    ``for_excel`` puts a byte-order mark first, without which Excel garbles Chinese.
    """
    count = 0
    with _text_of(target) as stream:
        if for_excel:
            stream.write("\ufeff")
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([mark_for_csv(label) for label in header])
        for row in rows:
            writer.writerow([plain(value) for value in row])
            count += 1
    return count


@contextmanager
def _text_of(target: str | Path | TextIO | BinaryIO) -> Iterator[TextIO]:
    """The target as a stream of text; what the caller opened stays open."""
    if isinstance(target, (str, Path)):
        opener = gzip.open if str(target).endswith(".gz") else open
        with opener(target, "wb") as file, io.TextIOWrapper(file, "utf-8", "replace", newline="") as stream:  # type: ignore[arg-type]
            yield stream
    elif isinstance(target, io.TextIOBase):
        yield target
    else:
        stream = io.TextIOWrapper(target, "utf-8", "replace", newline="")  # type: ignore[arg-type]
        yield stream
        stream.flush()
        stream.detach()


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """The same CSV line by line, with the mark for Excel, for a streamed answer."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([mark_for_csv(label) for label in header])
    for row in rows:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([plain(value) for value in row])
    yield buffer.getvalue()


def write_xlsx(target: str | Path | BinaryIO, sheets: Iterable[Sheet]) -> int:
    """Write a workbook row by row; the number of rows. At most 1,048,575 rows fit a sheet (``ValueError``).

    The library's temporary files are gone when this returns, whatever happened.
    """
    book = Workbook(write_only=True)
    count = 0
    try:
        for sheet in sheets:
            count += _write_sheet(book, sheet)
        book.save(target)
    finally:
        _remove_files(book)
    return count


def _remove_files(book: Workbook) -> None:
    pages: list[Any] = list(book.worksheets)
    for page in pages:
        if page._writer is not None:  # noqa: SLF001 - the library removes its files only after success
            Path(page._writer.out).unlink(missing_ok=True)  # noqa: SLF001


def _write_sheet(book: Workbook, sheet: Sheet) -> int:
    page: Any = book.create_sheet(sheet_title(sheet.title))
    page.freeze_panes = "A2"
    for at, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(at)].width = width
    bold = Font(bold=True)
    labels = []
    for label in sheet.header:
        cell = text_cell(page, label)
        cell.font = bold
        labels.append(cell)
    page.append(labels)
    count = 0
    for row in sheet.rows:
        count += 1
        if count > 1_048_575:
            raise ValueError("more rows than a sheet can hold")
        page.append([workbook_value(page, value) for value in row])
    return count


def workbook_value(page: Any, value: Value) -> Any:
    """A value as a workbook's cell: exact numbers as numbers, text as text whatever it begins with."""
    if isinstance(value, str):
        if value.startswith(_RUNS):
            return text_cell(page, value)
        return workbook_text(value)
    if isinstance(value, dt.datetime):
        return _instant(value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and not _fits(value):
        return text_cell(page, plain(value))
    return value


def _fits(value: int | Decimal) -> bool:
    """Whether a spreadsheet can hold the number without rounding it."""
    number = Decimal(value)
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= _EXCEL_DIGITS


def text_cell(page: Any, text: str) -> Any:
    """A cell that is text for the spreadsheet too, also when a person edits it."""
    cell: Any = WriteOnlyCell(page, value=workbook_text(text))
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def workbook_text(text: str) -> str:
    """Text as it may stand in a workbook's XML and is read back the same. Cut at Excel's 32,767 characters."""
    text = _ILLEGAL.sub("\ufffd", mark_for_workbook(text))
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    return text.replace("\r", "_x000D_")[:_EXCEL_TEXT]


def sheet_title(title: str) -> str:
    """A title as spreadsheets allow it: 31 characters, without ``[ ] : * ? / \\``."""
    return _SHEET_TITLE.sub(" ", title).strip(" '")[:31] or "Sheet"
