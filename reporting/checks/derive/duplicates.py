"""Lines that look like another line: the same twice, an invoice or a declaration again, a number nearly the same."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from reporting.checks.columns import NA, SCHEMA
from reporting.checks.derive.context import Array, Context, Ints, provide, take
from reporting.checks.derive.filings import line_filing
from reporting.checks.derive.lines import line_product
from reporting.checks.derive.statistics import earlier_row, previous_row
from reporting.checks.text import Mask, Text

__all__ = ["line_period"]

ALIKE: Final = str.maketrans("OIL", "011")
"""Characters that are read one for the other, after upper-casing."""


def line_period(context: Context) -> Ints:
    """Return each line's period (0 for a line whose filing is not in the run)."""
    return take(context.array("filings", "period"), context.once(line_filing), 0)


def _organisation(context: Context) -> Ints:
    return take(context.array("filings", "organisation_id"), context.once(line_filing), NA)


def _column(context: Context, name: str) -> Array:
    if SCHEMA["lines"][name] == "text":
        return context.text("lines", name).codes
    return context.array("lines", name)


def _columns(context: Context, *names: str) -> list[Array]:
    return [_column(context, name) for name in names]


def _number(context: Context, rows: Ints) -> Ints:
    return take(context.array("lines", "line_no"), rows, NA)


def _month(context: Context, rows: Ints) -> Ints:
    return take(context.once(line_period), rows, NA)


def _has(context: Context, name: str) -> Mask:
    return np.asarray(_column(context, name) >= 0)


def _here(context: Context) -> Mask:
    return np.asarray(context.once(line_filing) >= 0)


def _twin(context: Context) -> Ints:
    """Return the earlier line of the filing that says exactly the same, but for its number."""
    same = [name for name in SCHEMA["lines"] if name not in {"line_no", "quantity_dp", "value_dp"}]
    quantity = context.array("lines", "quantity_g") != NA
    known = quantity & (context.once(line_product) >= 0) & (context.array("lines", "kind") != 0)
    return previous_row(_columns(context, *same), known & _here(context))


def _same_number(context: Context) -> Ints:
    return previous_row(_columns(context, "filing_id", "line_no"), context.array("lines", "line_no") != NA)


def _invoice_again(context: Context) -> Ints:
    """Return the earlier line of the filing with the same invoice, trade, party, product and lot, not its twin."""
    columns = _columns(context, "filing_id", "invoice_no", "kind", "counterparty_id", "product_id", "batch")
    return previous_row(columns, _has(context, "invoice_no") & (context.once(_twin) < 0))


def _invoice_before(context: Context) -> Ints:
    columns = [context.once(_organisation), *_columns(context, "invoice_no", "kind", "counterparty_id")]
    return earlier_row(columns, context.once(line_period), _has(context, "invoice_no") & _here(context))


def _plain(words: pd.Series[Any]) -> pd.Series[Any]:
    """Return numbers as the eye reads them: no case, blanks or strokes, O as 0, I and L as 1."""
    return words.str.upper().str.replace(r"[\s\-_/.]", "", regex=True).str.translate(ALIKE)


def _plain_invoice(context: Context) -> Text:
    return context.text("lines", "invoice_no").rewrite(_plain)


def _invoice_respelt(context: Context) -> Ints:
    """Return an earlier line, of this filing or the last year, whose invoice reads alike and is written otherwise."""
    plain, written = context.once(_plain_invoice).codes, context.text("lines", "invoice_no").codes
    columns = [context.once(_organisation), plain, *_columns(context, "kind", "counterparty_id")]
    among = _has(context, "invoice_no") & _here(context)
    here = previous_row([*columns, context.array("lines", "filing_id")], among)
    before = earlier_row(columns, context.once(line_period), among)
    differs = [
        np.where((rows >= 0) & (take(written, rows, -1) != written), rows, -1) for rows in (here, before)
    ]
    return np.where(differs[0] >= 0, differs[0], differs[1])


