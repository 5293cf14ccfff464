"""What enterprises worked, added up over half a year at a time, and how far each half year is from the ones before.

A half year is long enough for work in hand to come out, and short enough to be asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from reporting.checks.columns import ELEMENTS, KIND_CODES, STAGE_CODES
from reporting.checks.nation.rows import Nation, months_of

__all__ = [
    "SPAN",
    "STAGE_COUNT",
    "Work",
    "against_own_past",
    "halves",
    "medians_of",
    "robust_spread",
    "stretches",
    "work",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SPAN: Final = 6
"""Months that are added up."""
_MINED: Final = (STAGE_CODES["concentrate"], STAGE_CODES["mixed_carbonate"])
STAGE_COUNT: Final = len(STAGE_CODES) + 1
_MAD: Final = 1.4826
_ENOUGH: Final = 5


@dataclass(frozen=True, slots=True)
class Work:
    """Enterprises × months × elements in kg, consumed, produced and lost; scrap worked; and the stage most was worked of."""

    organisations: Ints
    months: Ints
    filed: Bools
    into: Floats
    out: Floats
    lost: Floats
    scrap: Floats
    doubt: Floats
    stage: Ints


def work(nation: Nation) -> Work:
    """Lay out what was worked; ore comes from a mine, so that nothing needs to have gone in."""
    worked, filed = nation.gathered.worked, nation.gathered.filed
    owners = np.unique(worked["organisation_id"].to_numpy())
    months = nation.once(months_of)
    first = int(months[0])
    owner = np.searchsorted(owners, worked["organisation_id"].to_numpy())
    month = worked["period"].to_numpy() - first
    kind, stage = worked["kind"].to_numpy(), worked["stage"].to_numpy()
    mass = worked[list(ELEMENTS)].to_numpy()
    shape = (len(owners), len(months), len(ELEMENTS))

    def laid(chosen: Bools) -> Floats:
        grid = np.zeros(shape)
        np.add.at(grid, (owner[chosen], month[chosen]), mass[chosen])
        return grid

    used = kind == KIND_CODES["consumed"]
    by_stage = np.zeros((len(owners), STAGE_COUNT))
    np.add.at(by_stage, (owner[used], stage[used]), mass[used].sum(axis=1))
    doubt = np.zeros(shape[:2])
    np.add.at(doubt, (owner, month), worked["doubt_kg"].to_numpy())
    own = filed[filed["organisation_id"].isin(owners) & ~filed["blind"]]
    seen = np.zeros(shape[:2], dtype=bool)
    seen[np.searchsorted(owners, own["organisation_id"].to_numpy()), own["period"].to_numpy() - first] = True
    made = (kind == KIND_CODES["produced"]) & ~np.isin(stage, _MINED)
    return Work(
        owners, months, seen, laid(used), laid(made), laid(kind == KIND_CODES["lost"]),
        laid(used & (stage == STAGE_CODES["scrap"])).sum(axis=2), doubt, by_stage.argmax(axis=1),
    )  # fmt: skip


def halves(grid: Floats) -> Floats:
    """Sums of the last six months, along the second axis; the first five are sums of what there is."""
    total = np.cumsum(grid, axis=1)
    before = np.zeros_like(total)
    before[:, SPAN:] = total[:, :-SPAN]
    found: Floats = total - before
    return found


def against_own_past(values: Floats) -> Floats:
    """Each half year less the median of those that ended before it began; NaN where there is none. Rows × months."""
    off = np.full(values.shape, np.nan)
    for end in range(2 * SPAN - 1, values.shape[1]):
        past = values[:, SPAN - 1 : end - SPAN + 1]
        known = np.isfinite(past).any(axis=1)
        usual = np.full(len(values), np.nan)
        usual[known] = np.nanmedian(past[known], axis=1)
        off[:, end] = values[:, end] - usual
    return off


def medians_of(values: Floats, group: Ints, groups: int) -> Floats:
    """Groups × months: the median of the group's rows, where enough are known; else NaN."""
    found = np.full((groups, values.shape[1]), np.nan)
    for one in np.unique(group):
        mine = values[group == one]
        known = np.isfinite(mine).sum(axis=0) >= _ENOUGH
        if known.any():
            found[one, known] = np.nanmedian(mine[:, known], axis=0)
    return found


def robust_spread(values: Floats, group: Ints, groups: int, least: float) -> Floats:
    """Of each group the spread of its rows' values around nothing: median of their size, as a standard deviation."""
    flat = np.isfinite(values).any(axis=1)
    typical = np.full(len(values), np.nan)
    typical[flat] = np.nanmedian(np.abs(values[flat]), axis=1)
    spread = np.full(groups, np.nanmedian(typical) * _MAD if flat.any() else least)
    for one in np.unique(group):
        mine = (group == one) & flat
        if mine.sum() >= _ENOUGH:
            spread[one] = np.median(typical[mine]) * _MAD
    found: Floats = np.maximum(np.nan_to_num(spread, nan=least), least)
    return found


def stretches(far: Bools) -> tuple[Ints, Ints, Ints]:
    """Runs of months that are far: row, first and last month as places."""
    edge = np.zeros((len(far), 1), dtype=np.int8)
    steps = np.diff(np.concatenate([edge, far.astype(np.int8), edge], axis=1), axis=1)
    row, first = np.nonzero(steps == 1)
    last = np.nonzero(steps == -1)[1] - 1
    return row.astype(np.int64), first.astype(np.int64), last.astype(np.int64)
