"""The list as plain rows of text: how files and the database hand it over, how a version is told from another.

A table is a list of rows, a row a mapping of column to text. ``TABLES`` says which columns a table has and which of them
name a row. Dates are ISO 8601, lists are `;`-separated, booleans ``true`` and ``false``, empty is empty.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Table:
    """Columns of a table, and those that name a row."""

    columns: tuple[str, ...]
    key: tuple[str, ...]


def _table(columns: str, key: str) -> Table:
    return Table(tuple(columns.split()), tuple(key.split()))


TABLES: Final[dict[str, Table]] = {
    "instruments": _table(
        "code cited_zh kind published_on effective_on repealed_on name_en name_zh words_en words_zh source evidence",
        "code",
    ),
    "suspensions": _table("instrument by from_on until_on end_confirmed source", "instrument from_on"),
    "entries": _table(
        "instrument control_code element form family partners levels name_en name_zh reference_hs source evidence"
        " valid_from valid_until",
        "control_code",
    ),
    "thresholds": _table(
        "role form family elements combined content_pct valid_from valid_until tag_en tag_zh source evidence",
        "role form family elements valid_from content_pct",
    ),
    "regimes": _table("valid_from last_day_inclusive after note_en note_zh", "valid_from"),
    "customs_meanings": _table(
        "hs_code form elements rare_earth name_en name_zh valid_from valid_until source", "hs_code"
    ),
}


@dataclass(frozen=True)
class Difference:
    """One row that is not the same in two versions; ``before`` or ``after`` is empty where it is new or gone."""

    table: str
    key: tuple[str, ...]
    before: Row
    after: Row

    @property
    def columns(self) -> list[str]:
        """The columns that differ."""
        both = TABLES[self.table].columns
        return [name for name in both if self.before.get(name, "") != self.after.get(name, "")]


def read_folder(folder: Path) -> dict[str, list[Row]]:
    """The tables in a folder of CSV files, one file a table."""
    found: dict[str, list[Row]] = {}
    for name in TABLES:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file))
    return found


def digest(tables: Tables) -> str:
    """SHA-256 of everything the tables say, whatever the order of their rows."""
    plain = {
        name: sorted([row.get(column, "") for column in table.columns] for row in tables[name])
        for name, table in TABLES.items()
    }
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: Tables, after: Tables) -> list[Difference]:
    """What one version says otherwise than another, table by table in the order of the keys."""
    found = []
    for name, table in TABLES.items():
        old, new = _by_key(table, before[name]), _by_key(table, after[name])
        for key in sorted(old.keys() | new.keys()):
            one = Difference(name, key, old.get(key, {}), new.get(key, {}))
            if one.columns:
                found.append(one)
    return found


def _by_key(table: Table, rows: Iterable[Row]) -> dict[tuple[str, ...], Row]:
    return {tuple(row.get(column, "") for column in table.key): row for row in rows}
