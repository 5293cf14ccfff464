"""The lines of a load: read into columns, resolved against filings, products and counterparties, compared with the stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from portal.exchange.domain.columns import exact_column, read, text_column
from portal.exchange.domain.dictionary import KINDS, TABLES, Column
from portal.exchange.domain.faults import LoadFault
from portal.exchange.domain.files import Block, blocks
from portal.exchange.services.ledger import Keys
from portal.exchange.services.versions import Versions
from reporting import frames
from reporting.checks import columns as contract
from reporting.checks.columns import NA, SCHEMA

Ints = npt.NDArray[np.int64]

_COLUMNS: Final[Mapping[str, Column]] = {column.name: column for column in TABLES["lines"].columns}
_TEXTS: Final = tuple(name for name, kind in SCHEMA["lines"].items() if kind == "text" and name != "unread")
_KIND_CODES: Final = {name: code for code, name in enumerate(KINDS, 1)}
_EPOCH: Final = date(1970, 1, 1)
_SHOWN: Final = {
    "product_id": "product", "counterparty_id": "counterparty", "quantity_g": "quantity_kg", "quantity_dp": "quantity_kg",
    "value_fen": "value_cny", "value_dp": "value_cny",
}  # fmt: skip
LINE_WIDTH: Final = 2**32  # line numbers are narrower


@dataclass(slots=True)
class Lines:
    """Blocks of lines in the columns that the checks read; ``filing_id`` holds the version's place in the load."""

    parts: list[pd.DataFrame] = field(default_factory=list)
    rows: list[Ints] = field(default_factory=list)  # where each line stands in the file
    count: int = 0


def read_lines(path: Path, versions: Versions, keys: Keys, faults: list[LoadFault]) -> Lines:
    """Read the file of lines. Lines with a fault are left out; the load stores nothing then."""
    lines = Lines()
    for block in blocks(path, TABLES["lines"], faults):
        part, rows = _part(path.name, block, versions, keys, faults)
        lines.parts.append(part)
        lines.rows.append(rows)
        lines.count += len(block.rows)
    _tell_twice(path.name, lines, faults)
    return lines


def _part(
    file: str, block: Block, versions: Versions, keys: Keys, faults: list[LoadFault]
) -> tuple[pd.DataFrame, Ints]:
    owners, place = _filings(file, block, versions, keys, faults)
    quantity, quantity_dp = exact_column(file, _COLUMNS["quantity_kg"], 3, block, faults)
    value, value_dp = exact_column(file, _COLUMNS["value_cny"], 2, block, faults)
    made: dict[str, Any] = {
        "filing_id": place,
        "line_no": _whole(file, "line_no", block, faults),
        "kind": _kinds(file, block, faults),
        "product_id": _keyed(file, "product", block, owners, keys.products, faults),
        "counterparty_id": _keyed(file, "counterparty", block, owners, keys.counterparties, faults),
        "quantity_g": quantity,
        "quantity_dp": quantity_dp,
        "value_fen": value,
        "value_dp": value_dp,
        "licence_line_no": _whole(file, "licence_line_no", block, faults),
        "date": _days(file, block, faults),
        **{name: text_column(file, _COLUMNS[name], block, faults) for name in _TEXTS},
    }
    frame = contract.table("lines", made)
    sound = ((place >= 0) & (made["line_no"] != NA)).astype(bool)
    return frame[sound], np.asarray(block.rows, dtype=np.int64)[sound]


def _filings(
    file: str, block: Block, versions: Versions, keys: Keys, faults: list[LoadFault]
) -> tuple[list[int | None], Ints]:
    """Whose each line is, and the place of its filing; -1 where there is no such filing."""
    named = {
        name: read(file, _COLUMNS[name], block, faults) for name in ("organisation", "period", "version")
    }
    owners = [keys.organisations.get(uscc) for uscc in named["organisation"]]
    known: dict[tuple[Any, ...], int] = {}
    places = np.full(len(block.rows), -1, dtype=np.int64)
    for at, (owner, uscc, period, version) in enumerate(zip(owners, *named.values(), strict=True)):
        key = (uscc, period, version)
        if key not in known:
            found = (
                None if None in key or owner is None else versions.by_key.get((owner, period.index, version))
            )
            known[key] = -1 if found is None else found.place
        places[at] = known[key]
        if known[key] < 0 and None not in key:
            column, typed = (
                ("organisation", uscc) if owner is None else ("version", f"{uscc} {period} {version}")
            )
            faults.append(LoadFault(file, block.rows[at], column, "unknown_key", {"typed": typed}))
    return owners, places


def _keyed(
    file: str,
    name: str,
    block: Block,
    owners: Sequence[int | None],
    known: Mapping[tuple[int, str], int],
    faults: list[LoadFault],
) -> Ints:
    """The ids of the products or counterparties that the lines name."""
    ids = [NA] * len(block.rows)
    for at, (owner, code) in enumerate(zip(owners, block.cells.get(name, ()), strict=False)):
        if not code or owner is None:
            continue
        found = known.get((owner, code))
        if found is None:
            faults.append(LoadFault(file, block.rows[at], name, "unknown_key", {"typed": code}))
        else:
            ids[at] = found
    return np.array(ids, dtype=np.int64)


def _read(file: str, name: str, block: Block, faults: list[LoadFault]) -> list[Any]:
    return read(file, _COLUMNS[name], block, faults) if name in block.cells else [None] * len(block.rows)


def _whole(file: str, name: str, block: Block, faults: list[LoadFault]) -> Ints:
    return np.array(
        [NA if value is None else value for value in _read(file, name, block, faults)], dtype=np.int64
    )


