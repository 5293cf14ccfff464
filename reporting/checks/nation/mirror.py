"""Both sides of every trade between enterprises that file: what the seller and the buyer say, added up over months.

A slip from one month into the next is no difference once both are filed, so differences are cumulated; what moved in the
last days of the month is set aside, and a difference counts when it stands for two months running. Who is off is read
from each side's other partners.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import STAGES
from reporting.checks.nation.rows import Nation, Rows, months_of, rows_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SURE: Final = 4.0
LEAST_KG, LEAST_SHARE = 50.0, 0.02
_LINE_ERROR: Final = 0.005
"""Standard uncertainty of one weighing, as a part of it; independent between lines."""
_SCALES: Final = 0.001
"""What two weighbridges may differ by for good."""
_SLACK_KG: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Seller, buyer and stage × months, in kg; only months that both have filed."""

    seller: Ints
    buyer: Ints
    stage: Ints
    months: Ints
    sold: Floats
    bought: Floats
    late: Floats
    squares: Floats
    seen: npt.NDArray[np.bool_]


def _pairs(nation: Nation) -> _Pairs:
    trades, filed = nation.gathered.trades, nation.gathered.filed
    owners = nation.references.organisations
    reporting = owners.loc[owners["reports"], "organisation_id"].to_numpy()
    both = trades["organisation_id"].isin(reporting) & trades["other_id"].isin(reporting)
    trades = trades[both]
    sells = trades["sells"].to_numpy()
    own, other = trades["organisation_id"].to_numpy(), trades["other_id"].to_numpy()
    keys = np.column_stack(
        [np.where(sells, own, other), np.where(sells, other, own), trades["stage"].to_numpy()]
    )
    distinct, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.reshape(-1)
    months = nation.once(months_of)
    shape = (len(distinct), len(months))
    month = trades["period"].to_numpy() - months[:1].sum()
    kg = trades["grams"].to_numpy() / 1000

    def laid(values: Floats, chosen: npt.NDArray[np.bool_]) -> Floats:
        grid = np.zeros(shape)
        np.add.at(grid, (place[chosen], month[chosen]), values[chosen])
        return grid

    late = trades["late_g"].to_numpy() / 1000
    everything = np.ones(len(trades), dtype=bool)
    squares = laid(kg**2 / np.maximum(trades["lines"].to_numpy(), 1), everything)
    seen = _both_filed(filed, distinct[:, 0], distinct[:, 1], months)
    return _Pairs(
        distinct[:, 0], distinct[:, 1], distinct[:, 2], months, laid(kg, sells), laid(kg, ~sells),
        np.maximum(laid(late, sells), laid(late, ~sells)), squares, seen,
    )  # fmt: skip


def _both_filed(filed: pd.DataFrame, seller: Ints, buyer: Ints, months: Ints) -> npt.NDArray[np.bool_]:
    owners = np.unique(filed["organisation_id"].to_numpy())
    there = np.zeros((len(owners) + 1, len(months)), dtype=bool)
    if len(filed):
        at = np.searchsorted(owners, filed["organisation_id"].to_numpy())
        there[at, filed["period"].to_numpy() - months[0]] = True

    def of(ids: Ints) -> npt.NDArray[np.bool_]:
        place = np.searchsorted(owners, ids)
        known = (
            owners[np.minimum(place, len(owners) - 1)] == ids
            if len(owners)
            else np.zeros(len(ids), dtype=bool)
        )
        return there[np.where(known, place, len(owners))]

    return of(seller) & of(buyer)


@rows_of("pair")
def pairs(nation: Nation) -> Rows:
    """Every pair whose sides disagree beyond chance for two months running, with the side that is off."""
    found = nation.once(_pairs)
    seen = found.seen
    sold, bought = (np.cumsum(np.where(seen, side, 0.0), axis=1) for side in (found.sold, found.bought))
    gap = sold - bought
    lasting = np.sign(gap) * np.maximum(np.abs(gap) - _slipped(found), 0.0)
    larger = np.maximum(sold, bought)
    error = np.cumsum(np.where(seen, found.squares, 0.0), axis=1) * _LINE_ERROR**2
    sigma = np.sqrt(error + (_SCALES * larger) ** 2 + _SLACK_KG**2)
    apart = (
        (np.abs(lasting) > SURE * sigma)
        & (np.abs(lasting) > np.maximum(LEAST_KG, LEAST_SHARE * larger))
        & seen
    )
    running = apart.copy()
    running[:, 1:] &= apart[:, :-1] & (np.sign(lasting[:, 1:]) == np.sign(lasting[:, :-1]))
    running[:, :1] = False
    last = (
        running.shape[1] - 1 - np.argmax(running[:, ::-1], axis=1)
        if running.shape[1]
        else np.zeros(0, dtype=np.int64)
    )
    at = np.flatnonzero(running.any(axis=1) & _standing(running, seen))
    return _rows(
        nation,
        found,
        at,
        last[at],
        {"sold": sold, "bought": bought, "gap": lasting, "sigma": sigma, "on": running},
    )


