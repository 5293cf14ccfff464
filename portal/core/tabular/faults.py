"""What can be wrong with a file, a sheet, a row or a cell: codes and values, no words.

The words are in ``messages``; this module imports nothing of Django, because the reading child uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["refused", "fault", "note"]

#: The whole file is turned away: nothing of it was read.
REFUSALS = frozenset(
    {
        "empty_file",
        "too_large",
        "too_large_unpacked",
        "packed_too_tightly",
        "too_many_parts",
        "embedded_files",
        "nested_archive",
        "macros",
        "encrypted",
        "old_excel",
        "binary_workbook",
        "open_document",
        "pdf",
        "not_a_table",
        "wrong_extension",
        "xml_entities",
        "damaged",
        "too_many_rows",
        "too_many_columns",
        "too_many_cells",
        "encoding_unknown",
        "nul_characters",
        "quotes_do_not_match",
        "no_table",
        "header_not_found",
        "sheet_not_found",
        "took_too_long",
        "too_much_memory",
        "reader_failed",
    }
)
#: Worth knowing; nothing is missing because of it.
NOTES = frozenset({"merged_cells"})
#: A column, a sheet, a row or a cell could not be read or is not certain; everything else was read.
PARTIAL = frozenset(
    {
        "unknown_column",
        "duplicate_column",
        "missing_column",
        "unnamed_column",
        "sheet_not_read",
        "extra_cells",
        "error_value",
        "formula_not_calculated",
        "digits_lost",
        "number_not_finite",
        "ambiguous_number",
        "ambiguous_date",
        "cell_too_long",
        "control_characters",
        "more_faults",
    }
)
CODES = REFUSALS | NOTES | PARTIAL


def column_letters(number: int) -> str:
    """The letters of a spreadsheet column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class ReadFault:
    """One thing wrong. ``row`` and ``column`` count from 1 as a spreadsheet shows them.

    ``name`` is the dictionary's name of the column where it is known; ``values`` fill the words of
    ``messages`` and hold, under ``typed``, what stood in the cell.
    """

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unknown fault code {self.code}")

    @property
    def level(self) -> Level:
        """Whether the file was refused, a part of it could not be read, or it is only worth knowing."""
        if self.code in REFUSALS:
            return "refused"
        return "note" if self.code in NOTES else "fault"

    @property
    def address(self) -> str:
        """The cell as a spreadsheet names it (``B7``), the row number alone, or an empty text."""
        if self.row is None:
            return ""
        return f"{column_letters(self.column)}{self.row}" if self.column else str(self.row)

    def as_json(self) -> list[Any]:
        """The fault as plain values, in the order of its fields."""
        return [self.code, dict(self.values), self.sheet, self.row, self.column, self.name]


class RefusalError(Exception):
    """Raised inside the reader where the file cannot be read at all; never leaves ``reading``."""

    def __init__(self, code: str, *, sheet: str = "", row: int | None = None, **values: str | int) -> None:
        super().__init__(code)
        self.fault = ReadFault(code, values, sheet=sheet, row=row)
