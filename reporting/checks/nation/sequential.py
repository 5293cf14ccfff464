"""Sequential tests, many series at once: balances made independent of one another, then Page's test of both signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["CLIP", "Episodes", "episodes", "innovations", "page"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

CLIP: Final = 3.0
"""One month alone, however large its error, never makes a case."""
SLACK: Final = 0.3
_AT_ONCE: Final = 500


def innovations(balance: Floats, covariance: Floats, seen: Bools) -> tuple[Floats, Floats]:
    """Return each month's balance beyond what the months before let expect, in sigmas, and that sigma.

    `balance` and `seen` are series × months, `covariance` series × months × months. Months not seen say nothing.
    """
    months = balance.shape[1]
    gone = ~(seen[:, :, None] & seen[:, None, :])
    whole = np.where(gone, 0.0, covariance)
    whole[:, np.arange(months), np.arange(months)] = np.where(
        seen, covariance[:, np.arange(months), np.arange(months)], 1.0
    )
    values = np.where(seen, balance, 0.0)
    residual, sigma = np.empty_like(balance), np.empty_like(balance)
    for start in range(0, len(balance), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        root = np.linalg.cholesky(whole[part])
        residual[part] = np.linalg.solve(root, values[part][:, :, None])[:, :, 0]
        sigma[part] = np.diagonal(root, axis1=1, axis2=2)
    return np.where(seen, residual, 0.0), np.where(seen, sigma, 0.0)


def page(residual: Floats, seen: Bools) -> Floats:
    """Return Page's cumulative sum of the clipped residuals, month by month; months not seen leave it as it is."""
    step = np.where(seen, np.clip(residual, -CLIP, CLIP) - SLACK, 0.0)
    total = np.zeros(len(residual))
    path = np.empty_like(residual)
    for month in range(residual.shape[1]):
        total = np.maximum(0.0, total + step[:, month])
        path[:, month] = total
    return path


@dataclass(frozen=True, slots=True)
class Episodes:
    """Stretches in which a path left zero and passed the limit; a row each, months as places."""

    series: Ints
    first: Ints
    alarm: Ints
    peak: Ints
    height: Floats


def episodes(path: Floats, limit: float) -> Episodes:
    """Return every stretch above zero that passed the limit: where it began, passed it, and was highest."""
    count = len(path)
    first, alarm = np.zeros(count, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    peak, height = np.zeros(count, dtype=np.int64), np.zeros(count)
    found: list[tuple[npt.NDArray[Any], ...]] = []
    for month in range(path.shape[1] + 1):
        now = path[:, month] if month < path.shape[1] else np.zeros(count)
        ended = (now <= 0.0) & (alarm >= 0)
        rows = np.flatnonzero(ended)
        found.append((rows, first[rows], alarm[rows], peak[rows], height[rows]))
        idle = now <= 0.0
        first = np.where(idle, month + 1, first)
        alarm = np.where(idle, -1, np.where((alarm < 0) & (now >= limit), month, alarm))
        higher = now > np.where(idle, 0.0, height)
        peak = np.where(higher, month, peak)
        height = np.where(idle, 0.0, np.maximum(height, now))
    parts = [np.concatenate(column) for column in zip(*found, strict=True)]
    return Episodes(*parts)
