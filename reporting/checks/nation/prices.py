"""Prices per kilogram of rare earth contained, elements weighed by what they are worth, against the market's and against the enterprise's own with its other partners.

The market is the median of the enterprises' prices for the same class of goods in the same month; a contract may still
carry a price of the months before, so what lies between the lowest and highest median of those months is no deviation.
Where too few trade a class, the band of reference prices stands in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import ELEMENTS, KIND_CODES, NA, STAGE_CODES
from reporting.checks.nation.norms import Norms
from reporting.checks.nation.rows import Nation, Rows, months_of, rows_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LAGS: Final = 3
"""Months that a contract's price may lag behind the market."""
ENOUGH: Final = 5
"""Enterprises that make a market."""
FAR: Final = 2.5
"""Spreads from which a month's price belongs to an episode."""
PAUSE: Final = 3
"""Months without such a price that end an episode."""
ASSEMBLY: Final = STAGE_CODES["assembly"]
"""What is built around a magnet says what it costs, not the magnet."""
LEAST_SPREAD: Final = 0.03
ASSUMED_SPREAD: Final = 0.08
"""Where too few pairs trade to tell."""
_OPAQUE: Final = 0.25
_MAD: Final = 1.4826
_MARKETS: Final = {"sold": "home", "exported": "export", "imported": "import"}
_CLASS: Final = ("market", "stage", "family", "grade", "main", "heavy")


def _priced(nation: Nation) -> pd.DataFrame:
    """Sales, exports and imports with a value, a row a pair, class of goods and month, and the logarithm of the price."""
    deals, goods = nation.gathered.deals, nation.gathered.goods
    codes = {KIND_CODES[name]: market for name, market in _MARKETS.items()}
    some = deals[deals["kind"].isin(list(codes)) & (deals["fen"] > 0) & (deals["priced_kg"] > 0)]
    some = some.assign(market=some["kind"].map(codes)).merge(goods, on="product_id")
    some = some[(some["main"] != NA) & (some["stage"] != ASSEMBLY)]
    keys = ["organisation_id", "counterparty_id", "other_id", *_CLASS, "period"]
    some = some.assign(value_kg=some["priced_kg"] * some["worth"])
    summed = some.groupby(keys, as_index=False, sort=True)[["fen", "priced_kg", "value_kg", "priced_g"]].sum()
    return summed.assign(
        cls=summed.groupby(list(_CLASS)).ngroup(), price=np.log(summed["fen"] / 100 / summed["value_kg"])
    )


@dataclass(frozen=True, slots=True)
class _Market:
    """Lowest and highest logarithm of the market's price by class and month, contracts' lags counted in; NaN where none."""

    low: Floats
    high: Floats


def _market(norms: Norms, priced: pd.DataFrame, months: Ints) -> _Market:
    """The market of each class, a row each in the order of their numbers."""
    names = priced.drop_duplicates("cls").sort_values("cls")
    keys = ["|".join(str(part) for part in row) for row in names[list(_CLASS)].itertuples(index=False)]
    grid = np.full((len(keys), 2, len(months)), np.nan) if norms.kept else _medians(priced, months)
    rows = [
        norms.monthly(f"market:{key}", months, partial(grid.__getitem__, at)) for at, key in enumerate(keys)
    ]
    low, high = np.stack(rows, axis=1)
    return _Market(low, high)


def _medians(priced: pd.DataFrame, months: Ints) -> Floats:
    """Classes × (low, high) × months, from the medians over enterprises, each counted once however much it trades."""
    own = priced.assign(weighed=priced["price"] * priced["value_kg"])
    whole = own.groupby(["cls", "period", "organisation_id"], as_index=False)[["weighed", "value_kg"]].sum()
    whole["level"] = whole["weighed"] / whole["value_kg"]
    median = whole.groupby(["cls", "period"], as_index=False)["level"].agg(["median", "size"])
    median = median[median["size"] >= ENOUGH]
    grid = np.full((int(priced["cls"].max()) + 1, len(months) + LAGS), np.nan)
    grid[median["cls"].to_numpy(), median["period"].to_numpy() - months[0] + LAGS] = median[
        "median"
    ].to_numpy()
    window = np.lib.stride_tricks.sliding_window_view(grid, LAGS + 1, axis=1)
    there = ~np.isnan(window)
    low = np.where(there, window, np.inf).min(axis=2)
    high = np.where(there, window, -np.inf).max(axis=2)
    none = ~there.any(axis=2)
    return np.stack([np.where(none, np.nan, low), np.where(none, np.nan, high)], axis=1)


