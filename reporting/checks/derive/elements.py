"""Masses of the elements in what was consumed and what was produced, and the yields that follow.

Estimates, so floats: grams times contents, an assay of a lot standing above the product's. A month's work may
end in the next one, so yields are judged over three months: this one and the two before, of those filed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from reporting.checks.chemistry import YIELD_BOUNDS
from reporting.checks.columns import CONTENT_COLUMNS, ELEMENTS, KIND_CODES, NA, STAGE_CODES, STAGES
from reporting.checks.derive.balances import months, total_of
from reporting.checks.derive.context import Array, Context, Ints, Rows, provide, rows_of
from reporting.checks.derive.filings import calendar, line_filing
from reporting.checks.derive.lines import line_product
from reporting.checks.derive.products import contents
from reporting.checks.derive.statistics import median_of_rows

__all__ = ["consumed", "produced"]

Floats = npt.NDArray[np.float64]
QUARTER: Final = 3
MINED: Final = (STAGE_CODES["concentrate"], STAGE_CODES["mixed_carbonate"])


def _masses(context: Context, kind: str) -> Floats:
    """Return kilograms of each element that lines of this kind moved, per filing."""
    found = context.once(months)
    share = np.nan_to_num(context.once(contents))[found.product] / 100
    kilograms = (total_of(context, (kind,)) / 1000)[:, None] * share
    masses = np.zeros((len(context.array("filings", "period")), len(ELEMENTS)))
    if len(found.filing):
        starts = np.flatnonzero(np.diff(found.filing, prepend=-1))
        masses[found.filing[starts]] = np.add.reduceat(kilograms, starts, axis=0)
    _by_lot(context, kind, masses)
    return masses


def _by_lot(context: Context, kind: str, masses: Floats) -> None:
    """Put the contents of assayed lots in the place of their products'."""
    lots = context.text("lots", "batch")
    if not len(lots):
        return
    batch = context.text("lines", "batch")
    words = lots.words.get_indexer(batch.words)
    word = np.append(words, -1)[batch.codes]
    width = len(lots.words) + 1
    key = context.array("lots", "product_id") * width + lots.codes
    wanted = context.array("lines", "product_id") * width + word
    order = np.argsort(key, kind="stable")
    place = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
    lot = order[place]
    quantity, filing = context.array("lines", "quantity_g"), context.once(line_filing)
    product = context.once(line_product)
    moved = (context.array("lines", "kind") == KIND_CODES[kind]) & (quantity != NA) & (filing >= 0)
    line = np.flatnonzero(moved & (product >= 0) & (word >= 0) & (key[lot] == wanted))
    assay = np.column_stack([context.array("lots", name) for name in CONTENT_COLUMNS])[lot[line]]
    differs = np.nan_to_num(assay) - np.nan_to_num(context.once(contents))[product[line]]
    np.add.at(masses, filing[line], (quantity[line] / 1000)[:, None] * differs / 100)


def produced(context: Context) -> Floats:
    """Return kilograms of each element produced, per filing."""
    return _masses(context, "produced")


def consumed(context: Context) -> Floats:
    """Return kilograms of each element consumed, per filing."""
    return _masses(context, "consumed")


def _quarter(context: Context, monthly: Array) -> Array:
    lags = context.once(calendar).lags[:, : QUARTER - 1]
    total = monthly.copy()
    for column in range(lags.shape[1]):
        before = lags[:, column]
        there = before >= 0
        total[there] += monthly[before[there]]
    return total


def _by_stage(context: Context) -> Floats:
    """Return kilograms of rare earth produced per filing and stage (column 0: no stage)."""
    found = context.once(months)
    share = np.nansum(context.once(contents), axis=1)[found.product] / 100
    kilograms = total_of(context, ("produced",)) / 1000 * share
    width = len(STAGES) + 1
    key = found.filing * width + context.array("products", "stage")[found.product]
    size = len(context.array("filings", "period")) * width
    by_stage: Floats = (
        np.bincount(key, weights=kilograms, minlength=size)[:size].reshape(-1, width).astype(float)
    )
    return by_stage


