"""The paths of goods between enterprises that are registered: who sold which class of goods to whom in which month.

A class is a stage and the element that most of the goods is. Both sides tell of a trade: the larger figure counts, for a
side may be silent. Returns are taken off; what is only worked for others is no trade.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import KIND_CODES, NA
from reporting.checks.nation.rows import Nation

__all__ = ["CLASSES", "edges", "in_circles"]

Ints = npt.NDArray[np.int64]
CLASSES: Final = 32
"""Elements and "none" that a stage is combined with."""
_SELLING: Final = (KIND_CODES["sold"], KIND_CODES["returned_in"])
_TAKEN_OFF: Final = (KIND_CODES["returned_in"], KIND_CODES["returned_out"])
_HOME: Final = (*_SELLING, KIND_CODES["purchased"], KIND_CODES["returned_out"])


def edges(nation: Nation) -> pd.DataFrame:
    """Seller, buyer, class, month, kg of goods and of rare earth, CNY, first and last day; sorted."""
    deals, goods = nation.gathered.deals, nation.gathered.goods
    some = deals[
        deals["kind"].isin(_HOME)
        & (deals["other_id"] != NA)
        & (deals["other_id"] != deals["organisation_id"])
    ]
    some = some.merge(goods[["product_id", "stage", "main"]], on="product_id")
    sells = some["kind"].isin(_SELLING).to_numpy()
    sign = np.where(some["kind"].isin(_TAKEN_OFF), -1, 1)
    own, other = some["organisation_id"].to_numpy(), some["other_id"].to_numpy()
    main = np.where(some["main"] == NA, CLASSES - 1, some["main"])
    frame = pd.DataFrame({
        "seller": np.where(sells, own, other), "buyer": np.where(sells, other, own), "cls": some["stage"] * CLASSES + main,
        "period": some["period"], "sells": sells, "kg": sign * some["grams"] / 1000, "contained_kg": sign * some["contained_kg"],
        "cny": sign * some["fen"] / 100, "first_day": some["first_day"], "last_day": some["last_day"],
    })  # fmt: skip
    keys = ["seller", "buyer", "cls", "period"]
    how: dict[str, Any] = dict.fromkeys(("kg", "contained_kg", "cny"), "sum") | {
        "first_day": "min",
        "last_day": "max",
    }
    sides = frame.groupby([*keys, "sells"], as_index=False, sort=True).agg(how)
    larger = sides.sort_values([*keys, "kg", "sells"]).groupby(keys, as_index=False, sort=True).last()
    return larger[larger["kg"] > 0].drop(columns="sells").reset_index(drop=True)


def in_circles(giver: Ints, taker: Ints) -> npt.NDArray[np.bool_]:
    """Which edges may lie on a circle: what only gives or only takes is cut away, and what then only does, until none does."""
    nodes = int(max(giver.max(initial=-1), taker.max(initial=-1))) + 1
    alive = np.ones(len(giver), dtype=bool)
    while True:
        gives = np.bincount(giver[alive], minlength=nodes) > 0
        takes = np.bincount(taker[alive], minlength=nodes) > 0
        kept = alive & takes[giver] & gives[taker]
        if kept.sum() == alive.sum():
            return alive
        alive = kept