def _bands(nation: Nation, priced: pd.DataFrame) -> tuple[Floats, Floats]:
    """The reference band of each row as logarithms a kilogram contained; NaN where there is none."""
    known = nation.references.prices
    some = pd.DataFrame({
        "period": priced["period"], "stage": priced["stage"], "family": priced["family"].astype(object),
        "main_element": np.where(
            priced["family"] == "", np.array([*ELEMENTS, ""], dtype=object)[priced["main"].to_numpy()], ""
        ),
        "market": np.where(priced["market"] == "home", "home", "export"),
    })  # fmt: skip
    texts = {name: known[name].astype(object).fillna("") for name in ("family", "main_element", "market")}
    met = some.merge(known.assign(**texts), how="left", on=list(some.columns))
    a_kg = np.log((priced["priced_g"] / 1000 / priced["value_kg"]).to_numpy())
    low, high = (np.log(met[name].to_numpy(dtype=float) / 100) + a_kg for name in ("low_fen", "high_fen"))
    return low, high


def _judged(nation: Nation) -> pd.DataFrame:
    """Each priced row with the market's price nearest to it and how far it is from the market and from its own usual."""
    priced = nation.once(_priced)
    if not len(priced):
        return priced.assign(nearest=0.0, off=0.0, own=0.0)
    months = nation.once(months_of)
    market = _market(nation.norms, priced, months)
    at = priced["cls"].to_numpy(), priced["period"].to_numpy() - months[0]
    low, high = market.low[at], market.high[at]
    band_low, band_high = _bands(nation, priced)
    low, high = np.where(np.isnan(low), band_low, low), np.where(np.isnan(high), band_high, high)
    price = priced["price"].to_numpy()
    nearest = np.clip(price, low, high)
    told = ~np.isnan(nearest)
    found: pd.DataFrame = priced[told].assign(nearest=nearest[told], off=(price - nearest)[told])
    return found.assign(own=_usual(found))


def _usual(found: pd.DataFrame) -> Floats:
    """How far the enterprise is from the market with its other partners, class by class; NaN where it has none."""
    weight = found["value_kg"].to_numpy()
    parts = found.assign(weighed=found["off"] * weight)
    whole = parts.groupby(["organisation_id", "cls"])[["weighed", "value_kg"]].transform("sum")
    pair = parts.groupby(["organisation_id", "cls", "counterparty_id"])[["weighed", "value_kg"]].transform(
        "sum"
    )
    rest = (whole["value_kg"] - pair["value_kg"]).to_numpy()
    left = (whole["weighed"] - pair["weighed"]).to_numpy()
    usual: Floats = np.divide(left, rest, out=np.full(len(rest), np.nan), where=rest > 1e-6)
    return usual


@rows_of("price")
def prices(nation: Nation) -> Rows:
    """Episodes of prices far from the market: of one pair where its own other prices are not, else of the enterprise."""
    found = nation.once(_judged)
    off, own = found["off"].to_numpy(), np.nan_to_num(found["own"].to_numpy())
    beyond = off - own
    alone = np.where(
        np.sign(off) == np.sign(beyond), np.sign(off) * np.minimum(np.abs(off), np.abs(beyond)), 0.0
    )
    pairs = found.assign(far=alone, spread=_spread(nation.norms, found))
    clients = nation.gathered.clients.set_index("counterparty_id")
    opaque = clients["opaque"].reindex(found["counterparty_id"]).fillna(True).to_numpy(dtype=bool)
    party = clients["party"].reindex(found["counterparty_id"]).fillna("").to_numpy(dtype=object)
    pairs = pairs.assign(opaque=opaque, party=party)
    whole = _enterprises(pairs)
    return _rows(
        nation,
        _episodes(pd.concat([pairs.assign(partner=pairs["counterparty_id"]), whole], ignore_index=True)),
    )


def _spread(norms: Norms, found: pd.DataFrame) -> Floats:
    """How far pairs usually are from the market, robust, by stage and market."""
    keys = [f"price:{stage}:{market}" for stage, market in zip(found["stage"], found["market"], strict=True)]
    made = pd.Series(dtype=float) if norms.kept else _spreads(found)
    usual = {
        key: float(norms.usual(key, partial(np.array, made.get(key, ASSUMED_SPREAD))))
        for key in sorted(set(keys))
    }
    return np.array([usual[key] for key in keys])


def _spreads(found: pd.DataFrame) -> pd.Series[float]:
    """By the name of stage and market: bargains that last, and a month's own."""
    named = found.assign(key="price:" + found["stage"].astype(str) + ":" + found["market"].astype(str))
    pair = named.groupby(["key", "organisation_id", "counterparty_id", "cls"])["off"].mean()
    lasting = pair.abs().groupby("key").median()
    count = pair.groupby("key").size()
    monthly = named["off"].abs().groupby(named["key"]).median().reindex(lasting.index)
    spread = pd.concat([lasting, monthly, pd.Series(LEAST_SPREAD / _MAD, index=lasting.index)], axis=1).max(
        axis=1
    )
    wide: pd.Series[float] = (_MAD * spread).where(count > ENOUGH, ASSUMED_SPREAD)
    return wide


