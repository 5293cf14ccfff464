"""Sequential tests, many series at once: balances made independent of one another, then Page's test of both signs."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["CLIP", "innovations", "page", "shifts"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

CLIP: Final = 3.0
"""One month alone, however large its error, never makes a case."""
SLACK: Final = 0.3
LEAST: Final = 3
"""Months that must bear a shift out."""


def innovations(balance: Floats, covariance: Floats, seen: Bools) -> tuple[Floats, Floats, Floats]:
    """Return each month's balance beyond what the months before let expect, in sigmas, that sigma, and Cholesky's factor.

    `balance` and `seen` are series × months, `covariance` series × months × months. Months not seen say nothing. What lies
    beyond three sigma is cut off before the next months learn from it: a wild month must not bend them.
    """
    at = np.arange(balance.shape[1])
    whole = np.where(seen[:, :, None] & seen[:, None, :], covariance, 0.0)
    whole[:, at, at] = np.where(seen, covariance[:, at, at], 1.0)
    root = np.linalg.cholesky(whole)
    residual, sigma = np.zeros_like(balance), np.diagonal(root, axis1=1, axis2=2)
    for month in at.tolist():
        known = np.einsum("nt,nt->n", root[:, month, :month], residual[:, :month])
        beyond = (balance[:, month] - known) / sigma[:, month]
        residual[:, month] = np.where(seen[:, month], np.clip(beyond, -CLIP, CLIP), 0.0)
    return residual, np.where(seen, sigma, 0.0), root


def shifts(residual: Floats, root: Floats, size: Floats, seen: Bools) -> tuple[Floats, Ints, Floats]:
    """Return, month by month, the largest lasting shift in its standard uncertainties, the month since when, and its
    standard uncertainty as a part of `size`.

    For each month from which something may have gone on, an excess that is a fixed part of `size`, estimated from the
    residuals of all months since; what all months share has no say in it, for `root` knows it.
    """
    months = residual.shape[1]
    begun = np.tril(np.ones((months, months)))  # month × since
    shape = np.linalg.solve(root, np.where(seen, size, 0.0)[:, :, None] * begun)
    step = np.where(seen, residual, 0.0)
    weight = np.cumsum(shape**2, axis=1)
    sure = np.cumsum(shape * step[:, :, None], axis=1) / np.sqrt(np.maximum(weight, 1e-12))
    since_seen = np.cumsum(seen, axis=1)[:, :, None] - np.cumsum(seen, axis=1)[:, None, :] + seen[:, None, :]
    sure = np.where((since_seen >= LEAST) & (begun > 0), sure, 0.0)
    since = np.argmax(sure, axis=2)
    best, known = (np.take_along_axis(part, since[:, :, None], axis=2)[:, :, 0] for part in (sure, weight))
    return np.maximum(best, 0.0), since, 1 / np.sqrt(np.maximum(known, 1e-12))


def page(residual: Floats, seen: Bools) -> Floats:
    """Return Page's cumulative sum of the clipped residuals, month by month; months not seen leave it as it is."""
    step = np.where(seen, np.clip(residual, -CLIP, CLIP) - SLACK, 0.0)
    total = np.zeros(len(residual))
    path = np.empty_like(residual)
    for month in range(residual.shape[1]):
        total = np.maximum(0.0, total + step[:, month])
        path[:, month] = total
    return path
