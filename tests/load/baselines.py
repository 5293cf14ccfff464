"""Plain rules to be compared with: a fixed per cent of yield, a mirror that wants each month exact, an isolation forest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reporting.checks.columns import ELEMENTS, KIND_CODES
from reporting.checks.nation import balances
from reporting.checks.nation.rows import Nation

TREES, DRAWN = 100, 256


def fixed_rule(nation: Nation) -> list[dict[str, Any]]:
    """A fixed per cent: an enterprise's worst month of an element against its own usual yield."""
    series = nation.once(balances.panels)
    months = nation.once(balances.months_of)
    part = np.where(series.seen, series.produced / np.maximum(series.consumed, 1e-9), np.nan)
    usual = np.nanmedian(part, axis=1, keepdims=True)
    off = np.abs(part / np.where(usual > 0, usual, np.nan) - 1)
    off = np.where(np.isfinite(off), off, 0.0)
    worst = pd.DataFrame(
        {"owner": series.organisation, "off": off.max(axis=1), "month": months[off.argmax(axis=1)]}
    )
    return _ranked(nation, worst)


def month_mirror(nation: Nation) -> list[dict[str, Any]]:
    """A mirror that wants each month exact: pairs by their largest difference of a month, the seller accused."""
    trades = nation.gathered.trades
    seller = np.where(trades["sells"], trades["organisation_id"], trades["other_id"])
    buyer = np.where(trades["sells"], trades["other_id"], trades["organisation_id"])
    signed = np.where(trades["sells"], 1, -1) * trades["grams"]
    frame = pd.DataFrame({"owner": seller, "buyer": buyer, "month": trades["period"], "gap": signed})
    gaps = frame.groupby(["owner", "buyer", "month"], as_index=False)["gap"].sum()
    gaps = gaps.assign(off=gaps["gap"].abs())
    return _ranked(nation, gaps[gaps["off"] > 0])


def isolation_forest(nation: Nation) -> list[dict[str, Any]]:
    """Months that few random cuts set apart, by what was worked, sold, bought and counted against the enterprise's own past."""
    frame = _features(nation)
    values = frame.drop(columns=["owner", "month"]).to_numpy()
    depth = _depths(values, np.random.default_rng(5))
    return _ranked(nation, frame[["owner", "month"]].assign(off=-depth))


def _features(nation: Nation) -> pd.DataFrame:
    """A row for each enterprise and month; logarithms less the enterprise's own median."""
    worked, trades = nation.gathered.worked, nation.gathered.trades
    keys = ["organisation_id", "period"]
    kg = worked[[*keys, "kind"]].assign(kg=worked[list(ELEMENTS)].sum(axis=1))
    wide = kg.pivot_table(index=keys, columns="kind", values="kg", aggfunc="sum", fill_value=0.0)
    for name in ("consumed", "produced", "gained", "lost"):
        wide[name] = wide.get(KIND_CODES[name], 0.0)
    sides = trades.assign(side=np.where(trades["sells"], "sold", "bought"))
    moved = sides.pivot_table(
        index=keys, columns="side", values=["grams", "lines"], aggfunc="sum", fill_value=0
    )
    moved.columns = ["_".join(column) for column in moved.columns]
    made = wide[["consumed", "produced", "gained", "lost"]].join(moved).fillna(0.0)
    made["yield"] = made["produced"] / np.maximum(made["consumed"], 1.0)
    logs = np.log1p(made.clip(lower=0.0))
    own = logs - logs.groupby(level="organisation_id").transform("median")
    own.columns = [str(name) for name in own.columns]
    return own.reset_index().rename(columns={"organisation_id": "owner", "period": "month"})


def _depths(values: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Mean depth at which random cuts leave each row alone (Liu, Ting and Zhou 2008)."""
    total = np.zeros(len(values))
    for _tree in range(TREES):
        drawn = chance.choice(len(values), min(DRAWN, len(values)), replace=False)
        total += _fall(values, np.arange(len(values)), values[drawn], 0, chance, int(np.ceil(np.log2(DRAWN))))
    return total / TREES


def _fall(
    values: np.ndarray,
    rows: np.ndarray,
    drawn: np.ndarray,
    depth: int,
    chance: np.random.Generator,
    most: int,
) -> np.ndarray:
    found = np.zeros(len(values))
    low, high = (drawn.min(axis=0), drawn.max(axis=0)) if len(drawn) else (np.zeros(1), np.zeros(1))
    some = np.flatnonzero(high > low)
    if depth >= most or len(drawn) <= 1 or not len(some):
        left = max(len(drawn), 1)
        found[rows] = depth + (
            2 * (np.log(left - 1) + 0.5772) - 2 * (left - 1) / left if left > 2 else left - 1
        )
        return found
    column = chance.choice(some)
    cut = chance.uniform(low[column], high[column])
    for below in (True, False):
        kept = rows[(values[rows, column] < cut) == below]
        found += _fall(values, kept, drawn[(drawn[:, column] < cut) == below], depth + 1, chance, most)
    return found


def _ranked(nation: Nation, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One alert an enterprise, its worst month."""
    owners = nation.references.organisations.set_index("organisation_id")["uscc"]
    best = frame.sort_values(["off", "owner", "month"], ascending=[False, True, True]).drop_duplicates(
        "owner"
    )
    return [
        {"uscc": owners[owner], "first": month, "last": month, "alarm": month}
        for owner, month in zip(best["owner"], best["month"], strict=True)
    ]
