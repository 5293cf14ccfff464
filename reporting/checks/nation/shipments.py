"""Shipments in parts: what stands under one number on one side and under several on the other, over 45 days either way."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import NA

__all__ = ["WINDOW_DAYS", "settled"]

WINDOW_DAYS: Final = 45
_PARTS: Final = 8  # numbers, the nearest in time, among which the parts of one shipment are looked for
_KEYS: Final = ["organisation_id", "destination", "sign"]


def settled(both: pd.DataFrame, rounding: tuple[int, int, float]) -> npt.NDArray[np.bool_]:
    """Which declarations agree once shipments in parts are put together.

    What one side has too much under a number that both have is made up of numbers that the other side alone has: to the
    same country, within 45 days, the same quantity and value. Each serves once. A number that neither side shares with the
    other settles nothing by itself.
    """
    found = np.zeros(len(both), dtype=bool)
    pairs = _open(both, rounding).merge(_lone(both), on=_KEYS)
    day, first, last = (pairs[name].to_numpy() for name in ("day", "first", "last"))
    behind = np.maximum(np.maximum(first - day, day - last), 0)
    pairs = pairs.assign(behind=behind)[behind <= WINDOW_DAYS]
    # a loop over the differences that a part may explain, which are few
    for place, parts in pairs.sort_values(["open", "behind", "place"]).groupby("open", sort=True):
        free = parts[~found[parts["place"].to_numpy()] & (parts["grams"] != NA).to_numpy()].head(_PARTS)
        chosen = _made_up_of(free)
        if chosen is not None:
            found[[place, *free["place"].to_numpy()[chosen]]] = True
    return found


def _lone(both: pd.DataFrame) -> pd.DataFrame:
    """Numbers of one side alone. `sign` is that of what they make up for."""
    filed, declared = (both["where"] == "left_only").to_numpy(), (both["where"] == "right_only").to_numpy()
    rows = _rows(both, filed, "filed", -1), _rows(both, declared, "declared", 1)
    return pd.concat(rows, ignore_index=True)


def _rows(both: pd.DataFrame, chosen: Any, side: str, sign: int) -> pd.DataFrame:
    some = both[chosen]
    return pd.DataFrame({
        "place": np.flatnonzero(chosen), "organisation_id": some["organisation_id"].to_numpy(),
        "destination": some[f"{side}_destination"].fillna("").to_numpy(dtype=object), "sign": sign,
        "day": some[f"{side}_day"].to_numpy(), "grams": some[f"{side}_g"].to_numpy(),
        "fen": some[f"{side}_fen"].to_numpy(),
    })  # fmt: skip


def _open(both: pd.DataFrame, rounding: tuple[int, int, float]) -> pd.DataFrame:
    """Numbers that both have, with another quantity: how much is to be made up, how exactly, and by what sign."""
    least_g, least_fen, share = rounding
    some = both[(both["where"] == "both").to_numpy()]
    grams, fen = some["filed_g"] - some["declared_g"], some["filed_fen"] - some["declared_fen"]
    sign = np.sign(grams)
    found = pd.DataFrame({
        "open": some.index, "organisation_id": some["organisation_id"], "destination": some["filed_destination"].fillna(""),
        "sign": sign.astype(np.int64), "open_g": grams * sign, "open_fen": fen * sign,
        "valued": (some["filed_fen"] != NA) & (some["declared_fen"] != NA),
        "near_g": np.maximum(least_g, share * some[["filed_g", "declared_g"]].max(axis=1)),
        "near_fen": np.maximum(least_fen, share * some[["filed_fen", "declared_fen"]].max(axis=1)),
        "first": some[["filed_day", "declared_day"]].min(axis=1), "last": some[["filed_day", "declared_day"]].max(axis=1),
    })  # fmt: skip
    known = (some["filed_g"] != NA) & (some["declared_g"] != NA)
    unlike = some["filed_destination"].notna() & some["declared_destination"].notna()
    unlike &= some["filed_destination"] != some["declared_destination"]
    return found[known & ~unlike & (found["open_g"] > found["near_g"])]


def _made_up_of(parts: pd.DataFrame) -> npt.NDArray[np.bool_] | None:
    """Which of the parts make up what is open, the fewest that do; None where none do."""
    if parts.empty:
        return None
    one = parts.iloc[0]
    masks = np.arange(1, 1 << len(parts))[:, None] >> np.arange(len(parts)) & 1
    fits = np.abs(masks @ parts["grams"].to_numpy() - one["open_g"]) <= one["near_g"]
    if one["valued"] and (parts["fen"] != NA).all():
        fits &= np.abs(masks @ parts["fen"].to_numpy() - one["open_fen"]) <= one["near_fen"]
    if not fits.any():
        return None
    fewest = masks[fits][masks[fits].sum(axis=1).argmin()]
    chosen: npt.NDArray[np.bool_] = fewest.astype(bool)
    return chosen
