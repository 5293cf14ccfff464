"""Filed exports beside what customs recorded: what disagrees, declaration by declaration.

Each side may be 45 days behind the other, and what is one declaration to one may be several to the other.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from reporting.checks.columns import KIND_CODES, NA
from reporting.checks.derive.context import Context, Ints
from reporting.checks.nation.columns import Part, References
from reporting.checks.nation.shipments import WINDOW_DAYS, settled

__all__ = ["FAULTS", "exports_compared"]

EXPORTED: Final = KIND_CODES["exported"]
FAULTS: Final = ("unfiled", "unknown", "differs")
"""What can be wrong with a declaration; a row's `fault` is the place here, counted from 1."""
_ROUNDING_G, _ROUNDING_FEN, _SHARE = 1_000, 100, 0.001
_KEYS: Final = ["organisation_id", "declaration_no"]
_WHOLE: Final = ("period", "line_no", "filed_g", "declared_g", "filed_fen", "declared_fen")
_COLUMNS: Final = (*_KEYS, "fault", *_WHOLE, "filed_destination", "declared_destination")


def exports_compared(
    context: Context, organisation: Ints, period: Ints, part: Part, references: References
) -> pd.DataFrame:
    """Every declaration that only one side has, or both with another content, once no later paper can mend it.

    That is when each month up to 45 days after its last day, on either side, is filed; and for what customs is said to
    lack, when its records reach as far, between the first and the last month for which it has records of the exporter, be
    they taken back or not. Shipments in parts are put together first.
    """
    records = part.declarations
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
    until = _month(both[["filed_day", "declared_day"]].max(axis=1).to_numpy() + WINDOW_DAYS)
    due = _all_filed(context, both, until)
    recorded = np.full(len(both), True) if part.recorded is None else until <= _month(np.array(part.recorded))
    parts = settled(both, (_ROUNDING_G, _ROUNDING_FEN, _SHARE))
    fault = np.zeros(len(both), dtype=np.int64)
    fault[only_declared & ~parts & due & both["organisation_id"].isin(reporting).to_numpy()] = 1
    fault[only_filed & ~parts & due & recorded & _covered(both, records)] = 2
    fault[~only_filed & ~only_declared & due & recorded & (_elsewhere(both) | (~parts & _differs(both)))] = 3
    return _rows(both, fault)


def _month(day: Any) -> Any:
    """The month, as the tables count months, in which a day since 1970 lies."""
    return day.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def _all_filed(context: Context, both: pd.DataFrame, until: Ints) -> Any:
    """Whether the exporter filed every month from that of the declaration to the one given."""
    width = 1 << 20
    filed = np.unique(
        context.array("filings", "organisation_id") * width + context.array("filings", "period")
    )
    owner = both["organisation_id"].to_numpy().astype(np.int64) * width
    first = both["period"].to_numpy().astype(np.int64)
    last = np.maximum(first, until)
    there = np.searchsorted(filed, owner + last, "right") - np.searchsorted(filed, owner + first, "left")
    return there == last - first + 1


def _filed(context: Context, organisation: Ints, period: Ints) -> pd.DataFrame:
    """The filed exports, one row a declaration, placed where it was filed last."""
    number, destination = context.text("lines", "declaration_no"), context.text("lines", "destination")
    exported = context.array("lines", "kind") == EXPORTED
    at = np.flatnonzero(exported & (number.codes >= 0) & (organisation != NA))
    frame = pd.DataFrame({
        "organisation_id": organisation[at], "declaration_no": _words(number)[number.codes[at]], "period": period[at],
        "line_no": context.array("lines", "line_no")[at], "grams": context.array("lines", "quantity_g")[at],
        "fen": context.array("lines", "value_fen")[at], "destination": _words(destination)[destination.codes[at]],
        "filed_day": _days(context.array("lines", "date")[at], period[at]),
    })  # fmt: skip
    return _summed(frame, "filed", {"period": "last", "line_no": "last", "filed_day": "max"})


def _days(date: Ints, period: Ints) -> Any:
    """The days of lines; where none is told or it lies in another month, the nearest of the month that was filed."""
    month = (period - 1970 * 12).astype("datetime64[M]")
    first = month.astype("datetime64[D]").astype(np.int64)
    last = (month + 1).astype("datetime64[D]").astype(np.int64) - 1
    return np.where(date == NA, last, np.clip(date, first, last))


def _words(text: Any) -> Any:
    """The words by code; what is missing has the last place."""
    return np.array([*text.words, None], dtype=object)


def _declared(records: pd.DataFrame) -> pd.DataFrame:
    """The records given, one row a declaration, whatever the number of its items."""
    frame = pd.DataFrame({
        "organisation_id": records["organisation_id"], "declaration_no": records["declaration_no"].astype(object),
        "declared_period": records["period"], "line_no": records["item_no"], "grams": records["quantity_g"],
        "fen": records["value_fen"], "destination": records["destination"].astype(object),
        "declared_day": records["declared"],
    })  # fmt: skip
    return _summed(frame, "declared", {"declared_period": "first", "declared_day": "max"})


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


def _differs(both: pd.DataFrame) -> Any:
    """Whether quantity or value are not the same, where both sides tell them."""
    found = np.zeros(len(both), dtype=bool)
    for unit, rounding in (("g", _ROUNDING_G), ("fen", _ROUNDING_FEN)):
        filed, declared = both[f"filed_{unit}"], both[f"declared_{unit}"]
        known = (filed != NA) & (declared != NA)
        allowed = np.maximum(rounding, _SHARE * declared.abs())
        found |= (known & ((filed - declared).abs() > allowed)).to_numpy()
    return found


def _elsewhere(both: pd.DataFrame) -> Any:
    """Whether the destinations are not the same, where both sides tell them."""
    filed, declared = both["filed_destination"], both["declared_destination"]
    return (filed.notna() & declared.notna() & (filed != declared)).to_numpy()


def _rows(both: pd.DataFrame, fault: Ints) -> pd.DataFrame:
    chosen = both[fault > 0].assign(fault=fault[fault > 0])
    for name in _WHOLE:
        chosen[name] = chosen[name].fillna(NA).astype(np.int64)
    for name in ("filed_destination", "declared_destination"):
        chosen[name] = chosen[name].astype(object).where(chosen[name].notna(), None)
    return chosen[list(_COLUMNS)].reset_index(drop=True)
