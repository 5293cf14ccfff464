"""A filing against the organisation's own past twelve months: volumes, prices, clients, destinations, units."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reporting.checks.chemistry import METAL_FRACTION
from reporting.checks.columns import CONTENT_COLUMNS, ELEMENTS, KIND_CODES, NA, OUT_KINDS
from reporting.checks.derive.balances import months, total_of
from reporting.checks.derive.context import Array, Context, Ints, find, provide, take
from reporting.checks.derive.duplicates import line_period
from reporting.checks.derive.filings import calendar, line_filing
from reporting.checks.derive.lines import line_counterparty, line_product
from reporting.checks.derive.statistics import Series, earlier_row, extreme_of_rows, median_of_rows, series
from reporting.checks.text import Mask

__all__ = ["delivered"]

Floats = npt.NDArray[np.float64]
LEAST_MONTHS = 6
DELIVERED = (KIND_CODES["sold"], KIND_CODES["exported"])


def delivered(context: Context) -> Ints:
    """Return the grams sold and exported per filing."""
    total = np.zeros(len(context.array("filings", "period")), dtype=np.int64)
    np.add.at(total, context.once(months).filing, total_of(context, ("sold", "exported")))
    return total


def _past(context: Context) -> Floats:
    """Return kilograms sold and exported in each of the twelve months before; a nil month counts as nothing."""
    lags = context.once(calendar).lags
    return np.where(lags >= 0, np.append(context.once(delivered) / 1000, np.nan)[lags], np.nan)


def _priced(context: Context) -> tuple[Ints, Floats]:
    """Return the lines sold or exported for a price, and the price per kilogram."""
    kind, quantity = context.array("lines", "kind"), context.array("lines", "quantity_g")
    value = context.array("lines", "value_fen")
    known = (
        (context.once(line_product) >= 0) & (context.once(line_filing) >= 0) & (quantity > 0) & (value > 0)
    )
    line = np.flatnonzero(np.isin(kind, DELIVERED) & known)
    return line, value[line] * 10 / quantity[line]


def _series_key(context: Context, line: Ints) -> Ints:
    kind = context.array("lines", "kind")[line].astype(np.int64)
    return context.once(line_product)[line] * 16 + kind


def _prices(context: Context) -> Series:
    line, price = context.once(_priced)
    return series(_series_key(context, line), context.once(line_period)[line], price)


def _price_past(context: Context) -> Floats:
    found = context.once(_prices)
    return found.past(found.middle)


def _usual_price(context: Context) -> Floats:
    return median_of_rows(context.once(_price_past), least=LEAST_MONTHS)


def _price_spread(context: Context) -> Floats:
    """Return how many times dearer or cheaper the past months were than their median, at most."""
    low, high = extreme_of_rows(context.once(_price_past), least=LEAST_MONTHS)
    usual = context.once(_usual_price)
    return np.maximum(high / usual, usual / low)


def _on_lines(context: Context, line: Ints, values: Array) -> Floats:
    found = np.full(len(context.array("lines", "kind")), np.nan)
    found[line] = values
    return found


def _price_column(context: Context, per_group: Floats) -> Floats:
    return _on_lines(context, context.once(_priced)[0], per_group[context.once(_prices).group])


def _weighed(context: Context) -> Ints:
    known = (context.once(line_product) >= 0) & (context.once(line_filing) >= 0)
    return np.flatnonzero(
        known & (context.array("lines", "quantity_g") > 0) & (context.array("lines", "kind") > 0)
    )


def _quantities(context: Context) -> Series:
    line = context.once(_weighed)
    kilograms = context.array("lines", "quantity_g")[line] / 1000
    return series(_series_key(context, line), context.once(line_period)[line], kilograms)


def _usual_quantity(context: Context) -> Floats:
    found = context.once(_quantities)
    return median_of_rows(found.past(found.middle), least=LEAST_MONTHS)


def _quantity_bounds(context: Context) -> tuple[Floats, Floats]:
    found = context.once(_quantities)
    low = extreme_of_rows(found.past(found.low), least=LEAST_MONTHS)[0]
    return low, extreme_of_rows(found.past(found.high), least=LEAST_MONTHS)[1]


def _quantity_column(context: Context, per_group: Floats) -> Floats:
    return _on_lines(context, context.once(_weighed), per_group[context.once(_quantities).group])


def _months_with(context: Context, kinds: tuple[int, ...]) -> Ints:
    """Return in how many of the twelve months before each filing had lines of these kinds."""
    filing = context.once(line_filing)
    chosen = np.isin(context.array("lines", "kind"), kinds) & (filing >= 0)
    some = np.bincount(filing[chosen], minlength=len(context.array("filings", "period"))) > 0
    lags = context.once(calendar).lags
    count: Ints = (np.append(some, False)[lags] & (lags >= 0)).sum(axis=1).astype(np.int64)
    return count


def _owner(context: Context) -> Ints:
    return take(context.once(calendar).organisation.astype(np.int64), context.once(line_filing), -1)


def _new_destination(context: Context) -> Mask:
    """Return the first line of a filing that exports to a country not exported to in twelve months."""
    destination = context.text("lines", "destination").codes
    filing = context.once(line_filing)
    among = (context.array("lines", "kind") == KIND_CODES["exported"]) & (destination >= 0) & (filing >= 0)
    before = earlier_row([context.once(_owner), destination], context.once(line_period), among)
    first = np.zeros(len(filing), dtype=bool)
    fresh = np.flatnonzero(among & (before < 0))
    width = int(destination.max(initial=0)) + 1
    _pairs, places = np.unique(filing[fresh] * width + destination[fresh], return_index=True)
    first[fresh[places]] = True
    return first


def _new_client_share(context: Context) -> Floats:
    """Return the share of the kilograms delivered that went to clients without a delivery in twelve months."""
    party, filing = context.once(line_counterparty), context.once(line_filing)
    quantity = context.array("lines", "quantity_g")
    among = np.isin(context.array("lines", "kind"), DELIVERED) & (party >= 0) & (filing >= 0) & (quantity > 0)
    new = among & (earlier_row([party], context.once(line_period), among) < 0)
    size = len(context.array("filings", "period"))
    fresh = np.bincount(filing[new], weights=quantity[new].astype(float), minlength=size)
    every = np.bincount(filing[among], weights=quantity[among].astype(float), minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(every > 0, 100 * fresh / every, np.nan)


def _closing_factor(context: Context) -> Floats:
    """Return by what factor a line's quantity would have to change for its product to balance; NaN if it does."""
    line = context.once(_weighed)
    found = context.once(months)
    width = max(len(context.array("products", "product_id")), 1)
    key = context.once(line_filing)[line] * width + context.once(line_product)[line]
    month = find(found.filing * width + found.product, key)
    gap = np.asarray(context.column("product", "imbalance_g"))[month]
    allowed = np.asarray(context.column("product", "rounding_halfg"))[month]
    quantity = context.array("lines", "quantity_g")[line]
    out = np.isin(context.array("lines", "kind")[line], OUT_KINDS)
    known = np.where(gap == NA, 0, gap)
    broken = 2 * np.abs(known) > allowed
    factor = 1 - known / np.where(out, -quantity, quantity)
    return _on_lines(context, line, np.where(broken & (factor > 0), factor, np.nan))


