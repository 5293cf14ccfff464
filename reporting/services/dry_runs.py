"""A producer's file judged without anything being stored: what the portal would say of it, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.accounts.models import Organisation
from portal.core.months import Month
from portal.core.tabular.faults import column_letters
from portal.core.tabular.isolation import read_safely
from portal.core.tabular.messages import fault_text
from reporting import frames
from reporting.domain.cells import ReadLines
from reporting.models import Filing, Kind
from reporting.queries.line_words import reason_words
from reporting.services import intake
from reporting.services.checking import Fault, faults_of_lines
from reporting.services.upload_rows import LIMITS, TABLE, FileRows, rows_of_table, spec


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """One fault at its cell of the file; ``cell`` is empty where it is about the whole file."""

    code: str
    severity: str
    message: str
    sheet: str = ""
    cell: str = ""
    row: int | None = None
    column: str | None = None
    line_no: int | None = None
    subject: str = ""

    def as_json(self) -> dict[str, Any]:
        """The fault as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class DryRun:
    """What came of reading and judging a file. ``refused``: nothing of it could be read."""

    refused: bool
    lines: int
    faults: Sequence[PlacedFault] = field(default_factory=list)

    @property
    def blocks(self) -> bool:
        """Whether a filing with these lines could not be submitted."""
        return self.refused or any(fault.severity == "error" for fault in self.faults)


def dry_run(*, organisation: Organisation, period: Month, name: str, data: bytes) -> DryRun:
    """Read a workbook or CSV as an upload would be, and judge it as the organisation's filing of that month."""
    reading = read_safely(data, name, [spec()], limits=LIMITS)
    if reading.refusal is not None:
        refusal = reading.refusal
        return DryRun(
            True, 0, [PlacedFault(refusal.code, "error", fault_text(refusal), refusal.sheet, refusal.address)]
        )
    table = reading.tables[TABLE]
    filing = _tried(organisation, period, len(table))
    rows = rows_of_table(filing, table, reading.faults)
    lines = intake.read(filing, rows.rows, rows.doubted)
    of_file = [_of_file(fault) for fault in rows.faults]
    stock = _stock_lines(rows, lines)
    found = faults_of_lines(filing, intake.frame_of(filing, lines))
    of_lines = [_placed(fault, rows, lines, stock.get(fault.product_code or "")) for fault in found]
    return DryRun(False, len(lines), [*of_file, *of_lines])


def _tried(organisation: Organisation, period: Month, lines: int) -> Filing:
    """A filing that is never stored; it stands in for the version in force, if there is one."""
    newest = Filing.objects.filter(organisation=organisation, period=period).order_by("-version").first()
    version = 1 if newest is None else newest.version + (0 if newest.is_open else 1)
    return Filing(
        pk=frames.UNSAVED, organisation=organisation, period=period, version=version, line_count=lines
    )


def _of_file(fault: dict[str, Any]) -> PlacedFault:
    message = reason_words(fault["code"], fault["values"])
    return PlacedFault(
        fault["code"],
        fault["severity"],
        message,
        fault["sheet"],
        fault["cell"],
        fault["row"],
        fault["column"] or None,
    )


def _stock_lines(rows: FileRows, lines: ReadLines) -> dict[str, int]:
    """For each product the line where a fault of its month is best seen: its closing stock, else its first line."""
    chosen: dict[str, int] = {}
    for (number, cells), kind in zip(rows.rows, lines.values["kind"], strict=True):
        code = cells.get("product", "")
        if code not in chosen or kind == Kind.CLOSING:
            chosen[code] = number
    return chosen


def _placed(fault: Fault, rows: FileRows, lines: ReadLines, stock_line: int | None) -> PlacedFault:
    """A check's fault at the cell of its line; why a cell could not be read comes before what is missing for it."""
    number, column = (
        (stock_line, "quantity_kg") if fault.line_no is None else (fault.line_no, fault.column or "")
    )
    row, position = rows.places.get(number or 0), rows.positions.get(column)
    reason = "" if fault.line_no is None else lines.reasons.get((fault.line_no, column), "")
    return PlacedFault(
        code=fault.code,
        severity=fault.severity,
        message=reason_words(reason, {"typed": _typed(lines, fault)}) if reason else fault.message,
        sheet=rows.sheet,
        cell="" if row is None else f"{column_letters(position)}{row}" if position else str(row),
        row=row,
        column=column if row is not None else fault.column,
        line_no=fault.line_no,
        subject=fault.subject,
    )


def _typed(lines: ReadLines, fault: Fault) -> str:
    place = lines.line_nos.index(fault.line_no) if fault.line_no is not None else 0
    return (lines.unread[place] or {}).get(fault.column or "", "")
