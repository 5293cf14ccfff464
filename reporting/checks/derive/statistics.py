"""Robust figures over a few values per row, and series of months: medians that one odd month cannot move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reporting.checks.derive.context import LAGS, Array, Ints, find
from reporting.checks.text import Mask

__all__ = ["Series", "earlier_row", "extreme_of_rows", "median_of_rows", "previous_row", "series"]

Floats = npt.NDArray[np.float64]


def median_of_rows(values: Floats, least: int = 1) -> Floats:
    """Return each row's median over its values that are not NaN; NaN where there are fewer than `least`."""
    count = (~np.isnan(values)).sum(axis=1)
    ordered = np.sort(values, axis=1)
    row = np.arange(len(values))
    low, high = np.maximum(count - 1, 0) // 2, np.maximum(count, 1) // 2
    middle: Floats = (ordered[row, low] + ordered[row, high]) / 2
    return np.where(count >= least, middle, np.nan)


def extreme_of_rows(values: Floats, least: int = 1) -> tuple[Floats, Floats]:
    """Return each row's smallest and largest value that is not NaN; NaN where there are fewer than `least`."""
    gaps = np.isnan(values)
    enough = (~gaps).sum(axis=1) >= least
    low = np.where(gaps, np.inf, values).min(axis=1)
    high = np.where(gaps, -np.inf, values).max(axis=1)
    return np.where(enough, low, np.nan), np.where(enough, high, np.nan)


@dataclass(frozen=True, slots=True)
class Series:
    """Values in months: `group` is each value's place among the month's groups; `lags` the same key's past."""

    group: Ints
    low: Floats
    middle: Floats
    high: Floats
    lags: Ints

    def past(self, statistic: Floats) -> Floats:
        """Return the statistic of the twelve months before each group, NaN where there was none."""
        return np.where(self.lags >= 0, np.append(statistic, np.nan)[self.lags], np.nan)


def series(key: Ints, period: Ints, values: Floats) -> Series:
    """Group values by key and month; keys are not negative."""
    start = int(period.min()) - len(LAGS) if len(period) else 0
    span = int(period.max()) - start + 1 if len(period) else 1
    months = key * span + (period - start)
    names, group = np.unique(months, return_inverse=True)
    order = np.lexsort((values, group))
    ordered = values[order]
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    last = np.append(first[1:], len(ordered)) - 1
    if len(ordered):
        low, high = ordered[first], ordered[last]
        middle = (ordered[(first + last) // 2] + ordered[(first + last + 1) // 2]) / 2
    else:
        low = middle = high = ordered
    lags = np.column_stack([find(names, names - lag) for lag in LAGS])
    return Series(group, low, middle, high, lags)


def _mixed(columns: list[Array]) -> npt.NDArray[np.uint64]:
    """Return one number for several columns; equal rows have equal numbers (the reverse is verified by callers)."""
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column.astype(np.int64).view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _equal(columns: list[Array], one: Ints, other: Ints) -> Mask:
    same = np.ones(len(one), dtype=bool)
    for column in columns:
        same &= column[one] == column[other]
    return same


def previous_row(columns: list[Array], among: Mask) -> Ints:
    """Return for each row among `among` the row before it with the same values in all columns; -1 if none."""
    rows = np.flatnonzero(among)
    found = np.full(len(among), -1, dtype=np.int64)
    if not len(rows):
        return found
    mixed = _mixed([column[rows] for column in columns])
    order = np.argsort(mixed, kind="stable")
    near = np.flatnonzero(mixed[order[1:]] == mixed[order[:-1]])
    one, other = rows[order[near]], rows[order[near + 1]]
    same = _equal(columns, one, other)
    found[other[same]] = one[same]
    return found


def earlier_row(columns: list[Array], period: Ints, among: Mask, months: int = len(LAGS)) -> Ints:
    """Return for each row the last row of the latest earlier month with the same values, at most `months` before."""
    rows = np.flatnonzero(among)
    found = np.full(len(among), -1, dtype=np.int64)
    if not len(rows):
        return found
    rows = rows[np.argsort(period[rows], kind="stable")]
    mixed = _mixed([column[rows] for column in columns])
    order = np.argsort(mixed, kind="stable")
    key, when = mixed[order], period[rows[order]]
    place = np.arange(len(order))
    new_key = np.concatenate(([True], key[1:] != key[:-1]))
    new_month = new_key | np.concatenate(([True], when[1:] != when[:-1]))
    start = np.maximum.accumulate(np.where(new_month, place, 0))
    has_past = ~new_key[start]
    before = np.where(has_past, start - 1, 0)
    recent = has_past & (when - when[before] <= months)
    one, other = rows[order[before[recent]]], rows[order[recent]]
    same = _equal(columns, one, other)
    found[other[same]] = one[same]
    return found