def _oxide_fraction(context: Context) -> Floats:
    """Return the metal fraction of the oxide of each line's product: of the element it holds most of."""
    contents = np.nan_to_num(np.column_stack([context.array("products", name) for name in CONTENT_COLUMNS]))
    fractions = np.array([METAL_FRACTION[element] for element in ELEMENTS])
    main = np.where(contents.max(axis=1, initial=0) > 0, fractions[contents.argmax(axis=1)], np.nan)
    return take(main, context.once(line_product), np.nan)


provide("filing", "delivered_kg", lambda c: c.once(delivered) / 1000)
provide("filing", "usual_delivered_kg", lambda c: median_of_rows(c.once(_past), least=LEAST_MONTHS))
provide("filing", "least_delivered_kg", lambda c: extreme_of_rows(c.once(_past), least=LEAST_MONTHS)[0])
provide("filing", "most_delivered_kg", lambda c: extreme_of_rows(c.once(_past), least=LEAST_MONTHS)[1])
provide("filing", "months_delivered", lambda c: _months_with(c, DELIVERED))
provide("filing", "new_client_pct", _new_client_share)
provide("line", "price_cny_kg", lambda c: _on_lines(c, *c.once(_priced)))
provide("line", "usual_price_cny_kg", lambda c: _price_column(c, c.once(_usual_price)))
provide("line", "price_spread_times", lambda c: _price_column(c, _price_spread(c)))
provide("line", "usual_quantity_kg", lambda c: _quantity_column(c, c.once(_usual_quantity)))
provide("line", "least_quantity_kg", lambda c: _quantity_column(c, c.once(_quantity_bounds)[0]))
provide("line", "most_quantity_kg", lambda c: _quantity_column(c, c.once(_quantity_bounds)[1]))
provide("line", "new_destination", _new_destination)
provide(
    "line",
    "past_export_months",
    lambda c: take(_months_with(c, (KIND_CODES["exported"],)), c.once(line_filing), 0),
)
provide("line", "closing_factor_times", _closing_factor)
provide("line", "oxide_fraction", _oxide_fraction)
