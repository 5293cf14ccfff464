"""The workbook a producer fills in: headings, drop-downs, hints, filled rows, instructions.

Lists of choices stand on one hidden sheet, because a list inside a validation may hold 255 characters
only. Codes are kept as text (leading zeros, long numbers). The workbook carries marks (custom document
properties) that say what it was made for; ``Reading.marks`` gives them back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.core.tabular.workbook_saving import empty_book, save_in_memory
from portal.core.tabular.writing import Value, sheet_title, workbook_text, workbook_value

AUTHOR = "Lodestone"
_FORMATS = {"text": "@", "number": "#,##0.###", "money": "#,##0.00", "whole": "0", "date": "yyyy-mm-dd"}
_INK, _REQUIRED, _OPTIONAL = "FFFFFFFF", "FF1F3A5F", "FF5B6B7C"
_LISTS = "Lists"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column to fill in. ``width`` is in characters; ``hint`` is shown when a cell is chosen.

    ``choices`` become a drop-down; with ``strict`` nothing else may be typed (``refusal`` says so).
    """

    label: str
    width: int = 14
    kind: Literal["text", "number", "money", "whole", "date"] = "text"
    choices: Sequence[str] = ()
    hint: str = ""
    required: bool = False
    strict: bool = True
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """A sheet to fill in, with the rows that stand in it already, and room for as many as ``room``."""

    title: str
    columns: Sequence[TemplateColumn]
    rows: Sequence[Sequence[Value]] = ()
    room: int = 10_000


def write_template(
    sheets: Sequence[TemplateSheet],
    *,
    instructions_title: str = "",
    instructions: Sequence[str] = (),
    choices_sheets: Mapping[str, Sequence[Sequence[str]]] | None = None,
    marks: Mapping[str, str] | None = None,
    title: str = "",
) -> bytes:
    """The workbook as bytes. The first sheet to fill in is the one that opens.

    ``choices_sheets`` are visible sheets to look things up in (title -> rows, the first a header).
    """
    book: Any = empty_book()
    lists = _Lists()
    for sheet in sheets:
        _fill(book.create_sheet(sheet_title(sheet.title)), sheet, lists)
    for name, rows in (choices_sheets or {}).items():
        _look_up(book.create_sheet(sheet_title(name)), rows)
    if instructions:
        _instruct(book.create_sheet(sheet_title(instructions_title)), instructions)
    lists.add_to(book)
    book.active = 0
    book.properties.creator = AUTHOR
    book.properties.title = title
    for name, value in (marks or {}).items():
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    return save_in_memory(book)


class _Lists:
    """The hidden sheet of choices; equal lists share a column."""

    def __init__(self) -> None:
        self.columns: list[tuple[str, ...]] = []

    def reference(self, choices: Sequence[str]) -> str:
        """The range that holds these choices."""
        wanted = tuple(choices)
        if wanted not in self.columns:
            self.columns.append(wanted)
        letter = get_column_letter(self.columns.index(wanted) + 1)
        return f"{_LISTS}!${letter}$1:${letter}${len(wanted)}"

    def add_to(self, book: Any) -> None:
        """Write the sheet, last in the book and hidden."""
        if not self.columns:
            return
        page = book.create_sheet(_LISTS)
        page.sheet_state = "hidden"
        for at, choices in enumerate(self.columns, start=1):
            for row, choice in enumerate(choices, start=1):
                set_text(page, row, at, choice)


def _fill(page: Any, sheet: TemplateSheet, lists: _Lists) -> None:
    page.freeze_panes = "A2"
    page.row_dimensions[1].height = 34
    last = max(sheet.room, len(sheet.rows)) + 1
    for at, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(at)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = _FORMATS[column.kind]
        _head(page, at, column)
        validation = _validation(column, lists)
        if validation is not None:
            validation.add(f"{letter}2:{letter}{last}")
            page.add_data_validation(validation)
    for number, row in enumerate(sheet.rows, start=2):
        for at, (value, column) in enumerate(zip(row, sheet.columns, strict=True), start=1):
            if value is not None:
                _put(page, number, at, value, column)
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{last}"


def _head(page: Any, at: int, column: TemplateColumn) -> None:
    cell = set_text(page, 1, at, column.label)
    cell.font = Font(bold=True, color=_INK)
    cell.fill = PatternFill("solid", fgColor=_REQUIRED if column.required else _OPTIONAL)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.border = Border(right=Side(style="thin", color=_INK))
    if column.hint:
        cell.comment = Comment(workbook_text(column.hint), AUTHOR, width=320, height=120)


def _validation(column: TemplateColumn, lists: _Lists) -> DataValidation | None:
    """The drop-down or the kind of value; the hint beside the cell. Excel allows 255 characters for it."""
    if column.choices:
        rule = DataValidation("list", formula1=lists.reference(column.choices), allow_blank=True)
        rule.showErrorMessage = column.strict
        rule.error = (column.refusal or None) and column.refusal[:255]
    elif column.kind == "date":
        rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
    elif column.hint:
        rule = DataValidation(allow_blank=True)
    else:
        return None
    if column.hint:
        rule.showInputMessage, rule.promptTitle, rule.prompt = True, column.label[:32], column.hint[:255]
    return rule


def _put(page: Any, row: int, at: int, value: Value, column: TemplateColumn) -> None:
    if isinstance(value, str):
        set_text(page, row, at, value)
    else:
        page.cell(row, at).value = workbook_value(page, value)
    page.cell(row, at).number_format = _FORMATS[column.kind]


def set_text(page: Any, row: int, at: int, text: str) -> Any:
    """Write text that stays text; the cell."""
    cell = page.cell(row, at)
    cell.value = workbook_text(text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "#"))
    return cell


def _look_up(page: Any, rows: Sequence[Sequence[str]]) -> None:
    page.freeze_panes = "A2"
    for number, row in enumerate(rows, start=1):
        for at, text in enumerate(row, start=1):
            cell = set_text(page, number, at, text)
            cell.font = Font(bold=number == 1)
    for at in range(1, max((len(row) for row in rows), default=0) + 1):
        longest = max((len(row[at - 1]) for row in rows if len(row) >= at), default=8)
        page.column_dimensions[get_column_letter(at)].width = min(60, max(10, longest + 2))


def _instruct(page: Any, lines: Sequence[str]) -> None:
    page.column_dimensions["A"].width = 100
    for number, line in enumerate(lines, start=1):
        cell = set_text(page, number, 1, line)
        cell.font = Font(bold=number == 1, size=14 if number == 1 else 11)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
