"""What a finding keeps: the values that its message shows and the raw figures that it rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import isnan
from typing import Any, Final

import numpy as np

from reporting.checks.columns import KINDS, NA, STAGES
from reporting.checks.core import SUBJECT_VALUES, Check, sources
from reporting.checks.derive.context import Context, Ints, column_names
from reporting.checks.text import Text

__all__ = [
    "decimal_text",
    "figures_of",
    "period_index",
    "period_text",
    "plain_figures",
    "values_of",
    "written",
]

EPOCH = date(1970, 1, 1)


def period_text(index: int) -> str:
    """Return a period's index as YYYY-MM."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def period_index(text: str) -> int:
    """Return the index of a period written YYYY-MM."""
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def decimal_text(units: int, places: int, decimals: int | None = None) -> str:
    """Return whole units (grams: 3 places, fen: 2) as an exact decimal, with the decimals reported if known."""
    value = Decimal(units).scaleb(-places)
    if decimals is not None and 0 <= decimals <= places:
        return f"{value:.{decimals}f}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def values_of(
    context: Context, item: Check, broken: Ints, named: dict[str, list[Any]], periods: list[int]
) -> list[dict[str, Any]]:
    """Return for each broken row the values of the message's placeholders: texts, and integers for counts."""
    columns: dict[str, list[Any]] = {}
    for name in item.placeholders:
        if name == "period":
            columns[name] = [period_text(period) for period in periods]
        elif name in SUBJECT_VALUES[item.per]:
            columns[name] = [None if value == NA else value for value in named[name]]
        else:
            column = next(source for source in sources(name) if source in item.reads)
            columns[name] = _shown(context, item.per, column, broken)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)] or [
        {} for _row in range(len(broken))
    ]


def _shown(context: Context, per: str, name: str, rows: Ints) -> list[Any]:
    column = context.column(per, name)
    if isinstance(column, Text):
        return [column.at(row) for row in rows.tolist()]
    raw = column[rows].tolist()
    if name.endswith(("_g", "_fen")):
        stem, unit = name.rsplit("_", 1)
        places = {"g": 3, "fen": 2}[unit]
        decimals = [None] * len(raw)
        if f"{stem}_dp" in column_names(per):
            decimals = np.asarray(context.column(per, f"{stem}_dp"))[rows].tolist()
        pairs = zip(raw, decimals, strict=True)
        return [None if value == NA else decimal_text(value, places, dp) for value, dp in pairs]
    return written(name, raw)


def written(name: str, raw: list[Any]) -> list[Any]:
    """Return a column's raw values as a message shows them; missing ones as None."""
    if name.endswith(("_g", "_fen")):
        places = {"g": 3, "fen": 2}[name.rpartition("_")[2]]
        return [None if value == NA else decimal_text(value, places) for value in raw]
    write = _writer(name)
    return [None if value == NA or isnan(value) else write(value) for value in raw]


def plain_figures(column: Any) -> list[Any]:
    """Return a column as figures are kept: whole numbers, floats to six digits, None where missing."""
    if column.dtype.kind == "f":
        return [None if isnan(value) else float(f"{value:.6g}") for value in column.tolist()]
    return [None if isinstance(value, int) and value == NA else value for value in column.tolist()]


def _number(value: Any) -> Any:
    return f"{value:.1f}" if isinstance(value, float) else value


def _day(days: int) -> str:
    return (EPOCH + timedelta(days=days)).isoformat()


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


_WRITERS: Final[dict[str, Callable[[Any], Any]]] = {
    "kind": lambda code: KINDS[code - 1] if code else None,
    "stage": lambda code: STAGES[code - 1] if code else None,
    "period": period_text,
    "date": _day,
    "day": _day,
    "due": _instant,
    "submitted": _instant,
    "of": _instant,  # as_of
    "times": lambda value: f"{value:.4g}",
    "price": lambda value: f"{value:.2f}",
}
"""How a column is written, by the last word of its name."""


def _writer(name: str) -> Callable[[Any], Any]:
    if name.endswith("_cny_kg"):
        return _WRITERS["price"]
    return _WRITERS.get(name.rpartition("_")[2], _number)


def figures_of(context: Context, item: Check, broken: Ints) -> list[dict[str, Any]]:
    """Return for each broken row its declared columns, raw: whole grams and fen, floats to six figures, texts."""
    columns: dict[str, list[Any]] = {}
    for name in item.reads:
        column = context.column(item.per, name)
        if isinstance(column, Text):
            columns[name] = [column.at(row) for row in broken.tolist()]
        else:
            columns[name] = plain_figures(column[broken])
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
