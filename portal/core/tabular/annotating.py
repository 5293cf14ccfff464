"""A user's file handed back as a workbook with a comment in each faulty cell.

Remarks of an earlier round are taken away first, so that what is mended is clean; a person's own
comments stay. A workbook keeps its formulas, formats and other sheets; a text becomes a workbook. Beyond
20,000 rows a workbook is written afresh from its values, because loading it whole would take too much.
Runs in the reading child: the file is hostile until proven otherwise.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from portal.core.tabular.delimited import decode, split
from portal.core.tabular.escaping import unmark_csv
from portal.core.tabular.headers import count_known
from portal.core.tabular.sniff import sniff, unpack_gzip
from portal.core.tabular.tables import Limits
from portal.core.tabular.template import AUTHOR, set_text
from portal.core.tabular.workbook_saving import empty_book, save_in_memory
from portal.core.tabular.workbooks import Workbook as CheckedWorkbook
from portal.core.tabular.writing import workbook_text

_FILL = PatternFill("solid", fgColor="FFFFD9C7")
_NO_FILL = PatternFill()
_TITLE = "— Lodestone —"
_LARGE = 20_000


@dataclass(frozen=True, slots=True)
class Remark:
    """Words for a cell, a row (no column) or a sheet (no row); an empty sheet name means the first."""

    sheet: str
    row: int | None
    column: int | None
    text: str


def annotate(data: bytes, filename: str, remarks: Sequence[Remark], limits: Limits | None = None) -> bytes:
    """The file as an .xlsx with the remarks as comments. Raises ``RefusalError`` for what cannot be read."""
    limits = limits or Limits()
    kind = sniff(data, filename, limits)
    if kind == "xlsx":
        checked = CheckedWorkbook(data, limits)
        book = _open(data, checked)
    else:
        book = _from_text(unpack_gzip(data, limits) if kind == "csv.gz" else data, limits)
    pages = {page.title: page for page in book.worksheets}
    for page in pages.values():
        _clear(page)
    grouped: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for remark in remarks:
        title = remark.sheet if remark.sheet in pages else book.worksheets[0].title
        grouped[(title, remark.row or 1, remark.column or 1)].append(remark.text)
    for (title, row, column), texts in grouped.items():
        _remark(pages[title].cell(row, column), pages[title], texts)
    return save_in_memory(book)


def _open(data: bytes, checked: CheckedWorkbook) -> Any:
    """The workbook as it is, or its values where it is large or too odd for the library that annotates."""
    if all(seen.rows <= _LARGE for seen in checked.findings.sheets.values()):
        try:
            return load_workbook(io.BytesIO(data))
        except Exception:  # the library's faults on odd but readable files have no common type
            return _copy(checked)
    return _copy(checked)


def _clear(page: Any) -> None:
    """Take away earlier remarks, known by their first line: LibreOffice does not keep a comment's author."""
    for cell in list(page._cells.values()):  # noqa: SLF001 - iterating rows would create what lies between
        if cell.comment is None or _TITLE not in cell.comment.text:
            continue
        theirs = cell.comment.text.partition(_TITLE)[0].rstrip()
        cell.comment = Comment(theirs, cell.comment.author) if theirs else None
        if cell.fill.fgColor is not None and cell.fill.fgColor.rgb == _FILL.fgColor.rgb:
            cell.fill = _NO_FILL


def _remark(cell: Any, page: Any, texts: Iterable[str]) -> None:
    if isinstance(cell, MergedCell):
        area = next(area for area in page.merged_cells.ranges if cell.coordinate in area)
        cell = page.cell(area.min_row, area.min_col)
    words = "\n".join([_TITLE, *dict.fromkeys(texts)])
    if cell.comment is not None:
        words = f"{cell.comment.text}\n{words}"
    height = min(400, 60 + 18 * (len(words) // 40 + 1))
    cell.comment = Comment(workbook_text(words[:8_000]), AUTHOR, width=360, height=height)
    if cell.fill.fill_type is None:
        # A cell with a colour of its own (a heading) keeps it: its type may be unreadable on ours.
        cell.fill = _FILL


def _copy(checked: CheckedWorkbook) -> Any:
    """The values of every sheet in a new workbook."""
    book: Any = empty_book()
    for title in checked.titles:
        page = book.create_sheet(title)
        for number, row in enumerate(checked.grid(title).rows, start=1):
            for at, value in enumerate(row, start=1):
                if isinstance(value, str):
                    if value:
                        set_text(page, number, at, value)
                else:
                    page.cell(number, at).value = value
    return book


def _from_text(data: bytes, limits: Limits) -> Any:
    grid = split(decode(data), lambda rows: count_known(rows, {}), limits)
    book: Any = empty_book()
    page = book.create_sheet("CSV")
    for number, row in enumerate(grid.rows, start=1):
        for at, text in enumerate(row, start=1):
            if text:
                set_text(page, number, at, unmark_csv(str(text)))
    page.freeze_panes = "A2"
    return book
