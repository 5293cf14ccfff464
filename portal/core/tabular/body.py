"""The rows under a header: cells as text, what could not be understood marked, blanks dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from portal.core.tabular.calendar_text import ISO_DATE, DayOrder, settle_period
from portal.core.tabular.cells import Shown, has_controls, loses_digits, without_controls
from portal.core.tabular.faults import ReadFault, RefusalError, column_letters
from portal.core.tabular.grids import Grid
from portal.core.tabular.headers import Header
from portal.core.tabular.numerals import PLAIN, Convention
from portal.core.tabular.tables import (
    BLANK,
    BOOLEAN,
    DATE,
    MOMENT,
    NUMBER,
    TEXT,
    UNREAD,
    ColumnType,
    Limits,
    RawTable,
    TableSpec,
)

_MANGLED = re.compile(r"\d(?:[.,]\d+)?E\+\d\d")
_TRUE = frozenset({"true", "yes", "y", "1", "是", "对", "√"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "错", "×"})


def read_body(
    grid: Grid, spec: TableSpec, header: Header, limits: Limits
) -> tuple[RawTable, list[ReadFault]]:
    """Every filled row below the header, and the faults of its cells."""
    body = _Body(grid, header, limits)
    body.take_rows()
    for j, name in enumerate(body.names):
        body.settle_text(j)
        body.settle(j, spec.types.get(name, "text"))
    body.settle_numbers([j for j, name in enumerate(body.names) if spec.types.get(name) == "number"])
    body.note_merged()
    table = RawTable(
        spec.name,
        grid.sheet,
        header.row,
        tuple(body.names),
        tuple(body.positions),
        body.numbers,
        body.rows,
        ["".join(kinds) for kinds in body.kinds],
    )
    return table, sorted(body.faults, key=lambda fault: (fault.row or 0, fault.column or 0))


class _Body:
    def __init__(self, grid: Grid, header: Header, limits: Limits) -> None:
        self.grid, self.header, self.limits = grid, header, limits
        self.positions = sorted(header.columns)
        self.names = [header.columns[at] for at in self.positions]
        self.numbers: list[int] = []
        self.rows: list[list[str]] = []
        self.kinds: list[list[str]] = []
        self.faults: list[ReadFault] = []
        self.heading_width = len(grid.rows[header.row - 1]) if header.row else len(self.positions)

    def take_rows(self) -> None:
        """Turn the cells into texts. A memo serves, because most cells repeat."""
        shown = self.grid.shown
        memo: dict[tuple[object, type], Shown] = {}
        at = [position - 1 for position in self.positions]
        spare = sorted(set(range(self._width())) - set(at) - self._faulty_headings())
        blank: Shown = ("", BLANK)
        spoiled_rows = {row for row, _ in self.grid.spoiled}
        for number, raw in enumerate(self.grid.rows[self.header.row :], start=self.header.row + 1):
            width = len(raw)
            texts: list[str] = []
            kinds: list[str] = []
            for j in at:
                value = raw[j] if j < width else ""
                if value == "" or value is None:
                    pair = blank
                else:
                    key = (value, type(value))
                    pair = memo.get(key) or shown(value)
                    memo[key] = pair
                texts.append(pair[0])
                kinds.append(pair[1])
            if number in spoiled_rows:
                self._spoil(number, texts, kinds)
            if any(texts):
                self._keep(number, texts, kinds)
            if spare and width > spare[0]:
                self._spare(number, raw, spare)

    def _width(self) -> int:
        return max((len(row) for row in self.grid.rows), default=0)

    def _faulty_headings(self) -> set[int]:
        """Columns whose heading is already a fault need no second one for each of their cells."""
        return {fault.column - 1 for fault in self.header.faults if fault.column}

    def _keep(self, number: int, texts: list[str], kinds: list[str]) -> None:
        if len(self.rows) >= self.limits.max_rows:
            raise RefusalError("too_many_rows", sheet=self.grid.sheet, limit=self.limits.max_rows)
        self.numbers.append(number)
        self.rows.append(texts)
        self.kinds.append(kinds)

    def _spoil(self, number: int, texts: list[str], kinds: list[str]) -> None:
        for j, position in enumerate(self.positions):
            if (number, position) in self.grid.spoiled:
                code, text = self.grid.spoiled[(number, position)]
                texts[j], kinds[j] = text or "=", UNREAD
                values = {"typed": text}
                self.faults.append(ReadFault(code, values, self.grid.sheet, number, position, self.names[j]))

    def _spare(self, number: int, raw: Sequence[object], spare: list[int]) -> None:
        """Something stands where no column is: said once per column without a heading, or per row."""
        for j in spare:
            if j < len(raw) and raw[j] not in ("", None) and (text := self.grid.shown(raw[j])[0]):
                headed = j < self.heading_width
                values = {"typed": text[:80]}
                code = "unnamed_column" if headed else "extra_cells"
                self.faults.append(ReadFault(code, values, self.grid.sheet, number, j + 1))
                if not headed:
                    return
                spare.remove(j)
                return

    def _fault(self, code: str, i: int, j: int, **values: str | int) -> None:
        """Mark a cell as not understood; its text stays as typed."""
        self.kinds[i][j] = UNREAD
        told = {"typed": self.rows[i][j][:80], **values}
        row, column = self.numbers[i], self.positions[j]
        self.faults.append(ReadFault(code, told, self.grid.sheet, row, column, self.names[j]))

    def settle_text(self, j: int) -> None:
        """What no cell may hold, whatever its column."""
        longest = self.limits.max_cell_chars
        for i, row in enumerate(self.rows):
            text = row[j]
            if not text.isprintable() and has_controls(text):
                row[j] = without_controls(text)
                self._fault("control_characters", i, j)
            if len(text) > longest:
                row[j] = text[:longest]
                self._fault("cell_too_long", i, j, limit=longest)

    def settle(self, j: int, kind: ColumnType) -> None:
        """Bring a column's cells into the dictionary's form, by what the column holds."""
        if kind == "date":
            self._dates(j)
        elif kind == "period":
            self._each(j, settle_period)
        elif kind == "boolean":
            self._each(j, _boolean)
        elif kind in ("text", "code"):
            self._codes(j)

    def _each(self, j: int, settle: Callable[[str], str]) -> None:
        for row, kinds in zip(self.rows, self.kinds, strict=True):
            if row[j] and kinds[j] != UNREAD:
                row[j] = settle(row[j])

    def _codes(self, j: int) -> None:
        for i, (row, kinds) in enumerate(zip(self.rows, self.kinds, strict=True)):
            rounded = kinds[j] == NUMBER and len(row[j]) > 15 and loses_digits(float(row[j]))
            if rounded or (kinds[j] == TEXT and "E+" in row[j] and _MANGLED.fullmatch(row[j])):
                self._fault("digits_lost", i, j)
            elif kinds[j] == BOOLEAN:
                row[j] = row[j].upper()

    def _dates(self, j: int) -> None:
        order = DayOrder()
        order.learn(row[j] for row, kinds in zip(self.rows, self.kinds, strict=True) if kinds[j] == TEXT)
        for i, (row, kinds) in enumerate(zip(self.rows, self.kinds, strict=True)):
            text, kind = row[j], kinds[j]
            if kind in (DATE, BLANK, UNREAD) or ISO_DATE.fullmatch(text):
                continue
            settled = text[:10] if kind == MOMENT else order.settle(text)
            if settled is None:
                self._fault("ambiguous_date", i, j)
            else:
                row[j] = settled

    def settle_numbers(self, columns: list[int]) -> None:
        """Number columns together: one table has one way to write decimals."""
        convention = Convention()
        for j in columns:
            pairs = zip(self.rows, self.kinds, strict=True)
            convention.learn(row[j] for row, kinds in pairs if kinds[j] == TEXT)
        for j in columns:
            for i, (row, kinds) in enumerate(zip(self.rows, self.kinds, strict=True)):
                text, kind = row[j], kinds[j]
                if kind == TEXT and not (PLAIN.fullmatch(text) and not convention.comma):
                    self._number(i, j, text, convention)
                elif kind == NUMBER and len(text) >= 16 and loses_digits(float(text)):
                    self._fault("digits_lost", i, j)

    def _number(self, i: int, j: int, text: str, convention: Convention) -> None:
        if text.lower() in ("nan", "inf", "-inf", "+inf", "infinity"):
            self._fault("number_not_finite", i, j)
            return
        settled = convention.settle(text)
        if settled is None:
            self._fault("ambiguous_number", i, j)
        else:
            self.rows[i][j] = settled

    def note_merged(self) -> None:
        """Merged cells of the body: the value stands in the first alone. Twenty are named."""
        below = [area for area in self.grid.merged if area[2] > self.header.row]
        for top, left, bottom, right in below[:20]:
            area = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
            self.faults.append(ReadFault("merged_cells", {"range": area}, self.grid.sheet, top, left))


def _boolean(text: str) -> str:
    folded = text.casefold()
    if folded in _TRUE:
        return "true"
    return "false" if folded in _FALSE else text
