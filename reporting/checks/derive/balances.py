"""Product-months: what came in, what went out, and how much of a difference rounding can explain.

Exact: grams are summed as integers. A value reported with d decimals of a kilogram stands for anything within
half a unit of that decimal, so sums are compared in half-grams with the sum of those halves as the allowance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from reporting.checks.columns import KIND_CODES, NA, OUT_KINDS
from reporting.checks.derive.context import Array, Context, Ints, Rows, find, provide, rows_of
from reporting.checks.derive.filings import calendar, line_filing
from reporting.checks.derive.lines import line_product
from reporting.checks.text import Mask

__all__ = ["Months", "Movements", "half_units", "loose", "months", "movements", "segment_sums"]

HALF_UNITS: Final = np.array([1000, 100, 10, 1], dtype=np.int64)
"""Half a unit of the last decimal, in half-grams, by the number of decimals of a kilogram."""


@dataclass(frozen=True, slots=True)
class Months:
    """The product-months of a run, ordered by filing and product; those carried from stock included."""

    filing: Ints
    product: Ints
    expected: Ints  # the product-month whose closing is this one's opening; -1 none; only where `follows`
    follows: Mask  # a month before is known, so that the opening stock can be compared


@dataclass(frozen=True, slots=True)
class Movements:
    """Lines that name a known product of a known filing, ordered by product-month; `starts` cuts them."""

    line: Ints
    month: Ints  # position in Months
    starts: Ints  # where each group of `present` begins in `line`
    present: Ints  # the product-months that have lines
    size: int  # how many product-months

    def spread(self, grouped: Ints) -> Ints:
        """Return values per present product-month as values per product-month (absent: 0)."""
        full = np.zeros(self.size, dtype=grouped.dtype)
        full[self.present] = grouped
        return full


def half_units(decimals: Ints) -> Ints:
    """Return half a unit of the last decimal, in half-grams; unknown decimals count as three."""
    return HALF_UNITS[np.where((decimals < 0) | (decimals > 3), 3, decimals)]


def segment_sums(values: Array, starts: Ints) -> Array:
    """Return the sums of the segments that begin at `starts`."""
    return np.add.reduceat(values, starts) if len(starts) else values[:0]


def _line_months(context: Context) -> tuple[Ints, Ints]:
    """Return the lines with a known filing and product, and their filing-and-product key."""
    filing, product = context.once(line_filing), context.once(line_product)
    line = np.flatnonzero((filing >= 0) & (product >= 0))
    return line, filing[line] * _width(context) + product[line]


def _width(context: Context) -> int:
    return max(len(context.array("products", "product_id")), 1)


def months(context: Context) -> Months:
    """Return the product-months: those with lines, and those whose last closing stock is left out."""
    line, key = context.once(_line_months)
    width = _width(context)
    own = np.unique(key)
    closing = context.array("lines", "kind")[line] == KIND_CODES["closing"]
    kept = np.unique(key[closing])
    when = context.once(calendar)
    follower = np.flatnonzero((when.source >= 0) & ~when.idle & (when.lines > 0))
    source = when.source[follower]
    first = np.searchsorted(kept, source * width)
    count = np.searchsorted(kept, (source + 1) * width) - first
    total = int(count.sum())
    within = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    carried = kept[np.repeat(first, count) + within]
    every = np.union1d(own, np.repeat(follower, count) * width + carried % width)
    filing, product = every // width, every % width
    before = when.source[filing]
    expected = np.where(before >= 0, find(every, before * width + product), -1)
    follows = (before >= 0) & ~when.idle[filing] & (when.lines[filing] > 0)
    if len(before):
        follows &= np.where(before >= 0, when.lines[before] > 0, False)
    return Months(filing, product, expected, follows)


def movements(context: Context) -> Movements:
    """Return the lines grouped by product-month."""
    line, key = context.once(_line_months)
    found = context.once(months)
    place = find(found.filing * _width(context) + found.product, key)
    order = np.argsort(place, kind="stable")
    month = place[order]
    starts = np.flatnonzero(np.diff(month, prepend=-1))
    return Movements(line[order], month, starts, month[starts], len(found.filing))


def grams(context: Context) -> Ints:
    """Return the grams of the grouped lines, 0 where they are missing."""
    quantity = context.array("lines", "quantity_g")[context.once(movements).line]
    return np.where(quantity == NA, 0, quantity)


def kinds(context: Context) -> Array:
    """Return the kinds of the grouped lines."""
    return context.array("lines", "kind")[context.once(movements).line]


def rounding(context: Context) -> Ints:
    """Return half a unit of the last decimal of the grouped lines, in half-grams."""
    return half_units(context.array("lines", "quantity_dp")[context.once(movements).line])


def total_of(context: Context, names: tuple[str, ...], values: Ints | None = None) -> Ints:
    """Return per product-month the sum over the lines of these kinds, in grams unless values are given."""
    grouped = context.once(movements)
    amount = context.once(grams) if values is None else values
    chosen = np.isin(context.once(kinds), [KIND_CODES[name] for name in names])
    return grouped.spread(segment_sums(np.where(chosen, amount, 0), grouped.starts))


def loose(context: Context) -> Mask:
    """Return which filings hold a line without a kind or a known product: it might belong anywhere."""
    filing = context.once(line_filing)
    lost = (context.once(line_product) < 0) | (context.array("lines", "kind") == 0)
    found = np.zeros(len(context.array("filings", "period")), dtype=bool)
    found[filing[lost & (filing >= 0)]] = True
    return found


def complete(context: Context) -> Mask:
    """Return which product-months can be summed: each of their lines has a quantity, no line of the filing is loose."""
    grouped = context.once(movements)
    quantity = context.array("lines", "quantity_g")[grouped.line]
    gaps = grouped.spread(segment_sums((quantity == NA).astype(np.int64), grouped.starts))
    whole: Mask = (gaps == 0) & ~context.once(loose)[context.once(months).filing]
    return whole


def signed(context: Context) -> Ints:
    """Return the grams of the grouped lines, out negative."""
    out = np.isin(context.once(kinds), OUT_KINDS)
    amount = context.once(grams)
    return np.where(out, -amount, amount)


def _imbalance(context: Context) -> Ints:
    grouped = context.once(movements)
    balance = grouped.spread(segment_sums(context.once(signed), grouped.starts))
    return np.where(context.once(complete), balance, NA)


def _allowance(context: Context) -> Ints:
    grouped = context.once(movements)
    return grouped.spread(segment_sums(context.once(rounding), grouped.starts))


def _out_total(context: Context) -> Ints:
    return context.once(_in_total) - np.where(context.once(_imbalance) == NA, 0, context.once(_imbalance))


def _in_total(context: Context) -> Ints:
    amount = context.once(signed)
    grouped = context.once(movements)
    into = ~np.isin(context.once(kinds), OUT_KINDS)
    return grouped.spread(segment_sums(np.where(into, amount, 0), grouped.starts))


rows_of(
    "product",
    lambda c: Rows(len(c.once(months).filing), filing=c.once(months).filing, product=c.once(months).product),
)
provide("product", "in_g", lambda c: c.once(_in_total))
provide("product", "out_g", lambda c: c.once(_out_total))
provide("product", "imbalance_g", lambda c: c.once(_imbalance))
provide("product", "rounding_halfg", lambda c: c.once(_allowance))
