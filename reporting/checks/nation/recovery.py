"""What work usually gives, and how much that differs between enterprises and from month to month: robust, from the nation."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from reporting.checks.columns import ELEMENTS

__all__ = ["recoveries", "spreads"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

USUAL: Final = 0.97
"""Recovery of a kind of work that nobody else does."""
_PRIOR_ROWS: Final = 4.0
_TURNS: Final = 12
_SMALLEST: Final = 0.004
_SHARED: Final = (0.006, 0.03)  # least, and what is assumed where too few enterprises do the work
_ENOUGH: Final = 5
_MAD: Final = 1.4826


def recoveries(consumed: Floats, produced: Floats, seen: Bools, element: Ints) -> Floats:
    """Series × stages: what part of what is worked at a stage comes out, by least absolute deviations over the nation."""
    stages = consumed.shape[2]
    whole = consumed.sum(axis=2)
    share = np.divide(consumed, whole[:, :, None], out=np.zeros_like(consumed), where=whole[:, :, None] > 0)
    part = np.divide(produced, whole, out=np.zeros_like(produced), where=whole > 0)
    rows = seen & (whole > 0)
    prior = _fit(share[rows], part[rows], np.full(stages, USUAL))
    by_element = np.tile(prior, (len(ELEMENTS), 1))
    for place in np.unique(element):
        mine = rows & (element == place)[:, None]
        by_element[place] = _fit(share[mine], part[mine], prior)
    return by_element[element]


def _fit(share: Floats, part: Floats, prior: Floats) -> Floats:
    """Coefficients of the shares, drawn towards the prior by a few rows' weight each."""
    coefficients: Floats = prior.copy()
    weight = np.ones(len(part))
    for _turn in range(_TURNS):
        left = (share * weight[:, None]).T @ share + _PRIOR_ROWS * np.eye(len(prior))
        right = share.T @ (weight * part) + _PRIOR_ROWS * prior
        coefficients = np.linalg.solve(left, right)
        off = np.maximum(np.abs(part - share @ coefficients), _SMALLEST)
        weight = np.minimum(4 * _SMALLEST / off, 1.0)
    return coefficients


def spreads(consumed: Floats, balance: Floats, seen: Bools, element: Ints) -> tuple[Floats, Floats]:
    """Return, as parts of what is worked, the monthly deviation of each series, and by stage what enterprises differ by."""
    whole = consumed.sum(axis=2)
    part = np.where(
        seen & (whole > 0), np.divide(balance, whole, out=np.zeros_like(whole), where=whole > 0), np.nan
    )
    step = np.abs(np.diff(part, axis=1)) / np.sqrt(2)
    own = _median(step) * _MAD
    nation = float(np.nanmedian(own)) if np.isfinite(own).any() else 0.01
    known = np.isfinite(step).sum(axis=1)
    pooled = np.sqrt((known * np.nan_to_num(own) ** 2 + 6 * nation**2) / (known + 6))
    deviation = np.clip(pooled, nation / 2, None)
    return deviation, _shared(consumed, part, element)


def _shared(consumed: Floats, part: Floats, element: Ints) -> Floats:
    """Series × stages: the spread between enterprises of what mostly that work gives, of that element where enough do it."""
    by_stage = consumed.sum(axis=1)
    mostly = by_stage.argmax(axis=1)
    level = np.abs(_median(part))
    spread = np.full((len(ELEMENTS), consumed.shape[2]), _SHARED[1])
    for stage in np.unique(mostly):
        mine = (mostly == stage) & np.isfinite(level)
        if mine.sum() >= _ENOUGH:
            spread[:, stage] = max(float(np.median(level[mine])) * _MAD, _SHARED[0])
        for place in np.unique(element[mine]):
            some = mine & (element == place)
            if some.sum() >= _ENOUGH:
                spread[place, stage] = max(float(np.median(level[some])) * _MAD, _SHARED[0])
    return spread[element]


def _median(values: Floats) -> Floats:
    """Each row's median of what is there; NaN where nothing is."""
    found = np.full(len(values), np.nan)
    there = np.isfinite(values).any(axis=1)
    if there.any():
        found[there] = np.nanmedian(values[there], axis=1)
    return found
