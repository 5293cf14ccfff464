"""Enterprises that goods only pass through: what comes from one supplier goes on to one client, the same month, for the same money.

A trader buys of several, sells to several, holds stock and earns a margin; a shell does none of it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import KIND_CODES, NA, STAGES
from reporting.checks.nation.flows import CLASSES
from reporting.checks.nation.rows import Nation, Rows, rows_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_IN: Final = (KIND_CODES["purchased"], KIND_CODES["imported"])
_OUT: Final = (KIND_CODES["sold"], KIND_CODES["exported"])
_CLOSE: Final = 0.02
"""Part by which quantities that were passed on whole may differ."""
_WORKED: Final = 0.02
_MOST_MONTHS: Final = 12
_KEYS: Final = ["organisation_id", "cls"]


def _passing(nation: Nation) -> pd.DataFrame:
    """Goods in and out by enterprise, class and month, of enterprises that do not work that stage."""
    deals, goods = nation.gathered.deals, nation.gathered.goods
    some = deals[deals["kind"].isin((*_IN, *_OUT))].merge(
        goods[["product_id", "stage", "main"]], on="product_id"
    )
    some = some[some["main"] != NA]
    out = some["kind"].isin(_OUT).to_numpy()
    kg = some["grams"].to_numpy() / 1000
    frame = pd.DataFrame({
        "organisation_id": some["organisation_id"], "cls": some["stage"] * CLASSES + some["main"], "period": some["period"],
        "partner": some["counterparty_id"], "out": out, "kg": kg, "contained_kg": some["contained_kg"], "cny": some["fen"] / 100,
    })  # fmt: skip
    whole = frame.groupby(_KEYS)["out"].agg(["any", "all"])
    both = whole[whole["any"] & ~whole["all"]].index
    frame = frame[pd.MultiIndex.from_frame(frame[_KEYS]).isin(both)]
    worked = nation.gathered.worked
    used = worked[worked["kind"].isin((KIND_CODES["consumed"], KIND_CODES["produced"]))]
    done = used.groupby(["organisation_id", "stage"])["grams"].sum() / 1000
    bought = frame[~frame["out"]].groupby([frame["organisation_id"], frame["cls"] // CLASSES])["kg"].sum()
    done = done.reindex(bought.index.set_names(done.index.names)).fillna(0.0)
    idle = bought.index[(done.to_numpy() <= _WORKED * bought.to_numpy())]
    at = pd.MultiIndex.from_arrays([frame["organisation_id"], frame["cls"] // CLASSES])
    return frame[at.isin(idle)].reset_index(drop=True)


def _features(found: pd.DataFrame) -> pd.DataFrame:
    """By enterprise and class: how much passed, how closely months match, how much of it one partner has on each side."""
    months = found.assign(
        into=found["kg"].where(~found["out"], 0.0), gone=found["kg"].where(found["out"], 0.0),
        paid=found["cny"].where(~found["out"], 0.0), got=found["cny"].where(found["out"], 0.0),
        contained=found["contained_kg"].where(found["out"], 0.0),
    ).groupby([*_KEYS, "period"], as_index=False)[["into", "gone", "paid", "got", "contained"]].sum()  # fmt: skip
    whole = months.groupby(_KEYS)[["into", "gone", "paid", "got", "contained"]].sum()
    whole = whole.join(_matched(months, 0)).join(_matched(months, 1).add_suffix("_later"))
    later = whole["matched_kg_later"] > whole["matched_kg"]
    for name in ("matched_kg", "bits", "matched"):
        whole[name] = whole[name].mask(later, whole[f"{name}_later"])
    ends = months.groupby(_KEYS)["period"].agg(["min", "max"])
    side: pd.DataFrame = found.groupby([*_KEYS, "out", "partner"], as_index=False)[["kg"]].sum()
    most = (
        side.sort_values([*_KEYS, "out", "kg", "partner"])
        .groupby([*_KEYS, "out"])
        .agg(kg=("kg", "last"), whole=("kg", "sum"))
    )
    share = most["kg"] / most["whole"]
    supplier, client = (share.xs(out, level="out") for out in (False, True))
    return whole.assign(first=ends["min"], last=ends["max"], supplier=supplier, client=client).reset_index()


def _matched(months: pd.DataFrame, lag: int) -> pd.DataFrame:
    """What came in one month and went whole in the same month or in the next: kg, months, and how closely, in bits."""
    came = months[[*_KEYS, "period", "into"]]
    went = months[[*_KEYS, "period", "gone"]].assign(period=months["period"] - lag)
    both = came.merge(went, how="inner", on=[*_KEYS, "period"])
    both = both[(both["into"] > 0) & (both["gone"] > 0)]
    off = np.abs(np.log(both["into"] / both["gone"]))
    close = both[off <= np.log(1 + 2 * _CLOSE)]
    bits = np.log2(1 / (_CLOSE + off[close.index]))
    told = close.assign(bits=bits, matched_kg=np.minimum(close["into"], close["gone"]), matched=1)
    summed: pd.DataFrame = told.groupby(_KEYS)[["matched_kg", "bits", "matched"]].sum()
    return summed.reindex(pd.MultiIndex.from_frame(months[_KEYS].drop_duplicates()), fill_value=0)


@rows_of("shell")
def shells(nation: Nation) -> Rows:
    """Enterprises and classes of goods that only pass through, with what says so."""
    found = nation.once(_passing)
    if not len(found):
        found = pd.DataFrame(columns=["organisation_id", "cls", "first", "last", "into", "gone", "paid", "got", "contained", "bits",
                                      "matched_kg", "matched", "supplier", "client"], dtype=float)  # fmt: skip
    else:
        found = _features(found)
    into, gone, paid, got = (found[name].to_numpy(dtype=float) for name in ("into", "gone", "paid", "got"))
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = 100 * ((got / gone) / (paid / into) - 1)
        matched = found["matched_kg"].to_numpy(dtype=float) / np.maximum(into, gone)
        months = np.maximum(found["matched"].to_numpy(dtype=float), 1)
        bits = matched * found["bits"].to_numpy(dtype=float) / months * np.minimum(months, _MOST_MONTHS)
    stage = found["cls"].to_numpy().astype(np.int64) // CLASSES
    word = np.array(["", *STAGES], dtype=object)[stage]
    subject = np.array(
        [f"shell:{one}:{cls}" for one, cls in zip(word.tolist(), found["cls"].tolist(), strict=True)],
        dtype=object,
    )
    first, last = (found[name].to_numpy().astype(np.int64) for name in ("first", "last"))
    columns = {
        "stage": stage, "into_kg": into, "gone_kg": gone, "contained_kg": found["contained"].to_numpy(dtype=float), "margin_pct": margin,
        "matched_pct": 100 * matched, "supplier_pct": 100 * found["supplier"].to_numpy(dtype=float),
        "client_pct": 100 * found["client"].to_numpy(dtype=float), "months": found["matched"].to_numpy().astype(np.int64),
        "passed_cny": got, "shell_bits": bits, "shell_limit": np.full(len(found), nation.calibration.limit("shell_bits")),
    }  # fmt: skip
    return Rows(found["organisation_id"].to_numpy().astype(np.int64), first, first, last, subject, columns)