def _kinds(file: str, block: Block, faults: list[LoadFault]) -> npt.NDArray[np.int8]:
    found = _read(file, "kind", block, faults)
    return np.array([0 if kind is None else _KIND_CODES[kind] for kind in found], dtype=np.int8)


def _days(file: str, block: Block, faults: list[LoadFault]) -> Ints:
    numbers: dict[date | None, int] = {None: NA}
    days = _read(file, "date", block, faults)
    for day in set(days) - {None}:
        numbers[day] = (day - _EPOCH).days
    return np.array([numbers[day] for day in days], dtype=np.int64)


def _tell_twice(file: str, lines: Lines, faults: list[LoadFault]) -> None:
    """A line number stands once in a filing."""
    if not lines.count:
        return
    filing = np.concatenate([part["filing_id"].to_numpy() for part in lines.parts])
    number = np.concatenate([part["line_no"].to_numpy() for part in lines.parts])
    rows = np.concatenate(lines.rows)
    key = filing * LINE_WIDTH + number
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(np.diff(key[order]) == 0)
    firsts: dict[int, int] = {}
    for at in again.tolist():
        first, second = int(rows[order[at]]), int(rows[order[at + 1]])
        firsts[second] = firsts.get(first, first)
        faults.append(LoadFault(file, second, "line_no", "duplicate_key", {"first": firsts[second]}))


def counted(lines: Lines, versions: Versions) -> Ints:
    """How many lines the file has for each version, by place."""
    total = np.zeros(len(versions.places), dtype=np.int64)
    for part in lines.parts:
        total += np.bincount(part["filing_id"].to_numpy(), minlength=len(total))
    return total


def tell_other_content(file: str, lines: Lines, versions: Versions, faults: list[LoadFault]) -> None:
    """A version that is stored already has the same lines in the file, or the file is refused.

    Told once a version, at the first cell that differs; where a cell of it could not be read, that was told already.
    """
    count = counted(lines, versions)
    stored = [
        item
        for item in versions.places
        if item.pk is not None and (item.row is not None or count[item.place])
    ]
    if not stored:
        return
    ids = np.full(len(versions.places), NA, dtype=np.int64)
    for item in stored:
        ids[item.place] = item.pk or NA
    mine = _comparable(frames.lines_of([item.pk for item in stored if item.pk is not None]))
    parts = [_of_file(part, rows, ids) for part, rows in zip(lines.parts, lines.rows, strict=True)]
    theirs = pd.concat(parts) if parts else mine.iloc[:0].assign(row=0)
    differing = _differing(theirs.drop(columns="row"), mine)
    places = _first_cells(theirs[theirs["filing_id"].isin(differing)], mine)
    told = {fault.row for fault in faults if fault.file == file}
    unread = set(theirs["filing_id"][theirs["row"].isin(told)].tolist())
    for item in stored:
        if item.pk in differing - unread:
            name, (row, column) = file, places.get(item.pk, (0, ""))
            if not row:
                name, row, column = "filings.csv", item.row or 1, "version"
            faults.append(LoadFault(name, row, column, "other_content"))


def _of_file(part: pd.DataFrame, rows: Ints, ids: Ints) -> pd.DataFrame:
    """The lines of a block that are of stored versions, comparable, each with its ``row`` in the file."""
    placed = part.assign(filing_id=ids[part["filing_id"].to_numpy()])
    known = placed["filing_id"].to_numpy() != NA
    return _comparable(placed[known]).assign(row=rows[known])


def _first_cells(theirs: pd.DataFrame, mine: pd.DataFrame) -> dict[int, tuple[int, str]]:
    """For each filing the row and column of the first line that is not the stored one; else its first row.

    A line of a number that is not stored differs in its number; where only stored lines are missing, nothing of the
    file differs, and the first row stands for the version.
    """
    keys = ["filing_id", "line_no"]
    both = theirs.merge(mine, on=keys, how="left", suffixes=("", "_stored"), indicator=True).sort_values(
        "row"
    )
    names = [name for name in mine.columns if name not in keys]
    unequal = np.column_stack([both[name].to_numpy() != both[f"{name}_stored"].to_numpy() for name in names])
    absent = (both["_merge"] == "left_only").to_numpy()
    first: dict[int, tuple[int, str]] = {}
    differs: set[int] = set()
    for filing, row, new, cells in zip(both["filing_id"], both["row"], absent, unequal, strict=True):
        column = "line_no" if new else _SHOWN.get(names[int(cells.argmax())], names[int(cells.argmax())])
        if (new or cells.any()) and filing not in differs:
            differs.add(filing)
            first[filing] = (int(row), column)
        first.setdefault(filing, (int(row), "version"))
    return first


def _comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines as plain values, so that blocks with different categories compare."""
    plain = {
        name: frame[name].astype(object).fillna("") if SCHEMA["lines"][name] == "text" else frame[name]
        for name in SCHEMA["lines"]
    }
    return pd.DataFrame(plain).drop(columns="unread")


def _differing(theirs: pd.DataFrame, mine: pd.DataFrame) -> set[int]:
    """The filings whose lines are not the same on both sides."""
    keys = ["filing_id", "line_no"]
    both = [frame.sort_values(keys).reset_index(drop=True) for frame in (theirs, mine)]
    counts = [frame["filing_id"].value_counts() for frame in both]
    uneven = counts[0].sub(counts[1], fill_value=0)
    found = set(uneven[uneven != 0].index.tolist())
    left, right = (frame[~frame["filing_id"].isin(found)].reset_index(drop=True) for frame in both)
    same = np.ones(len(left), dtype=bool)
    for name in left.columns:
        same &= left[name].to_numpy() == right[name].to_numpy()
    return found | set(left["filing_id"][~same].tolist())
