"""Lines: their own columns, the product's beside them, the month they must lie in, and what was unreadable."""

from __future__ import annotations

import json
from typing import Final

import numpy as np
import pandas as pd

from reporting.checks.columns import NA, SCHEMA
from reporting.checks.derive.context import (
    Column,
    Context,
    Ints,
    Rows,
    position,
    provide,
    rows_of,
    take,
    take_text,
)
from reporting.checks.derive.filings import line_filing, month_days
from reporting.checks.text import Text

__all__ = ["line_counterparty", "line_product"]

UNREAD_COLUMNS: Final = (
    "line_no", "kind", "product", "quantity_kg", "value_cny", "counterparty", "destination", "licence_no",
    "declaration_no", "invoice_no", "licence_line_no", "date", "batch", "from_batches", "note",
)  # fmt: skip


def line_product(context: Context) -> Ints:
    """Return for each line the position of its product, -1 where none is known."""
    return position(context.array("products", "product_id"), context.array("lines", "product_id"))


def line_counterparty(context: Context) -> Ints:
    """Return for each line the position of its counterparty, -1 where none is known."""
    ids = context.array("counterparties", "counterparty_id")
    return position(ids, context.array("lines", "counterparty_id"))


def _rows(context: Context) -> Rows:
    filing = context.once(line_filing)
    return Rows(
        len(filing),
        filing=filing,
        product=context.once(line_product),
        counterparty=context.once(line_counterparty),
        line_no=context.array("lines", "line_no"),
    )


def _raw(name: str) -> Column | None:
    kind = SCHEMA["lines"][name]
    if kind == "text":
        provide("line", name, lambda c: c.text("lines", name))
    else:
        provide("line", name, lambda c: c.array("lines", name))
    return None


def _month_ends(context: Context) -> tuple[Ints, Ints]:
    return month_days(context.array("filings", "period"))


def _unread(context: Context) -> tuple[list[dict[str, str]], Ints]:
    """Return the cells that could not be read: for each distinct text its columns, and each line's text."""
    text = context.text("lines", "unread")
    used = np.unique(text.codes[text.codes >= 0])
    cells: list[dict[str, str]] = [{} for _word in text.words]
    for code in used.tolist():
        cells[code] = {key: str(value) for key, value in json.loads(str(text.words[code])).items()}
    return cells, text.codes


def _unread_column(name: str) -> None:
    def make(context: Context) -> Text:
        cells, codes = context.once(_unread)
        typed = pd.Series([cell.get(name) for cell in cells], dtype=object)
        places, words = pd.factorize(typed)
        return Text(take(places, np.asarray(codes, dtype=np.int64), -1), pd.Index(words, dtype=object))

    provide("line", f"unread_{name}", make)


def _unread_other(context: Context) -> Text:
    """Return `column: text` of the unreadable cells that have no check of their own."""
    cells, codes = context.once(_unread)
    other = [{key: text for key, text in cell.items() if key not in OWN_CHECK} for cell in cells]
    said = pd.Series(
        ["; ".join(f"{key}: {text}" for key, text in cell.items()) or None for cell in other], dtype=object
    )
    places, words = pd.factorize(said)
    return Text(take(places, np.asarray(codes, dtype=np.int64), -1), pd.Index(words, dtype=object))


def _of_counterparty(name: str, column: str) -> None:
    provide("line", name, lambda c: take_text(c.text("counterparties", column), c.once(line_counterparty)))


def _known(ids: str, positions: str) -> None:
    provide("line", ids, lambda c: np.where(c.once(_POSITIONS[positions]) >= 0, c.array("lines", ids), NA))


OWN_CHECK: Final = frozenset(
    ("kind", "product", "quantity_kg", "value_cny", "counterparty", "destination", "date", "line_no")
)
_POSITIONS: Final = {"product": line_product, "counterparty": line_counterparty}

rows_of("line", _rows)
for _column in SCHEMA["lines"]:
    if _column not in {"filing_id", "product_id", "counterparty_id", "unread"}:
        _raw(_column)
for _column in UNREAD_COLUMNS:
    _unread_column(_column)
_known("product_id", "product")
_known("counterparty_id", "counterparty")
provide("line", "nil", lambda c: take(c.array("filings", "nil"), c.once(line_filing), False))
provide("line", "month_first_day", lambda c: take(c.once(_month_ends)[0], c.once(line_filing), NA))
provide("line", "month_last_day", lambda c: take(c.once(_month_ends)[1], c.once(line_filing), NA))
provide("line", "unread_other", _unread_other)
_of_counterparty("counterparty_country", "country")
_of_counterparty("end_user_country", "end_user_country")