def _slipped(found: _Pairs) -> Floats:
    """What may stand in one side's books of another month: the last days of the month, and of months beside a gap.

    Of a month that one side has not filed nobody knows what slipped: as much as in the worst month known.
    """
    seen, late = found.seen, found.late
    worst = np.where(seen, late, 0.0).max(axis=1, initial=0.0)
    beside = np.zeros_like(late)
    beside[:, :-1] = np.where(seen[:, :-1] != seen[:, 1:], np.maximum(late[:, :-1], worst[:, None]), 0.0)
    slipped: Floats = np.cumsum(beside, axis=1) + np.where(seen, late, 0.0)
    return slipped


def _standing(running: npt.NDArray[np.bool_], seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Whether the difference still stands in the last month that both have filed."""
    months = running.shape[1]
    if not months:
        return np.zeros(len(running), dtype=bool)
    last_seen = months - 1 - np.argmax(seen[:, ::-1], axis=1)
    standing: npt.NDArray[np.bool_] = running[np.arange(len(running)), last_seen]
    return standing


def _rows(nation: Nation, found: _Pairs, at: Ints, last: Ints, grids: dict[str, Any]) -> Rows:
    months, row = found.months, np.arange(len(at))
    alarm = np.argmax(grids["on"][at], axis=1) if len(at) else at
    gap = grids["gap"][at][row, last]
    seller_elsewhere, buyer_elsewhere = _elsewhere(found, at, last, grids)
    less = np.where(gap > 0, 1, 0)  # the side that filed less: 1 the buyer, 0 the seller
    off = np.where(
        np.abs(seller_elsewhere - buyer_elsewhere) > 0.05, buyer_elsewhere > seller_elsewhere, less == 1
    )
    seller, buyer = found.seller[at], found.buyer[at]
    other = np.where(off, seller, buyer)
    codes = dict(
        zip(
            nation.references.organisations["organisation_id"].tolist(),
            nation.references.organisations["uscc"].astype(object),
            strict=True,
        )
    )
    stage = np.array(["", *STAGES], dtype=object)[found.stage[at]]
    subject = np.array(
        [f"pair:{'purchase' if flag else 'sale'}:{codes.get(one, one)}:{word}"
         for flag, one, word in zip(off.tolist(), other.tolist(), stage.tolist(), strict=True)], dtype=object,
    )  # fmt: skip
    begun = np.argmax(np.abs(grids["gap"][at]) > 0, axis=1) if len(at) else at
    columns = {
        "sold_kg": grids["sold"][at][row, last], "bought_kg": grids["bought"][at][row, last], "gap_kg": np.abs(gap),
        "sigma_kg": grids["sigma"][at][row, last], "sure": np.abs(gap) / grids["sigma"][at][row, last],
        "stage": found.stage[at], "seller_elsewhere_pct": 100 * seller_elsewhere,
        "buyer_elsewhere_pct": 100 * buyer_elsewhere, "buyer_is_off": off,
    }  # fmt: skip
    return Rows(
        np.where(off, buyer, seller),
        months[begun],
        months[alarm],
        months[last],
        subject,
        columns,
        other=other,
    )


def _elsewhere(found: _Pairs, at: Ints, last: Ints, grids: dict[str, Any]) -> tuple[Floats, Floats]:
    """For each side of the pairs at hand, what part of its trade with all others disagrees as well."""
    volume = np.maximum(grids["sold"][:, -1], grids["bought"][:, -1])
    bad = np.zeros(len(found.seller))
    bad[at] = volume[at]
    owners = np.unique(np.concatenate([found.seller, found.buyer]))
    total, wrong = np.zeros(len(owners)), np.zeros(len(owners))
    for side in (found.seller, found.buyer):
        place = np.searchsorted(owners, side)
        np.add.at(total, place, volume)
        np.add.at(wrong, place, bad)

    def share(side: Ints) -> Floats:
        place = np.searchsorted(owners, side[at])
        rest = total[place] - volume[at]
        part: Floats = np.divide(wrong[place] - bad[at], rest, out=np.zeros(len(at)), where=rest > 0)
        return part

    return share(found.seller), share(found.buyer)