def _enterprises(pairs: pd.DataFrame) -> pd.DataFrame:
    """The mean of all partners' prices of an enterprise, class and month, where it has several."""
    keys = ["organisation_id", "cls", "period"]
    weight = pairs["value_kg"].to_numpy()
    parts = pairs.assign(
        weighed=pairs["off"] * weight,
        at_market=pairs["nearest"] * weight,
        one=1,
        opaque=pairs["opaque"] * weight,
    )
    how: dict[str, Any] = dict.fromkeys(
        ("weighed", "at_market", "value_kg", "priced_kg", "fen", "one", "opaque"), "sum"
    )
    how |= dict.fromkeys((*_CLASS, "spread"), "first")
    whole = parts.groupby(keys, as_index=False).agg(how)
    whole = whole[whole["one"] > 1]
    return whole.assign(
        far=whole["weighed"] / whole["value_kg"], nearest=whole["at_market"] / whole["value_kg"],
        off=whole["weighed"] / whole["value_kg"], own=np.nan, partner=NA, other_id=NA, party="",
        opaque=whole["opaque"] > whole["value_kg"] / 2,
    ).drop(columns=["weighed", "at_market", "one"])  # fmt: skip


def _episodes(found: pd.DataFrame) -> pd.DataFrame:
    """Months far off, of one partner, class and direction, with no long pause between: a row an episode."""
    far = found["far"].to_numpy()
    beyond = np.abs(far) > FAR * found["spread"].to_numpy()
    away: pd.DataFrame = found[beyond].assign(sign=np.sign(far[beyond]))
    keys = ["organisation_id", "partner", "cls", "sign"]
    away = away.sort_values([*keys, "period"], kind="stable")
    same = (away[keys] == away[keys].shift()).all(axis=1).to_numpy()
    near = (away["period"] - away["period"].shift() <= PAUSE + 1).to_numpy()
    weight = away["value_kg"]
    away = away.assign(
        episode=np.cumsum(~(same & near)), far_kg=away["far"] * weight, own_kg=(away["own"] + away["nearest"]) * weight,
        market_kg=away["nearest"] * weight, worth=np.exp(away["nearest"]) * weight - away["fen"] / 100, months=1,
    )  # fmt: skip
    summed = ("far_kg", "market_kg", "own_kg", "worth", "fen", "value_kg", "priced_kg", "months")
    how: dict[str, Any] = dict.fromkeys(summed, "sum") | {"spread": "mean", "opaque": "max"}
    how |= dict.fromkeys((*_CLASS, "other_id", "party"), "first")
    both = away.groupby([*keys, "episode"], as_index=False, sort=True)
    made: pd.DataFrame = both.agg(how).assign(
        first=both["period"].min()["period"], last=both["period"].max()["period"]
    )
    unknown = away["own"].isna().groupby(away["episode"]).max()
    return made.assign(own_kg=made["own_kg"].where(~made["episode"].map(unknown).astype(bool)))


def _rows(nation: Nation, found: pd.DataFrame) -> Rows:
    weight, contained = found["value_kg"].to_numpy(), found["priced_kg"].to_numpy()
    off = found["far_kg"].to_numpy() / weight
    low = off < 0
    opaque = found["opaque"].to_numpy(dtype=bool)
    sure = np.abs(off) / found["spread"].to_numpy() * (1 + _OPAQUE * (low & opaque))
    first, last = (found[name].to_numpy().astype(np.int64) for name in ("first", "last"))
    partner = found["partner"].to_numpy().astype(np.int64)
    names = [
        f"price:{'low' if down else 'high'}:{market}:{stage}:{family}:{grade}:{main}:{heavy}:{party}"
        for down, market, stage, family, grade, main, heavy, party in zip(
            low.tolist(), *(found[name].tolist() for name in (*_CLASS, "party")), strict=True
        )
    ]
    columns = {
        "price_cny_kg": found["fen"].to_numpy() / 100 / contained,
        "market_cny_kg": np.exp(found["market_kg"].to_numpy() / weight) * weight / contained,
        "own_cny_kg": np.exp(found["own_kg"].to_numpy(dtype=float) / weight) * weight / contained,
        "off_pct": 100 * np.expm1(off),
        "spread_pct": 100 * np.expm1(found["spread"].to_numpy()), "price_sure": sure,
        "price_limit": np.full(len(found), nation.calibration.limit("price_sure")), "months": found["months"].to_numpy(),
        "contained_kg": contained, "missing_cny": np.abs(found["worth"].to_numpy()), "opaque": opaque,
        "stage": found["stage"].to_numpy().astype(np.int64),
    }  # fmt: skip
    return Rows(
        found["organisation_id"].to_numpy().astype(np.int64), first, first, last, np.array(names, dtype=object),
        columns, other=found["other_id"].to_numpy().astype(np.int64), counterparty=partner,
    )  # fmt: skip
