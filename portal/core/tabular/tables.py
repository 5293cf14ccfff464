"""What a reader is asked for and what it gives back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from portal.core.tabular.faults import ReadFault, column_letters

ColumnType = Literal["text", "code", "number", "date", "period", "boolean"]

#: One letter per cell in ``RawTable.kinds``.
BLANK, TEXT, NUMBER, DATE, MOMENT, TIME, BOOLEAN, UNREAD = "-", "t", "n", "d", "m", "h", "b", "u"

_PARENTHESES = re.compile(r"\([^()]*\)")
_JOINERS = re.compile(r"[\s_*\-]+")


def plain_label(label: str) -> str:
    """A heading reduced to what counts when headings are compared: no case, spaces, marks or width."""
    return _JOINERS.sub("", unicodedata.normalize("NFKC", label).casefold())


def label_without_remark(label: str) -> str:
    """The same without what stands in parentheses: ``Quantity (kg)`` is ``quantity``."""
    return plain_label(_PARENTHESES.sub("", unicodedata.normalize("NFKC", label)))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold, and how long and how large its reading may become."""

    max_bytes: int = 30_000_000
    max_unpacked_bytes: int = 300_000_000
    max_ratio: int = 200
    max_parts: int = 1_000
    max_rows: int = 100_000
    max_columns: int = 256
    max_cells: int = 5_000_000
    max_cell_chars: int = 32_767
    max_faults: int = 1_000
    cpu_seconds: int = 10
    memory_bytes: int = 512_000_000


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table to look for: its columns by every name they may bear.

    ``aliases`` leads from a heading (dictionary name, English or Chinese label) to the dictionary's
    column; ``types`` says what a column holds (text where it says nothing); ``required`` columns that
    are absent are a fault; ``sheets`` are the names its sheet may have.
    """

    name: str
    aliases: Mapping[str, str]
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every column of the dictionary this table may have."""
        return frozenset(self.aliases.values()) | frozenset(self.types)

    def lookup(self) -> dict[str, str]:
        """Headings as compared -> column. Raises ``ValueError`` where two columns share a heading."""
        found: dict[str, str] = {}
        for label, column in [*self.aliases.items(), *((name, name) for name in self.columns)]:
            if found.setdefault(plain_label(label), column) != column:
                raise ValueError(f"heading {label!r} stands for two columns")
        for label, column in self.aliases.items():
            found.setdefault(label_without_remark(label), column)
        return found

    def is_sheet(self, title: str) -> bool:
        """Whether a sheet of that title is this table's own."""
        return plain_label(title) in {plain_label(name) for name in (self.name, *self.sheets)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TableSpec:
        """The spec again from ``asdict``."""
        return cls(
            data["name"], data["aliases"], data["types"], tuple(data["required"]), tuple(data["sheets"])
        )


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it was found: known columns only, every cell a text, with where it came from.

    ``rows[i][j]`` is the text of ``columns[j]``; ``kinds[i][j]`` the letter of what the cell was
    (``UNREAD`` where a fault says that it could not be understood; its text is then as typed);
    ``row_numbers[i]`` and ``positions[j]`` are the row and column in the file, counted from 1.
    """

    name: str
    sheet: str
    header_row: int
    columns: tuple[str, ...]
    positions: tuple[int, ...]
    row_numbers: list[int]
    rows: list[list[str]]
    kinds: list[str]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> list[str]:
        """All texts of one column, blank throughout where the file does not have it."""
        if name not in self.columns:
            return [""] * len(self.rows)
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def address(self, index: int, name: str) -> str:
        """The cell of row ``index`` (from 0) as a spreadsheet names it, such as ``B7``."""
        at = self.columns.index(name)
        return f"{column_letters(self.positions[at])}{self.row_numbers[index]}"

    def unread(self, index: int) -> dict[str, str]:
        """The cells of a row that could not be understood: column -> text as typed."""
        row, kinds = self.rows[index], self.kinds[index]
        return {name: row[j] for j, name in enumerate(self.columns) if kinds[j] == UNREAD}

    def records(self) -> Iterator[dict[str, str]]:
        """The rows as dictionaries of the columns that the file has."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: tables by name, faults, and the marks a template of ours carries."""

    kind: str
    tables: dict[str, RawTable]
    faults: list[ReadFault]
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def refusal(self) -> ReadFault | None:
        """The fault for which the file was turned away, if it was."""
        return next((fault for fault in self.faults if fault.level == "refused"), None)

    @property
    def clean(self) -> bool:
        """True where nothing was wrong (notes aside)."""
        return all(fault.level == "note" for fault in self.faults)

    def as_json(self) -> dict[str, Any]:
        """Plain values only, to pass between processes."""
        return {
            "kind": self.kind,
            "tables": {name: asdict_shallow(table) for name, table in self.tables.items()},
            "faults": [fault.as_json() for fault in self.faults],
            "marks": self.marks,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        """The reading again from ``as_json``."""
        tables = {
            name: RawTable(
                **{**table, "columns": tuple(table["columns"]), "positions": tuple(table["positions"])}
            )
            for name, table in data["tables"].items()
        }
        return cls(data["kind"], tables, [ReadFault(*fault) for fault in data["faults"]], data["marks"])

    @classmethod
    def refused(cls, fault: ReadFault) -> Reading:
        """A reading that holds nothing but the reason why the file was turned away."""
        return cls("", {}, [fault])


def asdict_shallow(table: RawTable) -> dict[str, Any]:
    """The fields of a table without copying its cells."""
    return {name: getattr(table, name) for name in RawTable.__slots__}


def spec_as_json(spec: TableSpec) -> dict[str, Any]:
    """A spec as plain values."""
    return asdict(spec)
