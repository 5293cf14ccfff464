"""Clients that only ever buy: goods end with them, though what they buy has to be worked, and who works it files.

A party is its identity number, whoever names it; without one, its name and country. Where several parties stand at one
address, one of them may be all of them; parties without a number count there as one, for a name has many spellings.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import KIND_CODES, NA, STAGE_CODES
from reporting.checks.nation.rows import Nation, Rows, rows_of

Ints = npt.NDArray[np.int64]

WORKED_ON: Final = tuple(
    STAGE_CODES[name] for name in ("concentrate", "mixed_carbonate", "metal", "alloy", "magnet_block")
)
"""Goods that nobody uses as they are: who buys them works or sells them on, and so files."""
_SOLD: Final = (KIND_CODES["sold"], KIND_CODES["exported"])
_HOME: Final = "CN"
_PATIENCE: Final = 6
"""Months of buying after which something should have been worked or sold."""
_BITS: Final = {"worked": 5.0, "idle": 6.0, "sharing": 2.0, "opaque": 2.0, "alone": 1.0, "month": 0.5}
_MOST_SHARING, _MOST_MONTHS = 5, 6


def _bought(nation: Nation) -> pd.DataFrame:
    """What sellers say parties at home bought: a row a party and seller."""
    deals, clients = nation.gathered.deals, nation.gathered.clients
    some = deals[deals["kind"] == KIND_CODES["sold"]]
    some = some.merge(clients.drop(columns="organisation_id"), on="counterparty_id")
    some = some.merge(nation.gathered.goods[["product_id", "stage"]], on="product_id")
    some = some[some["country"].isin(["", _HOME])]
    some = some.assign(worked_kg=some["contained_kg"].where(some["stage"].isin(WORKED_ON), 0.0))
    keys = ["party", "other_id", "organisation_id"]
    how: dict[str, Any] = dict.fromkeys(("contained_kg", "worked_kg", "fen"), "sum")
    how |= {"opaque": "max", "place": "max", "counterparty_id": "min", "period": "min"}
    found = some.groupby(keys, as_index=False, sort=True).agg(how).rename(columns={"period": "first"})
    months = some.drop_duplicates(["party", "period"]).groupby("party")["period"].agg(["size", "max"])
    return found.join(months.rename(columns={"size": "months", "max": "last"}), on="party")


def _sharing(nation: Nation) -> pd.Series[int]:
    """How many parties stand at each address in anybody's books."""
    clients = nation.gathered.clients
    known = clients[clients["place"] != ""].drop_duplicates(["place", "party"])
    numbered = ~known["party"].str.startswith((":", f"{_HOME}:")).to_numpy(dtype=bool)
    count = known[numbered].groupby("place").size()
    nameless = known[~numbered].drop_duplicates("place").groupby("place").size()
    return count.add(nameless, fill_value=0).astype(int)


def _idle(nation: Nation) -> Ints:
    """Enterprises that owe filings and have filed, but never anything worked, sold or exported."""
    owners, gathered = nation.references.organisations, nation.gathered
    filed = gathered.filed["organisation_id"].unique()
    owing = owners.loc[owners["reports"], "organisation_id"].to_numpy()
    busy = gathered.worked.loc[gathered.worked["kind"] == KIND_CODES["consumed"], "organisation_id"].unique()
    selling = gathered.deals.loc[gathered.deals["kind"].isin(_SOLD), "organisation_id"].unique()
    idle: Ints = np.setdiff1d(np.intersect1d(owing, filed), np.union1d(busy, selling)).astype(np.int64)
    return idle


@rows_of("ghost")
def ghosts(nation: Nation) -> Rows:
    """Parties at home that file nothing, or never anything but purchases: who sold most to each, and what speaks against it."""
    found = nation.once(_bought)
    whole = found.groupby("party", sort=True).agg({"contained_kg": "sum", "worked_kg": "sum", "fen": "sum", "opaque": "max",
                                                  "first": "min", "organisation_id": "nunique"})  # fmt: skip
    most = found.sort_values(["party", "contained_kg", "organisation_id"]).drop_duplicates(
        "party", keep="last"
    )
    most = most.set_index("party").reindex(whole.index)
    other = most["other_id"].to_numpy()
    idle = np.isin(other, nation.once(_idle)) & (most["months"].to_numpy() >= _PATIENCE)
    silent = other == NA
    kept = idle | silent
    whole, most, idle, other = whole[kept], most[kept], idle[kept], other[kept]
    sharing = most["place"].map(nation.once(_sharing)).fillna(0).to_numpy().astype(np.int64)
    opaque = whole["opaque"].to_numpy(dtype=bool)
    should = (whole["worked_kg"].to_numpy() > whole["contained_kg"].to_numpy() / 2) & ~idle
    months = most["months"].to_numpy().astype(np.int64)
    sellers = whole["organisation_id"].to_numpy().astype(np.int64)
    bits = (
        _BITS["alone"] * (sellers == 1) + _BITS["worked"] * should + _BITS["idle"] * idle + _BITS["opaque"] * (opaque & ~idle)
        + _BITS["sharing"] * np.clip(sharing - 1, 0, _MOST_SHARING) + _BITS["month"] * np.minimum(months, _MOST_MONTHS)
    )  # fmt: skip
    seller = most["organisation_id"].to_numpy().astype(np.int64)
    first = whole["first"].to_numpy().astype(np.int64)
    columns = {
        "contained_kg": whole["contained_kg"].to_numpy(), "bought_cny": whole["fen"].to_numpy() / 100,
        "months": months, "sellers": sellers, "sharing": sharing,
        "opaque": opaque, "idle": idle, "should_file": should, "ghost_bits": bits,
        "ghost_limit": np.full(len(whole), nation.calibration.limit("ghost_bits")),
    }  # fmt: skip
    subject = np.array([f"client:{party}" for party in whole.index], dtype=object)
    return Rows(
        np.where(idle, other, seller), first, first, most["last"].to_numpy().astype(np.int64), subject, columns,
        other=np.where(idle, seller, NA), counterparty=np.where(idle, NA, most["counterparty_id"].to_numpy().astype(np.int64)),
    )  # fmt: skip
