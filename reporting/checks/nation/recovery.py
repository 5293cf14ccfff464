"""What work usually gives, and how much that differs between enterprises and from month to month: robust, from the nation."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reporting.checks.columns import ELEMENTS

__all__ = ["errors", "recoveries", "spreads"]

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
_SLIPPING: Final = (0.05, 0.45)
_LEAST: Final = 0.002
_MAD: Final = 1.4826


def recoveries(consumed: Floats, produced: Floats, seen: Bools, element: Ints) -> Floats:
    """Elements × stages: what part of what is worked at a stage comes out, by least absolute deviations over the nation."""
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
    return by_element


def _fit(share: Floats, part: Floats, prior: Floats) -> Floats:
    """Coefficients of the shares, drawn towards the prior by a few rows' weight each."""
    coefficients: Any = prior.copy()
    weight = np.ones(len(part))
    for _turn in range(_TURNS):
        left = (share * weight[:, None]).T @ share + _PRIOR_ROWS * np.eye(len(prior))
        right = share.T @ (weight * part) + _PRIOR_ROWS * prior
        coefficients = np.linalg.solve(left, right)
        off = np.maximum(np.abs(part - share @ coefficients), _SMALLEST)
        weight = np.minimum(4 * _SMALLEST / off, 1.0)
    found: Floats = coefficients
    return found


def errors(consumed: Floats, balance: Floats, seen: Bools, element: Ints) -> tuple[Floats, Floats]:
    """Return what is usual in the nation: what part of the variance slips and the deviation of a month (two numbers), and by
    element and stage what enterprises differ by.
    """
    part = _parts(consumed, balance, seen)
    slipping = _slipping(part)
    own, _known = _own(part, slipping)
    nation = float(np.nanmedian(own)) if np.isfinite(own).any() else 0.01
    return np.array([slipping, nation]), _shared(consumed, part, element)


def spreads(consumed: Floats, balance: Floats, seen: Bools, usual: Floats) -> tuple[Floats, Floats]:
    """Return, as parts of what is worked, the deviation of each series that is a month's own and that which slips into
    the next month; a short series is drawn towards what is usual.
    """
    slipping, nation = usual.tolist()
    own, known = _own(_parts(consumed, balance, seen), slipping)
    pooled = np.sqrt((known * np.nan_to_num(own) ** 2 + 6 * nation**2) / (known + 6))
    deviation = np.maximum(pooled, max(nation / 2, _LEAST))
    return np.sqrt(1 - 2 * slipping) * deviation, np.sqrt(slipping) * deviation


def _parts(consumed: Floats, balance: Floats, seen: Bools) -> Floats:
    """The balance of each month as a part of what was worked; NaN where nothing was."""
    whole = consumed.sum(axis=2)
    shown = seen & (whole > 0)
    found: Floats = np.where(
        shown, np.divide(balance, whole, out=np.zeros_like(whole), where=whole > 0), np.nan
    )
    return found


def _own(part: Floats, slipping: float) -> tuple[Floats, Ints]:
    """The deviation of each series from month to month, robust, and from how many steps it is known."""
    step = np.abs(np.diff(part, axis=1)) / np.sqrt(2 * (1 + slipping))
    own: Floats = _median(step) * _MAD
    return own, np.isfinite(step).sum(axis=1)


def _slipping(part: Floats) -> float:
    """What part of the variance slips into the next month: work booked too early in one month is missing in the next.

    Such errors are correlated by minus one half from month to month, those of a month alone not at all.
    """
    off = part - _median(part)[:, None]
    pairs, squares = off[:, 1:] * off[:, :-1], off**2
    known = np.isfinite(pairs).sum(axis=1) >= _ENOUGH
    if not known.any():
        return _SLIPPING[1] / 2
    ratio = np.nanmean(pairs[known], axis=1) / np.maximum(np.nanmean(squares[known], axis=1), 1e-12)
    return float(np.clip(-np.median(ratio), *_SLIPPING))


def _shared(consumed: Floats, part: Floats, element: Ints) -> Floats:
    """Elements × stages: the spread between enterprises of what mostly that work gives, of that element where enough do it."""
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
    return spread


def _median(values: Floats) -> Floats:
    """Each row's median of what is there; NaN where nothing is."""
    found = np.full(len(values), np.nan)
    there = np.isfinite(values).any(axis=1)
    if there.any():
        found[there] = np.nanmedian(values[there], axis=1)
    return found
