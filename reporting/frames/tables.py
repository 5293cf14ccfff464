"""The contract's tables, filled for a scope: few queries, however many filings it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from reporting.checks import columns
from reporting.checks.columns import CONTENT_COLUMNS, NA, SCHEMA, STAGE_CODES, Tables
from reporting.frames.exports import exports_of
from reporting.frames.fetch import Columns, among, fetch
from reporting.frames.scope import PAST_MONTHS, Scope

__all__ = ["lines_of", "stage_codes", "tables_of"]

_KINDS: Final = {"date": "day"}
_LINES: Final = {
    name: ("l.unread", "json") if name == "unread" else (f"l.{name}", _KINDS.get(name, kind))
    for name, kind in SCHEMA["lines"].items()
}
_CONTENTS: Final = {name: (f"p.{name}", "float") for name in (*CONTENT_COLUMNS, "assay_rel_uncertainty_pct")}
_PRODUCTS: Final = {
    name: ("p.id", "int") if name == "product_id" else (f"p.{name}", "text" if kind == "code" else kind)
    for name, kind in SCHEMA["products"].items()
}
_COUNTERPARTIES: Final = {
    name: ("c.id" if name == "counterparty_id" else f"c.{name}", kind)
    for name, kind in SCHEMA["counterparties"].items()
}
_OBLIGATIONS: Final = {
    "organisation_id": ("b.organisation_id", "int"),
    "period": ("b.period", "int"),
    "due": ("b.due_at", "instant"),
}
_LOTS: Final = {"product_id": ("p.product_id", "int"), "batch": ("p.batch", "text"), **_CONTENTS}


def tables_of(scope: Scope, *, and_lines: pd.DataFrame | None = None) -> Tables:
    """Return the tables of a scope, read from the database now; ``and_lines`` are lines that are not stored there."""
    filings = columns.table("filings", {name: scope.filings[name] for name in SCHEMA["filings"]})
    owners = scope.organisation_ids
    lines = lines_of(scope.filings["filing_id"].tolist())
    lines = lines if and_lines is None else _joined(lines, and_lines)
    products, parties = _products(scope), _counterparties(scope)
    lots = _of_owners("lots", _LOTS, "FROM registry_lot p", "p", owners)
    return Tables(
        filings=filings,
        lines=lines,
        products=products,
        counterparties=parties,
        obligations=_obligations(scope),
        lots=lots,
        exports=exports_of(filings, lines, products, parties, lots),
    )


def lines_of(filing_ids: Sequence[int]) -> pd.DataFrame:
    """Return the lines of some filings, in the order of filing and line number. One query."""
    condition, parameters = among("l.filing_id", filing_ids)
    found = fetch(
        _LINES, f"FROM reporting_line l WHERE {condition} ORDER BY l.filing_id, l.line_no", parameters
    )
    return columns.table("lines", found)


def _joined(stored: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return two tables of lines as one."""
    joined = {
        name: np.concatenate([np.asarray(part[name]) for part in (stored, more)]) for name in SCHEMA["lines"]
    }
    return columns.table(
        "lines",
        {name: _words(joined[name]) if SCHEMA["lines"][name] == "text" else joined[name] for name in joined},
    )


def _words(values: Any) -> Any:
    return np.where(pd.isna(values), None, values)


def _of_owners(
    name: str, wanted: dict[str, tuple[str, str]], source: str, alias: str, owners: Sequence[int]
) -> pd.DataFrame:
    condition, parameters = among(f"{alias}.organisation_id", owners)
    return columns.table(name, fetch(wanted, f"{source} WHERE {condition}", parameters))


def _counterparties(scope: Scope) -> pd.DataFrame:
    source, kept = _source("counterparty", "reporting_filedparty", _COUNTERPARTIES, scope)
    condition, parameters = among("c.organisation_id", scope.organisation_ids)
    return columns.table(
        "counterparties", fetch(_COUNTERPARTIES, f"FROM {source} c WHERE {condition}", [*kept, *parameters])
    )


def _products(scope: Scope) -> pd.DataFrame:
    source, kept = _source("product", "reporting_filedproduct", _PRODUCTS, scope)
    condition, parameters = among("p.organisation_id", scope.organisation_ids)
    found = fetch(_PRODUCTS, f"FROM {source} p WHERE {condition}", [*kept, *parameters])
    return columns.table("products", found | {"stage": stage_codes(found["stage"], STAGE_CODES)})


def _source(noun: str, kept: str, wanted: dict[str, tuple[str, str]], scope: Scope) -> tuple[str, list[Any]]:
    """Return the register, or the register with what the filing keeps in the stead of the rows that it names."""
    register = f"registry_{noun}"
    if scope.named_by is None:
        return register, []
    names = [name for name in wanted if name not in {f"{noun}_id", "organisation_id"}]
    now, filed = (", ".join(f"{alias}.{name}" for name in names) for alias in ("r", "k"))
    joined = (
        f"(SELECT r.id, r.organisation_id, {now} FROM {register} r WHERE NOT EXISTS "  # noqa: S608 - own names
        f"(SELECT 1 FROM {kept} k WHERE k.filing_id = %s AND k.{noun}_id = r.id) UNION ALL "
        f"SELECT r.id, r.organisation_id, {filed} FROM {kept} k JOIN {register} r ON r.id = k.{noun}_id "
        "WHERE k.filing_id = %s)"
    )
    return joined, [scope.named_by, scope.named_by]


def stage_codes(words: pd.Categorical, known: Any) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Return the contract's code of each word, 0 for a word it does not know."""
    table = np.array([*(known.get(word, 0) for word in words.categories), 0], dtype=np.int8)
    codes: np.ndarray[Any, np.dtype[np.int8]] = table[words.codes]
    return codes


def _obligations(scope: Scope) -> pd.DataFrame:
    """Return the duties of the months concerned and of their past, as they stood at the scope's instant."""
    if scope.first_submitted is None:
        return columns.table("obligations")
    condition, parameters = among("b.organisation_id", scope.organisation_ids)
    rest = f"FROM reporting_obligation b WHERE {condition} AND b.period BETWEEN %s AND %s"
    months = [scope.first.index - PAST_MONTHS, scope.last.index]
    found: Columns = fetch(_OBLIGATIONS, rest, [*parameters, *months])
    keys = zip(found["organisation_id"].tolist(), found["period"].tolist(), strict=True)
    submitted = [scope.first_submitted.get(key, NA) for key in keys]
    as_of = np.full(len(submitted), int(scope.as_of.timestamp()), dtype=np.int64)
    return columns.table(
        "obligations", {**found, "submitted": np.array(submitted, dtype=np.int64), "as_of": as_of}
    )
