"""Stock of product-months: opening against the last closing, counts over twelve months, the running stock."""

from __future__ import annotations

import numpy as np

from reporting.checks.columns import KIND_CODES, NA, OUT_KINDS
from reporting.checks.derive.balances import (
    complete,
    grams,
    kinds,
    months,
    movements,
    rounding,
    segment_sums,
    signed,
    total_of,
)
from reporting.checks.derive.context import LAGS, Array, Context, Ints, find, provide, take
from reporting.checks.derive.filings import calendar, line_filing
from reporting.checks.derive.lines import line_product

__all__ = ["month_lags", "over_year"]


def _lines_of(context: Context, name: str) -> Ints:
    return total_of(context, (name,), np.ones(len(context.once(grams)), dtype=np.int64))


def _stock(context: Context, name: str) -> Ints:
    """Return the opening or closing stock of each product-month, NA where one of its lines has no quantity."""
    quantity = context.array("lines", "quantity_g")[context.once(movements).line]
    gaps = total_of(context, (name,), (quantity == NA).astype(np.int64))
    return np.where(gaps == 0, total_of(context, (name,)), NA)


def _opening(context: Context) -> Ints:
    return np.where(context.once(_stock_loose)[context.once(months).filing], NA, _stock(context, "opening"))


def _closing(context: Context) -> Ints:
    return _stock(context, "closing")


def _stock_loose(context: Context) -> Array:
    """Return which filings hold a line without a kind, or a stock line without a known product."""
    filing, kind = context.once(line_filing), context.array("lines", "kind")
    stock = np.isin(kind, [KIND_CODES["opening"], KIND_CODES["closing"]])
    lost = (kind == 0) | (stock & (context.once(line_product) < 0))
    found = np.zeros(len(context.array("filings", "period")), dtype=bool)
    found[filing[lost & (filing >= 0)]] = True
    return found


def _last_closing(context: Context) -> Ints:
    """Return the closing stock of the month before, 0 where it had none, NA where it cannot be known."""
    found = context.once(months)
    source = context.once(calendar).source[found.filing]
    known = found.follows & ~take(context.once(_stock_loose), source, True)
    return np.where(known, take(context.once(_closing), found.expected, 0), NA)


def _stock_rounding(context: Context) -> Ints:
    found = context.once(months)
    halves = context.once(rounding)
    closing = total_of(context, ("closing",), halves)
    return total_of(context, ("opening",), halves) + take(closing, found.expected, 0)


def month_lags(context: Context) -> Ints:
    """Return for each product-month the positions of the same product's twelve months before, or -1."""
    found = context.once(months)
    when = context.once(calendar)
    width = max(len(context.array("products", "product_id")), 1)
    keys = found.filing * width + found.product
    lags = np.full((len(keys), len(LAGS)), -1, dtype=np.int64)
    for column in range(len(LAGS)):
        before = when.lags[found.filing, column]
        lags[:, column] = np.where(before >= 0, find(keys, before * width + found.product), -1)
    return lags


def over_year(context: Context, values: Ints) -> Ints:
    """Return the sum of a product-month's value over this month and the eleven before."""
    lags = context.once(month_lags)[:, : len(LAGS) - 1]
    past = np.where(lags >= 0, values[lags], 0) if len(values) else np.zeros((0, 1), dtype=np.int64)
    total: Ints = values + past.sum(axis=1)
    return total


def _lowest_running(context: Context) -> Ints:
    """Return the lowest stock that the dated lines leave, granting everything undated that came in; NA unknown.

    Counted in favour of the organisation: what has no date and came in was there from the first day, what has no
    date and went out went on the last; on one day all arrivals come first; roundings are granted.
    """
    grouped = context.once(movements)
    date = context.array("lines", "date")[grouped.line]
    out = np.isin(context.once(kinds), OUT_KINDS)
    undated = date == NA
    amount = context.once(signed)
    base = grouped.spread(segment_sums(np.where(undated & ~out, amount, 0), grouped.starts))
    order = np.lexsort((out, np.where(undated, NA, date), grouped.month))
    step = np.where(undated, 0, amount)[order]
    running = np.cumsum(step)
    lead = running[grouped.starts] - step[grouped.starts] if len(step) else running
    lowest = np.minimum.reduceat(running, grouped.starts) - lead if len(step) else running
    least = base + np.minimum(grouped.spread(lowest), 0)
    allowance = grouped.spread(segment_sums(context.once(rounding), grouped.starts))
    least = least + np.minimum(allowance // 2 + 1, np.maximum(-least, 0))
    return np.where(context.once(complete), least, NA)


def _throughput(context: Context) -> Ints:
    return total_of(context, ("opening", "produced", "purchased", "imported", "returned_in", "tolled_in"))


def _received(context: Context) -> Ints:
    return total_of(context, ("produced", "purchased", "imported", "returned_in", "tolled_in"))


provide("product", "opening_g", lambda c: c.once(_opening))
provide("product", "opening_lines", lambda c: _lines_of(c, "opening"))
provide("product", "last_closing_g", lambda c: c.once(_last_closing))
provide("product", "stock_rounding_halfg", lambda c: c.once(_stock_rounding))
provide("product", "closing_g", lambda c: c.once(_closing))
provide("product", "gained_g", lambda c: np.where(c.once(complete), total_of(c, ("gained",)), NA))
provide("product", "lost_g", lambda c: np.where(c.once(complete), total_of(c, ("lost",)), NA))
provide("product", "throughput_g", lambda c: c.once(_throughput))
provide("product", "gained_year_g", lambda c: over_year(c, total_of(c, ("gained",))))
provide("product", "lost_year_g", lambda c: over_year(c, total_of(c, ("lost",))))
provide("product", "received_year_g", lambda c: over_year(c, c.once(_received)))
provide("product", "lowest_running_g", lambda c: c.once(_lowest_running))
provide("product", "closing_lines", lambda c: _lines_of(c, "closing"))
