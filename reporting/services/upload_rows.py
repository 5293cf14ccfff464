"""From the table that a file holds to the rows of a filing: line numbers, whose filing it is, where each line stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.core.tabular.faults import ReadFault
from portal.core.tabular.tables import Limits, RawTable, TableSpec
from reporting.domain.cells import Row, fold
from reporting.domain.line_columns import ADDRESSING, BY_NAME, COLUMNS
from reporting.domain.operations import LARGEST_LINE_NO
from reporting.models import Filing
from reporting.queries.line_words import LABELS, column_label

TABLE = "lines"
LIMITS = Limits(max_rows=100_000, max_cells=3_000_000)
_REASONS = {"cell_too_long": "too_long"}  # a column of a filing keeps less than a cell of a file
_TYPES = {"kilograms": "number", "yuan": "number", "day": "date", "whole": "code"}


def spec() -> TableSpec:
    """What to look for in a file: every column by every heading, those of the reader's language first."""
    aliases = {column_label(name): name for name in LABELS}
    for column in COLUMNS:
        aliases |= dict.fromkeys(column.headings, column.name)
    for name, headings in ADDRESSING.items():
        aliases |= dict.fromkeys(headings, name)
    types: dict[str, Any] = {column.name: _TYPES.get(column.holds, "code") for column in COLUMNS}
    types |= {"organisation": "code", "period": "period", "version": "code", "line_no": "code"}
    return TableSpec(TABLE, aliases, types, ("kind", "product", "quantity_kg"), ("Lines", "明细", "申报明细"))


@dataclass
class FileRows:
    """The rows of a file as lines, with what is wrong that no check would see, and the way back to the cells."""

    rows: list[Row] = field(default_factory=list)
    doubted: dict[tuple[int, str], str] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)  # line number -> row in the file
    positions: dict[str, int] = field(default_factory=dict)  # column -> column in the file
    sheet: str = ""

    @property
    def is_of_another_filing(self) -> bool:
        return any(fault["code"].startswith("other_") for fault in self.faults)

    def numbered_after(self, last: int) -> FileRows:
        """The same rows with line numbers that follow ``last``, whatever numbers they brought along."""
        new = {number: last + at for at, (number, _cells) in enumerate(self.rows, start=1)}
        return FileRows(
            rows=[(new[number], cells) for number, cells in self.rows],
            doubted={(new[number], column): code for (number, column), code in self.doubted.items()},
            faults=[fault for fault in self.faults if fault["column"] != "line_no"],
            places={new[number]: row for number, row in self.places.items()},
            positions=self.positions,
            sheet=self.sheet,
        )


def rows_of_table(filing: Filing, table: RawTable, found: list[ReadFault]) -> FileRows:
    """The lines of a table that was read from a file or pasted."""
    out = FileRows(sheet=table.sheet, positions=dict(zip(table.columns, table.positions, strict=True)))
    numbers = list(_numbers(table, out))
    names = [name for name in table.columns if name in BY_NAME]
    columns = [table.columns.index(name) for name in names]
    for at, (number, texts) in enumerate(zip(numbers, table.rows, strict=True)):
        out.rows.append(
            (number, {name: texts[j] for name, j in zip(names, columns, strict=True) if texts[j]})
        )
        out.places[number] = table.row_numbers[at]
    _doubt(table, numbers, found, out)
    _address(filing, table, out)
    return out


def _numbers(table: RawTable, out: FileRows) -> Iterator[int]:
    """A number for every row: the file's own where it can be used, else one after all others."""
    typed = table.column("line_no")
    usable = [int(text) for text in typed if _is_number(text)]
    following = max(usable, default=0)
    taken: set[int] = set()
    for at, text in enumerate(typed):
        if _is_number(text) and int(text) not in taken:
            number = int(text)
        else:
            following += 1
            number = following
            if text:
                code = "line_no_twice" if _is_number(text) else "not_a_line_no"
                out.faults.append(_fault(table, at, "line_no", code, typed=text, given=number))
        taken.add(number)
        yield number


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9 and 0 < int(text) <= LARGEST_LINE_NO


def _doubt(table: RawTable, numbers: list[int], found: list[ReadFault], out: FileRows) -> None:
    """Cells the reader was not certain of stay as typed; what it said elsewhere becomes a fault of the file."""
    at_row = dict(zip(table.row_numbers, numbers, strict=True))
    for fault in found:
        if (
            fault.sheet == table.sheet
            and fault.row in at_row
            and fault.name in BY_NAME
            and fault.level == "fault"
        ):
            out.doubted[(at_row[fault.row], fault.name)] = _REASONS.get(fault.code, fault.code)
        else:
            out.faults.append(fault_of_reader(fault))


def fault_of_reader(fault: ReadFault) -> dict[str, Any]:
    """What the reader of files said, in the form that an upload keeps."""
    about = "|".join([fault.sheet, fault.name, *(str(value) for value in fault.values.values())])
    return {
        "code": fault.code,
        "severity": "notice" if fault.level == "note" else "error",
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.name,
        "cell": fault.address,
        "values": dict(fault.values),
        "key": f"{fault.code}|{about}"[:200],
    }


def _address(filing: Filing, table: RawTable, out: FileRows) -> None:
    """Where a file says whose filing it is, it must be this one."""
    organisation = filing.organisation
    names = {fold(name) for name in (organisation.code, organisation.name_zh, organisation.name_en) if name}
    expected = {
        "organisation": (names, organisation.code),
        "period": ({str(filing.period)}, str(filing.period)),
        "version": ({str(filing.version)}, str(filing.version)),
    }
    for column, (accepted, shown) in expected.items():
        for at, text in enumerate(table.column(column)):
            if text and fold(text) not in accepted:
                out.faults.append(_fault(table, at, column, f"other_{column}", typed=text, expected=shown))
                break


def _fault(table: RawTable, at: int, column: str, code: str, **values: Any) -> dict[str, Any]:
    return {
        "code": code,
        "severity": "error",
        "sheet": table.sheet,
        "row": table.row_numbers[at],
        "column": column,
        "cell": table.address(at, column),
        "values": values,
        "key": f"{code}|{column}|{values.get('typed', '')}"[:200],
    }