def _made(context: Context) -> Floats:
    """Return kilograms produced that must come from something consumed: ore and its concentrate come from a mine."""
    # both from the catalogue: a mine's lot that is richer than its product must not look like something made
    stages = context.once(_by_stage)
    made: Floats = stages.sum(axis=1) - stages[:, list(MINED)].sum(axis=1)
    return made


def _main_stage(context: Context) -> Ints:
    stages = context.once(_by_stage)
    return np.where(stages.sum(axis=1) > 0, stages.argmax(axis=1), 0).astype(np.int64)


def _floor(context: Context) -> Floats:
    bounds = np.array([np.nan, *(YIELD_BOUNDS[stage] * 100 for stage in STAGES)])
    return bounds[context.once(_main_stage)]


def _blind(context: Context) -> Array:
    """Return which filings consumed or produced a product without any contents, in the last three months."""
    found = context.once(months)
    bare = np.all(np.isnan(context.once(contents)), axis=1, keepdims=True)[found.product, 0]
    moved = total_of(context, ("consumed", "produced")) > 0
    blind = np.zeros(len(context.array("filings", "period")))
    blind[found.filing[bare & moved]] = 1.0
    return _quarter(context, blind) > 0


def _seen(context: Context, masses: Array) -> Array:
    """Return the masses, NaN where contents are unknown (so that no check judges them)."""
    blind = context.once(_blind)
    return np.where(blind if masses.ndim == 1 else blind[:, None], np.nan, masses)


def _yield(context: Context) -> Floats:
    out, into = (_quarter(context, context.once(make).sum(axis=1)) for make in (produced, consumed))
    with np.errstate(divide="ignore", invalid="ignore"):
        return _seen(context, np.where(into > 0, 100 * out / into, np.nan))


def _own_yield(context: Context) -> Floats:
    """Return the median of the yields of the filings before, at least six of them."""
    lags = context.once(calendar).lags[
        :, : -(QUARTER - 1)
    ]  # the oldest of them has its own quarter in the run
    past = np.where(lags >= 0, np.append(context.once(_yield), np.nan)[lags], np.nan)
    return median_of_rows(past, least=6)


def _scrap_share(context: Context) -> Floats:
    stages = context.once(_by_stage)
    total = _quarter(context, stages.sum(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, 100 * _quarter(context, stages[:, STAGE_CODES["scrap"]]) / total, np.nan)


def _total_consumed(context: Context) -> Floats:
    total: Floats = context.once(consumed).sum(axis=1)
    return total


def _total_produced(context: Context) -> Floats:
    total: Floats = context.once(produced).sum(axis=1)
    return total


def _provide_masses(per: str, name: str, make: Callable[[Context], Floats]) -> None:
    provide(per, f"{name}_kg", lambda c: _seen(c, c.once(make)).ravel())
    provide(per, f"{name}_quarter_kg", lambda c: _seen(c, _quarter(c, c.once(make))).ravel())


def _rows(context: Context) -> Rows:
    size = len(context.array("filings", "period"))
    filing = np.repeat(np.arange(size), len(ELEMENTS))
    return Rows(len(filing), filing=filing, element=np.tile(np.arange(len(ELEMENTS)), size))


def _all_elements(context: Context, make: str) -> Array:
    return np.repeat(np.asarray(context.column("filing", make)), len(ELEMENTS))


rows_of("element", _rows)
_provide_masses("filing", "consumed", _total_consumed)
_provide_masses("filing", "produced", _total_produced)
_provide_masses("filing", "made", _made)
_provide_masses("element", "consumed", consumed)
_provide_masses("element", "produced", produced)
provide("element", "all_produced_quarter_kg", lambda c: _all_elements(c, "produced_quarter_kg"))
provide("element", "all_consumed_quarter_kg", lambda c: _all_elements(c, "consumed_quarter_kg"))
provide("element", "main_stage", lambda c: np.repeat(c.once(_main_stage), len(ELEMENTS)))
provide("filing", "main_stage", lambda c: c.once(_main_stage))
provide("filing", "yield_pct", lambda c: c.once(_yield))
provide("filing", "yield_floor_pct", lambda c: c.once(_floor))
provide("filing", "own_yield_pct", lambda c: c.once(_own_yield))
provide("filing", "scrap_share_pct", lambda c: c.once(_scrap_share))
