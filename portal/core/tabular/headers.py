"""Finding the header row: the row among the first ones whose cells are the best known headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.tabular.faults import ReadFault
from portal.core.tabular.grids import Grid
from portal.core.tabular.tables import TableSpec, label_without_remark, plain_label

_LOOK_AT = 40


@dataclass(frozen=True, slots=True)
class Header:
    """The header row found: its row (from 1), and column (from 1) -> dictionary name."""

    row: int
    columns: dict[int, str]
    score: int
    faults: list[ReadFault]


def known(label: str, lookup: Mapping[str, str]) -> str:
    """The column a heading stands for, or an empty text."""
    return lookup.get(plain_label(label)) or lookup.get(label_without_remark(label)) or ""


def count_known(rows: Sequence[Sequence[str]], lookup: Mapping[str, str]) -> int:
    """The most distinct known headings that any of these rows has."""
    return max((len({known(str(cell), lookup) for cell in row} - {""}) for row in rows), default=0)


def find_header(grid: Grid, spec: TableSpec, lookup: Mapping[str, str]) -> Header | None:
    """The header row of the grid, or None where no row has enough known headings.

    Enough: at least half of the row's cells or all required ones, and two (one where the table has but one column).
    """
    best: tuple[int, int, list[str]] | None = None
    looked = 0
    for number, row in enumerate(grid.rows, start=1):
        labels = [grid.shown(cell)[0] for cell in row]
        filled = sum(bool(label) for label in labels)
        if not filled:
            continue
        looked += 1
        if looked > _LOOK_AT:
            break
        found = {known(label, lookup) for label in labels} - {""}
        fits = len(found) * 2 >= filled or (bool(spec.required) and found.issuperset(spec.required))
        enough = fits and len(found) >= min(2, len(spec.columns))
        if enough and (best is None or len(found) > best[0]):
            best = (len(found), number, labels)
    if best is None:
        return None
    return _header(grid.sheet, best[1], best[2], spec, lookup)


def _header(sheet: str, row: int, labels: list[str], spec: TableSpec, lookup: Mapping[str, str]) -> Header:
    columns: dict[int, str] = {}
    faults: list[ReadFault] = []
    for at, label in enumerate(labels, start=1):
        if not label:
            continue
        name = known(label, lookup)
        if not name:
            faults.append(ReadFault("unknown_column", {"heading": label[:80]}, sheet, row, at))
        elif name in columns.values():
            faults.append(ReadFault("duplicate_column", {"heading": label[:80]}, sheet, row, at, name))
        else:
            columns[at] = name
    faults.extend(
        ReadFault("missing_column", {"heading": _heading(spec, name)}, sheet, row, None, name)
        for name in spec.required
        if name not in columns.values()
    )
    return Header(row, columns, len(columns), faults)


def _heading(spec: TableSpec, name: str) -> str:
    """A required column as the user may know it: its first alias, else its name."""
    return next((label for label, column in spec.aliases.items() if column == name), name)
