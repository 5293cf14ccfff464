"""Filings: where each organisation's earlier months stand, and from where a month takes its opening stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reporting.checks.derive.context import LAGS, Context, Ints, Rows, find, position, provide, rows_of
from reporting.checks.text import Mask

__all__ = ["Calendar", "calendar", "line_filing", "month_days"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Filings in time. `lags[i, k]` is the position of the filing k+1 months before filing i, or -1."""

    period: Ints
    organisation: Ints  # dense number of the organisation
    lags: Ints
    lines: Ints  # how many lines
    idle: Mask  # a nil return without lines: stock carries over
    source: Ints  # the filing whose closing stock is this month's opening, or -1


def line_filing(context: Context) -> Ints:
    """Return for each line the position of its filing, -1 where the filing is not in the run."""
    return position(context.array("filings", "filing_id"), context.array("lines", "filing_id"))


def calendar(context: Context) -> Calendar:
    """Return the filings in time."""
    period = context.array("filings", "period")
    _names, organisation = np.unique(context.array("filings", "organisation_id"), return_inverse=True)
    size = len(period)
    start = int(period.min()) - len(LAGS) if size else 0
    span = int(period.max()) - start + 1 if size else 1
    key = organisation.astype(np.int64) * span + (period - start)
    order = np.argsort(key, kind="stable")
    lags = np.full((size, len(LAGS)), -1, dtype=np.int64)
    for column, months in enumerate(LAGS):
        places = find(key[order], key - months)
        lags[:, column] = np.where(places >= 0, order[places], -1)
    owner = context.once(line_filing)
    count = np.bincount(owner[owner >= 0], minlength=size).astype(np.int64)
    idle = context.array("filings", "nil") & (count == 0)
    return Calendar(period, organisation, lags, count, idle, _source(key, order, idle))


def _source(key: Ints, order: Ints, idle: Mask) -> Ints:
    """Return the latest filing with lines that reaches each filing through nil months without a gap."""
    size = len(key)
    source = np.full(size, -1, dtype=np.int64)
    if size < 2:
        return source
    place = np.arange(size)
    follows = np.concatenate(([False], np.diff(key[order]) == 1))
    run_start = np.maximum.accumulate(np.where(follows, 0, place))
    last_full = np.maximum.accumulate(np.where(idle[order], -1, place))
    before = np.concatenate(([-1], last_full[:-1]))
    found = follows & (before >= run_start)
    source[order] = np.where(found, order[before], -1)
    return source


def month_days(period: Ints) -> tuple[Ints, Ints]:
    """Return the first and the last day of each period as days since 1970-01-01."""
    months = (period - 1970 * 12).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[D]").astype(np.int64)
    return first, after - 1


def _obligation(name: str) -> None:
    provide("obligation", name, lambda c: c.array("obligations", name))


def _rows(context: Context) -> Rows:
    size = len(context.array("filings", "period"))
    return Rows(size, filing=np.arange(size))


rows_of("filing", _rows)
provide("filing", "nil", lambda c: c.array("filings", "nil"))
provide("filing", "period", lambda c: c.array("filings", "period"))
provide("filing", "lines", lambda c: c.once(calendar).lines)
provide("filing", "past_months", lambda c: (c.once(calendar).lags >= 0).sum(axis=1))

rows_of("obligation", lambda c: Rows(len(c.array("obligations", "period"))))
for _name in ("period", "due", "submitted", "as_of"):
    _obligation(_name)