def _one_off(context: Context) -> Ints:
    """Return the earlier line of the filing that is the same trade on the same day and whose invoice differs by
    one character. Numbers that differ in their last digit are the next in a series and are left alone."""
    same = ("filing_id", "kind", "counterparty_id", "product_id", "quantity_g", "value_fen", "date")
    among = _has(context, "invoice_no") & (context.array("lines", "date") != NA)
    before = previous_row(_columns(context, *same), among & (context.array("lines", "quantity_g") != NA))
    rows = np.flatnonzero(before >= 0)
    invoice = context.text("lines", "invoice_no")
    one, other = invoice.codes[rows], invoice.codes[before[rows]]
    near = np.zeros(len(rows), dtype=bool)
    if len(rows):
        left, right = _letters(invoice.words[one]), _letters(invoice.words[other])
        width = max(left.shape[1], right.shape[1])
        left, right = (np.pad(side, ((0, 0), (0, width - side.shape[1]))) for side in (left, right))
        differs = left != right
        length = (left != 0).sum(axis=1)
        last = differs[np.arange(len(rows)), length - 1]
        near = (differs.sum(axis=1) == 1) & ~last & (length == (right != 0).sum(axis=1))
    found = np.full(len(before), -1, dtype=np.int64)
    found[rows[near]] = before[rows[near]]
    return found


def _letters(words: pd.Index[Any]) -> Array:
    """Return words as a matrix of character numbers, 0 after the end."""
    fixed = np.asarray(words, dtype=str)
    return fixed.view(np.uint32).reshape(len(fixed), -1)


def _declaration_again(context: Context) -> Ints:
    """Return the earlier line of the filing that gives the same product under the same declaration."""
    columns = _columns(context, "filing_id", "declaration_no", "kind", "product_id")
    return previous_row(columns, _has(context, "declaration_no") & (context.once(_twin) < 0))


def _declaration_before(context: Context) -> Ints:
    columns = [context.once(_organisation), *_columns(context, "declaration_no")]
    return earlier_row(columns, context.once(line_period), _has(context, "declaration_no") & _here(context))


def _declaration_party(context: Context) -> Ints:
    """Return the earlier line under the same declaration that names another client or another destination."""
    before = previous_row(_columns(context, "filing_id", "declaration_no"), _has(context, "declaration_no"))
    differs = np.zeros(len(before), dtype=bool)
    for column, absent in (("counterparty_id", NA), ("destination", -1)):
        own = _column(context, column)
        other = take(own, before, absent)
        differs |= (own != other) & (own != absent) & (other != absent)
    return np.where(differs, before, -1)


provide("line", "twin_line_no", lambda c: _number(c, c.once(_twin)))
provide("line", "same_number_line_no", lambda c: _number(c, c.once(_same_number)))
provide("line", "invoice_again_line_no", lambda c: _number(c, _invoice_again(c)))
provide("line", "invoice_before_period", lambda c: _month(c, c.once(_invoice_before)))
provide("line", "invoice_before_line_no", lambda c: _number(c, c.once(_invoice_before)))
provide("line", "invoice_respelt_line_no", lambda c: _number(c, c.once(_invoice_respelt)))
provide("line", "invoice_respelt_period", lambda c: _month(c, c.once(_invoice_respelt)))
provide(
    "line", "invoice_respelt_no",
    lambda c: Text(take(c.text("lines", "invoice_no").codes, c.once(_invoice_respelt), -1), c.text("lines", "invoice_no").words),
)  # fmt: skip
provide("line", "invoice_one_off_line_no", lambda c: _number(c, _one_off(c)))
provide("line", "declaration_again_line_no", lambda c: _number(c, _declaration_again(c)))
provide("line", "declaration_before_period", lambda c: _month(c, c.once(_declaration_before)))
provide("line", "declaration_before_line_no", lambda c: _number(c, c.once(_declaration_before)))
provide("line", "declaration_party_line_no", lambda c: _number(c, _declaration_party(c)))
