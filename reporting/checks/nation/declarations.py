"""Filed exports beside what customs recorded: what disagrees, declaration by declaration."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from reporting.checks.columns import KIND_CODES, NA
from reporting.checks.derive.context import Context, Ints
from reporting.checks.nation.columns import References
from reporting.checks.nation.papers import ripe

__all__ = ["FAULTS", "exports_compared"]

EXPORTED: Final = KIND_CODES["exported"]
FAULTS: Final = ("unfiled", "unknown", "differs")
"""What can be wrong with a declaration; a row's `fault` is the place here, counted from 1."""
_ROUNDING_G, _ROUNDING_FEN, _SHARE = 1_000, 100, 0.001
_KEYS: Final = ["organisation_id", "declaration_no"]
_WHOLE: Final = ("period", "line_no", "filed_g", "declared_g", "filed_fen", "declared_fen")
_COLUMNS: Final = (*_KEYS, "fault", *_WHOLE, "filed_destination", "declared_destination")


def exports_compared(
    context: Context, organisation: Ints, period: Ints, records: pd.DataFrame, references: References
) -> pd.DataFrame:
    """Every declaration that only one side has, or both with another content.

    A record counts as unfiled, and a filed declaration as unknown, once the month after it is filed too; and the latter
    only between the first and the last month for which customs has records of the exporter, be they taken back or not.
    Goods of one declaration may leave in parts, the last of them in the month after, some 45 days around it in all: what
    was filed of it so far is held against it once that month is filed. Another destination is told at once.
    """
    if not len(records):
        return pd.DataFrame(columns=list(_COLUMNS))
    both = _filed(context, organisation, period).merge(
        _declared(records[records["stands"]]), how="outer", on=_KEYS, indicator="where"
    )
    only_filed = (both["where"] == "left_only").to_numpy()
    only_declared = (both["where"] == "right_only").to_numpy()
    both["period"] = both["period"].where(~only_declared, both["declared_period"])
    owners = references.organisations
    reporting = set(owners.loc[owners["reports"], "organisation_id"].tolist())
    due = ripe(
        context,
        both["organisation_id"].to_numpy().astype(np.int64),
        both["period"].to_numpy().astype(np.int64),
    )
    fault = np.zeros(len(both), dtype=np.int64)
    fault[only_declared & due & both["organisation_id"].isin(reporting).to_numpy()] = 1
    fault[only_filed & due & _covered(both, records)] = 2
    amounts, places = _differs(both)
    fault[~only_filed & ~only_declared & (places | (amounts & due))] = 3
    return _rows(both, fault)


def _filed(context: Context, organisation: Ints, period: Ints) -> pd.DataFrame:
    """The filed exports, one row a declaration, placed where it was filed last."""
    number, destination = context.text("lines", "declaration_no"), context.text("lines", "destination")
    exported = context.array("lines", "kind") == EXPORTED
    at = np.flatnonzero(exported & (number.codes >= 0) & (organisation != NA))
    frame = pd.DataFrame({
        "organisation_id": organisation[at], "declaration_no": _words(number)[number.codes[at]], "period": period[at],
        "line_no": context.array("lines", "line_no")[at], "grams": context.array("lines", "quantity_g")[at],
        "fen": context.array("lines", "value_fen")[at], "destination": _words(destination)[destination.codes[at]],
    })  # fmt: skip
    return _summed(frame, "filed", {"period": "last", "line_no": "last"})


def _words(text: Any) -> Any:
    """The words by code; what is missing has the last place."""
    return np.array([*text.words, None], dtype=object)


def _declared(records: pd.DataFrame) -> pd.DataFrame:
    """The records given, one row a declaration, whatever the number of its items."""
    frame = pd.DataFrame({
        "organisation_id": records["organisation_id"], "declaration_no": records["declaration_no"].astype(object),
        "declared_period": records["period"], "line_no": records["item_no"], "grams": records["quantity_g"],
        "fen": records["value_fen"], "destination": records["destination"].astype(object),
    })  # fmt: skip
    return _summed(frame, "declared", {"declared_period": "first"})


def _summed(frame: pd.DataFrame, side: str, how: dict[str, str]) -> pd.DataFrame:
    """One row a declaration. A sum with an unknown part is unknown; destinations stand once each, in their order."""
    month = next(iter(how))
    ordered = frame.sort_values([*_KEYS, month, "line_no"])
    for name in ("grams", "fen"):
        unknown = ordered[name] == NA
        ordered = ordered.assign(**{name: ordered[name].mask(unknown, 0), f"no_{name}": unknown})
    amounts = {"grams": "sum", "fen": "sum", "no_grams": "max", "no_fen": "max"}
    whole = ordered.groupby(_KEYS, sort=True).agg(how | amounts)
    made = whole[list(how)].assign(**{
        f"{side}_g": whole["grams"].mask(whole["no_grams"].astype(bool), NA),
        f"{side}_fen": whole["fen"].mask(whole["no_fen"].astype(bool), NA),
        f"{side}_destination": _destinations(frame).reindex(whole.index),
    })  # fmt: skip
    return made.reset_index()


def _destinations(frame: pd.DataFrame) -> Any:
    """The destinations of each declaration, as one text."""
    distinct = frame[[*_KEYS, "destination"]].dropna().drop_duplicates().sort_values([*_KEYS, "destination"])
    several = distinct.duplicated(_KEYS, keep=False)
    joined = distinct[several].groupby(_KEYS, sort=True)["destination"].agg(";".join)
    single = distinct[~several].set_index(_KEYS)["destination"]
    return pd.concat([single, joined])


def _covered(both: pd.DataFrame, records: pd.DataFrame) -> Any:
    """Whether the month lies between the first and the last with records of the exporter."""
    spans = records.groupby("organisation_id")["period"].agg(["min", "max"])
    own = both[["organisation_id", "period"]].join(spans, on="organisation_id")
    return own["period"].between(own["min"], own["max"]).to_numpy()


def _differs(both: pd.DataFrame) -> tuple[Any, Any]:
    """Whether quantity or value, and whether the destination, are not the same, where both sides tell them."""
    found = np.zeros(len(both), dtype=bool)
    for unit, rounding in (("g", _ROUNDING_G), ("fen", _ROUNDING_FEN)):
        filed, declared = both[f"filed_{unit}"], both[f"declared_{unit}"]
        known = (filed != NA) & (declared != NA)
        allowed = np.maximum(rounding, _SHARE * declared.abs())
        found |= (known & ((filed - declared).abs() > allowed)).to_numpy()
    filed, declared = both["filed_destination"], both["declared_destination"]
    return found, (filed.notna() & declared.notna() & (filed != declared)).to_numpy()


def _rows(both: pd.DataFrame, fault: Ints) -> pd.DataFrame:
    chosen = both[fault > 0].assign(fault=fault[fault > 0])
    for name in _WHOLE:
        chosen[name] = chosen[name].fillna(NA).astype(np.int64)
    for name in ("filed_destination", "declared_destination"):
        chosen[name] = chosen[name].astype(object).where(chosen[name].notna(), None)
    return chosen[list(_COLUMNS)].reset_index(drop=True)
