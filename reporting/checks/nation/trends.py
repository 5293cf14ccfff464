"""What enterprises delivered month by month, against their own past and less what the whole sector did: sudden changes alone.

A sector is those that mostly deliver the same stage. A shock that it shares (prices, a holiday, a new rule) is nobody's own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import KIND_CODES
from reporting.checks.nation.rows import Nation, Rows, months_of, rows_of
from reporting.checks.nation.windows import STAGE_COUNT, medians_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SPAN: Final = 3
"""Months that are held together against those before."""
PAST: Final = 12
FAR: Final = 3.0
_LEAST_PAST: Final = 6
_LEAST_SPREAD: Final = 0.15
_MAD: Final = 1.4826
_OUT: Final = (KIND_CODES["sold"], KIND_CODES["exported"])


def _delivered(nation: Nation) -> tuple[Ints, Ints, Floats, Ints]:
    """Enterprises, months, rare earth delivered (NaN where nothing was filed), and the stage most of it was."""
    deals, goods, filed = nation.gathered.deals, nation.gathered.goods, nation.gathered.filed
    some = deals[deals["kind"].isin(_OUT)].merge(goods[["product_id", "stage"]], on="product_id")
    owners = np.unique(some["organisation_id"].to_numpy()).astype(np.int64)
    months = nation.once(months_of)
    first = int(months[0])
    kg = np.full((len(owners), len(months)), np.nan)
    own = filed[filed["organisation_id"].isin(owners)]
    kg[np.searchsorted(owners, own["organisation_id"].to_numpy()), own["period"].to_numpy() - first] = 0.0
    at = np.searchsorted(owners, some["organisation_id"].to_numpy()), some["period"].to_numpy() - first
    np.add.at(kg, at, some["contained_kg"].to_numpy())
    by_stage = np.zeros((len(owners), STAGE_COUNT))
    np.add.at(by_stage, (at[0], some["stage"].to_numpy()), some["contained_kg"].to_numpy())
    return owners, months, kg, by_stage.argmax(axis=1).astype(np.int64)


def _changes(kg: Floats) -> tuple[Floats, Floats, Floats]:
    """Logarithm of the last three months' mean over that of the year before; both means. NaN where too little is known."""
    lately, before = np.full(kg.shape, np.nan), np.full(kg.shape, np.nan)
    for end in range(SPAN + _LEAST_PAST - 1, kg.shape[1]):
        span, past = kg[:, end - SPAN + 1 : end + 1], kg[:, max(0, end - SPAN - PAST + 1) : end - SPAN + 1]
        known = np.isfinite(span).all(axis=1) & (np.isfinite(past).sum(axis=1) >= _LEAST_PAST)
        lately[known, end] = span[known].mean(axis=1)
        before[known, end] = np.nanmean(past[known], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where((lately > 0) & (before > 0), np.log(lately / before), np.nan)
    return change, lately, before


def _spreads(change: Floats, stage: Ints, sector: Floats) -> Floats:
    """By stage how far changes usually are from the sector's."""
    spread = np.full(STAGE_COUNT, np.nan)
    for one in np.unique(stage):
        known = np.isfinite(sector[one])
        if known.any():
            spread[one] = _MAD * np.nanmedian(np.abs(change[stage == one][:, known] - sector[one, known]))
    found: Floats = np.maximum(np.nan_to_num(spread, nan=0.5), _LEAST_SPREAD)
    return found


@rows_of("trend")
def trends(nation: Nation) -> Rows:
    """The latest sudden change of each enterprise and direction, with what its sector did meanwhile."""
    owners, months, kg, stage = nation.once(_delivered)
    change, lately, before = _changes(kg)
    norms = nation.norms
    shared = norms.monthly("trend", months, lambda: medians_of(change, stage, STAGE_COUNT))
    spread = norms.usual("trend_spread", lambda: _spreads(change, stage, shared))[stage]
    sector = np.nan_to_num(shared)[stage]
    off = change - sector
    sure = np.nan_to_num(np.abs(off) / spread[:, None])
    far = (sure > FAR)[:, :]
    fresh = far & ~np.concatenate([np.zeros((len(far), 1), dtype=bool), far[:, :-1]], axis=1)
    row, alarm = np.nonzero(fresh)
    frame = pd.DataFrame({"row": row, "alarm": alarm, "up": off[row, alarm] > 0})
    frame = frame.sort_values(["row", "up", "alarm"]).drop_duplicates(["row", "up"], keep="last")
    row, at = frame["row"].to_numpy(), frame["alarm"].to_numpy()
    up = frame["up"].to_numpy(dtype=bool)
    subject = np.array([f"trend:{'+' if more else '-'}" for more in up.tolist()], dtype=object)
    columns = {
        "stage": stage[row], "lately_kg": lately[row, at], "past_kg": before[row, at], "change_pct": 100 * np.expm1(change[row, at]),
        "sector_change_pct": 100 * np.expm1(sector[row, at]), "change_spread_pct": 100 * np.expm1(spread[row]),
        "change_sure": sure[row, at], "changed_kg": np.abs(lately[row, at] - before[row, at] * np.exp(sector[row, at])) * SPAN,
        "up": up,
    }  # fmt: skip
    return Rows(owners[row], months[np.maximum(at - SPAN + 1, 0)], months[at], months[at], subject, columns)
