"""The rows under a header: cells as text, what could not be understood marked, blank rows dropped."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from portal.core.tabular.columns import Column
from portal.core.tabular.faults import ReadFault, RefusalError, column_letters
from portal.core.tabular.grids import Grid
from portal.core.tabular.headers import Header
from portal.core.tabular.numerals import Convention
from portal.core.tabular.tables import UNREAD, Limits, RawTable, TableSpec

_NAMED_MERGES = 20


def read_body(
    grid: Grid, spec: TableSpec, header: Header, limits: Limits
) -> tuple[RawTable, list[ReadFault]]:
    """Every filled row below the header, and the faults of its cells."""
    body = _Body(grid, header, limits)
    body.settle(spec)
    texts, kinds = body.laid_out()
    rows, letters = list(map(list, zip(*texts, strict=True))), list(map("".join, zip(*kinds, strict=True)))
    kept = [i for i, row in enumerate(rows) if any(row)]
    if len(kept) > limits.max_rows:
        raise RefusalError("too_many_rows", sheet=grid.sheet, limit=limits.max_rows)
    table = RawTable(
        spec.name,
        grid.sheet,
        header.row,
        tuple(body.names),
        tuple(body.positions),
        [i + header.row + 1 for i in kept],
        [rows[i] for i in kept],
        [letters[i] for i in kept],
    )
    faults = [*body.faults, *_astray(grid, header), *_merged(grid, header)]
    return table, sorted(faults, key=lambda fault: (fault.row or 0, fault.column or 0))


class _Body:
    """The known columns of a table, in the file's order."""

    def __init__(self, grid: Grid, header: Header, limits: Limits) -> None:
        self.grid, self.first_row, self.limits = grid, header.row + 1, limits
        self.positions = sorted(header.columns)
        self.names = [header.columns[at] for at in self.positions]
        self.faults: list[ReadFault] = []
        rows = grid.rows[header.row :]
        width = max(self.positions)
        by_column: list[Sequence[object]]
        if all(len(row) >= width for row in rows):
            by_column = list(zip(*rows, strict=False)) if rows else [()] * width
        else:
            by_column = list(zip_longest(*rows, fillvalue="")) if rows else []
            by_column += [("",) * len(rows)] * (width - len(by_column))
        self.columns = [Column(by_column[at - 1], grid.shown, limits.max_cell_chars) for at in self.positions]

    def settle(self, spec: TableSpec) -> None:
        """Bring every column into the dictionary's form. One table has one way to write decimals."""
        convention = Convention()
        numbers = []
        for name, column in zip(self.names, self.columns, strict=True):
            column.settle(spec.types.get(name, "text"))
            if spec.types.get(name) == "number":
                numbers.append(column)
                convention.learn(column.typed())
        for column in numbers:
            column.settle_numbers(convention)

    def laid_out(self) -> tuple[list[list[str]], list[list[str]]]:
        """Texts and kind letters by column; the faults of the cells are noted on the way."""
        texts = [column.texts() for column in self.columns]
        kinds = [column.kinds() for column in self.columns]
        for j, column in enumerate(self.columns):
            for i, code, typed in column.faulty():
                self._fault(code, i, j, typed)
        places = {position: j for j, position in enumerate(self.positions)}
        for (row, position), (code, shown) in self.grid.spoiled.items():
            i, place = row - self.first_row, places.get(position)
            if place is not None and 0 <= i < len(texts[place]):
                texts[place][i], kinds[place][i] = shown or "=", UNREAD
                self._fault(code, i, place, shown)
        return texts, kinds

    def _fault(self, code: str, i: int, j: int, typed: str) -> None:
        values: dict[str, str | int] = {"typed": typed[:80]}
        if code == "cell_too_long":
            values["limit"] = self.limits.max_cell_chars
        place = (self.grid.sheet, self.first_row + i, self.positions[j], self.names[j])
        self.faults.append(ReadFault(code, values, *place))


def _astray(grid: Grid, header: Header) -> list[ReadFault]:
    """What stands where no column is: said once per column without a heading, or once per row beyond them."""
    heading = len(grid.rows[header.row - 1]) if header.row else max(header.columns)
    known = set(header.columns) | {fault.column for fault in header.faults}
    unnamed = [at for at in range(heading) if at + 1 not in known]
    faults: list[ReadFault] = []
    for number, row in enumerate(grid.rows[header.row :], start=header.row + 1):
        for at in [at for at in unnamed if at < len(row) and row[at] not in ("", None)]:
            if text := grid.shown(row[at])[0]:
                unnamed.remove(at)
                faults.append(ReadFault("unnamed_column", {"typed": text[:80]}, grid.sheet, number, at + 1))
        for at in range(heading, len(row)):
            if row[at] not in ("", None) and (text := grid.shown(row[at])[0]):
                faults.append(ReadFault("extra_cells", {"typed": text[:80]}, grid.sheet, number, at + 1))
                break
    return faults


def _merged(grid: Grid, header: Header) -> list[ReadFault]:
    """Merged cells of the body, of which the value stands in the first alone; the first twenty are named."""
    below = [area for area in grid.merged if area[2] > header.row]
    return [
        ReadFault(
            "merged_cells",
            {"range": f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"},
            grid.sheet,
            top,
            left,
        )
        for top, left, bottom, right in below[:_NAMED_MERGES]
    ]
