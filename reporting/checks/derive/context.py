"""One run's tables as plain arrays, in one order whatever order they came in, and a memory for what is derived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from reporting.checks.columns import HISTORY_MONTHS, NA, SCHEMA, Tables
from reporting.checks.text import Mask, Text

__all__ = ["Array", "Column", "Context", "Ints", "Rows", "column_names", "provide", "rows_of"]

Array: TypeAlias = npt.NDArray[Any]
Ints: TypeAlias = npt.NDArray[np.int64]
Column: TypeAlias = Array | Text
T = TypeVar("T")

_COLUMNS: Final[dict[str, dict[str, Callable[[Context], Column]]]] = {}
_ROWS: Final[dict[str, Callable[[Context], Rows]]] = {}


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one kind of table (lines, product-months ...): whose filing, and about what.

    All are positions: `filing` in filings, `product` in products, `counterparty` in counterparties, `element` in
    ELEMENTS; `obligation` rows have no filing and name the organisation and the period themselves.
    """

    size: int
    filing: Ints | None = None
    product: Ints | None = None
    counterparty: Ints | None = None
    element: Ints | None = None
    line_no: Ints | None = None


def provide(per: str, name: str, make: Callable[[Context], Column]) -> None:
    """Register how the column `name` of the rows `per` is made."""
    columns = _COLUMNS.setdefault(per, {})
    if name in columns:
        raise TypeError(f"the column {name} per {per} is made twice")
    columns[name] = make


def rows_of(per: str, make: Callable[[Context], Rows]) -> None:
    """Register what the rows `per` are."""
    _ROWS[per] = make


def column_names(per: str) -> frozenset[str]:
    """Return the names of the columns that rows `per` can show."""
    return frozenset(_COLUMNS[per])


class Context:
    """The tables of one run. Lines are held by filing and line number, so that their order never matters."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._memory: dict[Any, Any] = {}
        self._order: Ints | None = None
        self._order = self._line_order()

    def once(self, make: Callable[[Context], T]) -> T:
        """Return `make(self)`, worked out at the first call."""
        return self.remember(make, make)

    def remember(self, key: Any, make: Callable[[Context], T]) -> T:
        """Return `make(self)`, worked out at the first call with this key."""
        if key not in self._memory:
            self._memory[key] = make(self)
        found: T = self._memory[key]
        return found

    def column(self, per: str, name: str) -> Column:
        """Return a column of the rows `per`, over all filings of the run, the past included."""
        key = (per, name)
        if key not in self._memory:
            self._memory[key] = _COLUMNS[per][name](self)
        found: Column = self._memory[key]
        return found

    def rows(self, per: str) -> Rows:
        """Return what the rows `per` are about."""
        return self.once(_ROWS[per])

    def missing(self, per: str, name: str) -> Mask | None:
        """Return where a column's value is missing, or None when it is nowhere missing."""
        key = ("missing", per, name)
        if key not in self._memory:
            gaps = _gaps(self.column(per, name), code=name in {"kind", "stage"})
            self._memory[key] = gaps if gaps is not None and gaps.any() else None
        found: Mask | None = self._memory[key]
        return found

    def array(self, table: str, name: str) -> Array:
        """Return a column of a table as it came, lines in their order."""
        found = self._raw(table, name)
        if isinstance(found, Text):
            raise TypeError(f"{table}.{name} is text")
        return found

    def text(self, table: str, name: str) -> Text:
        """Return a text column of a table, lines in their order."""
        found = self._raw(table, name)
        if not isinstance(found, Text):
            raise TypeError(f"{table}.{name} is not text")
        return found

    def _raw(self, table: str, name: str) -> Column:
        key = ("raw", table, name)
        if key not in self._memory:
            series = getattr(self._tables, table)[name]
            found: Column = Text.of(series) if SCHEMA[table][name] == "text" else series.to_numpy()
            if table == "lines" and self._order is not None:
                found = found[self._order]
            self._memory[key] = found
        kept: Column = self._memory[key]
        return kept

    def _line_order(self) -> Ints | None:
        names = ("filing_id", "line_no", "kind", "product_id", "quantity_g", "value_fen")
        keys = [self._tables.lines[name].to_numpy() for name in names]
        filing, number = keys[0], keys[1]
        step = np.diff(filing)
        if ((step > 0) | ((step == 0) & (np.diff(number) > 0))).all():
            return None
        return np.lexsort(tuple(reversed(keys)))


def _gaps(column: Column, *, code: bool) -> Mask | None:
    if isinstance(column, Text):
        return column.missing
    if column.dtype.kind == "f":
        return np.isnan(column)
    if code:
        return np.equal(column, 0)
    return np.equal(column, NA) if column.dtype.kind == "i" else None


def find(sorted_keys: Ints, wanted: Ints) -> Ints:
    """Return the place of each wanted key in the sorted, distinct keys; -1 where it is not there."""
    if not len(sorted_keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[places] == wanted, places, -1)


def position(ids: Ints, wanted: Ints) -> Ints:
    """Return the position in `ids` (any order, distinct) of each wanted id; -1 where it is not there."""
    order = np.argsort(ids, kind="stable")
    places = find(ids[order], wanted)
    return np.where(places >= 0, order[places], -1) if len(ids) else places


def take(column: Array, places: Ints, absent: Any) -> Array:
    """Return column[places], and `absent` where the place is -1."""
    if not len(column):
        return np.full(len(places), absent, dtype=column.dtype)
    found = column[places]
    gaps = places < 0
    if gaps.any():
        found[gaps] = absent
    return found


def take_text(column: Text, places: Ints) -> Text:
    """Return the words at the places, missing where the place is -1."""
    return Text(take(column.codes, places, -1), column.words)


LAGS: Final = tuple(range(1, HISTORY_MONTHS + 1))
