"""Filed lines beside the tax authority's invoices: what disagrees, invoice by invoice; and who claims which purchase."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from reporting.checks.columns import KIND_CODES, NA
from reporting.checks.derive.context import Array, Context, Ints
from reporting.checks.nation.columns import Part, References

__all__ = ["FAULTS", "claimed", "compared", "ripe"]

SELLS, BUYS = KIND_CODES["sold"], KIND_CODES["purchased"]
FAULTS: Final = ("unfiled", "unknown", "voided", "differs")
"""What can be wrong with an invoice; a row's `fault` is the place here, counted from 1."""
PATIENCE: Final = 1
"""Months that a filing may lag behind the paper."""
_ROUNDING_FEN, _ROUNDING_G = 1, 1_000
_COLUMNS: Final = (
    "organisation_id", "period", "invoice_no", "other_uscc", "kind", "fault", "line_no", "filing_id", "filed_g",
    "invoiced_g", "filed_fen", "invoiced_fen",
)  # fmt: skip


def _lines(context: Context, organisation: Ints) -> pd.DataFrame:
    """The filed domestic lines that name an invoice, one row an invoice and side, placed where it was filed last."""
    number = context.text("lines", "invoice_no")
    kind = context.array("lines", "kind")
    at = np.flatnonzero((number.codes >= 0) & np.isin(kind, (SELLS, BUYS)) & (organisation != NA))
    words = np.asarray(number.words, dtype=object)
    periods = dict(
        zip(
            context.array("filings", "filing_id").tolist(),
            context.array("filings", "period").tolist(),
            strict=True,
        )
    )
    filing = context.array("lines", "filing_id")[at]
    frame = pd.DataFrame({
        "organisation_id": organisation[at], "kind": kind[at].astype(np.int64),
        "invoice_no": words[number.codes[at]] if len(at) else np.zeros(0, dtype=object),
        "period": np.array([periods[key] for key in filing.tolist()], dtype=np.int64), "filing_id": filing,
        "line_no": context.array("lines", "line_no")[at],
        "filed_g": _whole(context.array("lines", "quantity_g")[at]),
        "filed_fen": _whole(context.array("lines", "value_fen")[at]),
    })  # fmt: skip
    keys = ["organisation_id", "kind", "invoice_no"]
    how = {"period": "last", "filing_id": "last", "line_no": "last", "filed_g": "sum", "filed_fen": "sum"}
    return frame.sort_values([*keys, "period", "line_no"]).groupby(keys, as_index=False, sort=True).agg(how)


def _whole(values: Array) -> Array:
    return np.where(values == NA, 0, values)


def claimed(context: Context, organisation: Ints, other_uscc: Array) -> pd.DataFrame:
    """Purchases with the invoice and the seller that they name."""
    number = context.text("lines", "invoice_no")
    bought = (context.array("lines", "kind") == BUYS) & (number.codes >= 0) & (organisation != NA)
    at = np.flatnonzero(bought & (other_uscc != ""))
    words = np.asarray(number.words, dtype=object)
    return pd.DataFrame({
        "organisation_id": organisation[at], "filing_id": context.array("lines", "filing_id")[at],
        "line_no": context.array("lines", "line_no")[at], "seller": other_uscc[at],
        "invoice_no": words[number.codes[at]] if len(at) else np.zeros(0, dtype=object),
        "grams": _whole(context.array("lines", "quantity_g")[at]),
    })  # fmt: skip


def compared(context: Context, organisation: Ints, part: Part, references: References) -> pd.DataFrame:
    """Every invoice or line of a part that has no fellow or another content; only where invoices are known at all.

    An invoice counts as unfiled once the month after it is filed too. Corrections ("red") are left to people.
    """
    written = _sides(part.invoices, references)
    lines = _lines(context, organisation)
    known = part.invoiced or _months(written)
    if known is None:
        return pd.DataFrame(columns=list(_COLUMNS))
    both = lines.merge(written, how="outer", on=["organisation_id", "kind", "invoice_no"], indicator="where")
    lone_line = (both["where"] == "left_only").to_numpy()
    lone_paper = (both["where"] == "right_only").to_numpy()
    met = ~lone_line & ~lone_paper
    gap_g = (both["filed_g"] - both["invoiced_g"]).abs().to_numpy()
    gap_fen = (both["filed_fen"] - both["invoiced_fen"]).abs().to_numpy()
    voided = (both["status"] == "voided").to_numpy()
    allowed = np.maximum(_ROUNDING_G, 0.001 * both["invoiced_g"].to_numpy())
    differs = (gap_g > allowed) | (gap_fen > _ROUNDING_FEN)
    red = (both["status"] == "red").to_numpy()
    covered = both["period"].between(*known).to_numpy()
    fault = np.zeros(len(both), dtype=np.int64)
    issued = both["issued_period"].fillna(0).to_numpy().astype(np.int64)
    owner = both["organisation_id"].to_numpy().astype(np.int64)
    fault[lone_paper & ~voided & ripe(context, owner, issued)] = 1
    fault[lone_line & covered] = 2
    fault[met & voided] = 3
    fault[met & ~voided & differs] = 4
    fault[red] = 0
    return _rows(both, fault)


def _months(written: pd.DataFrame) -> tuple[int, int] | None:
    """The first and the last month of the invoices at hand."""
    issued = written["issued_period"]
    return (int(issued.min()), int(issued.max())) if len(issued) else None


def _sides(invoices: pd.DataFrame, references: References) -> pd.DataFrame:
    """Each invoice from its seller's and from its buyer's side, where those are registered."""
    owners = references.organisations
    ids = dict(zip(owners["uscc"], owners["organisation_id"].tolist(), strict=True))
    parts = []
    for kind, own, other in ((SELLS, "seller", "buyer"), (BUYS, "buyer", "seller")):
        owner = np.array([ids.get(number, NA) for number in invoices[own]], dtype=np.int64)
        parts.append(pd.DataFrame({
            "organisation_id": owner, "kind": np.full(len(owner), kind, dtype=np.int64),
            "invoice_no": invoices["invoice_no"].astype(object), "other_uscc": invoices[other].astype(object),
            "issued_period": invoices["period"], "status": invoices["status"].astype(object),
            "invoiced_g": invoices["quantity_g"], "invoiced_fen": invoices["value_fen"],
        }))  # fmt: skip
    both = pd.concat(parts, ignore_index=True)
    return both[(both["organisation_id"] != NA) & (both["invoiced_g"] != NA) & (both["invoiced_fen"] != NA)]


def ripe(context: Context, owner: Ints, month: Ints) -> Any:
    """Whether the month of a paper and those of patience are filed by whoever should name it."""
    width = 1 << 20
    known = set(
        (context.array("filings", "organisation_id") * width + context.array("filings", "period")).tolist()
    )
    filed = np.ones(len(owner), dtype=bool)
    for lag in range(PATIENCE + 1):
        keys = owner * width + month + lag
        filed &= np.array([key in known for key in keys.tolist()], dtype=bool)
    return filed


def _rows(both: pd.DataFrame, fault: Ints) -> pd.DataFrame:
    chosen = both[fault > 0].assign(fault=fault[fault > 0])
    period = chosen["period"].where(chosen["fault"] != 1, chosen["issued_period"])
    chosen = chosen.assign(period=period)
    for name in ("period", "line_no", "filing_id", "filed_g", "invoiced_g", "filed_fen", "invoiced_fen"):
        chosen[name] = chosen[name].fillna(NA).astype(np.int64)
    return chosen[list(_COLUMNS)].reset_index(drop=True)
