"""The contract's tables, filled for a scope: few queries, however many filings it has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from reporting.checks import columns
from reporting.checks.columns import CONTENT_COLUMNS, NA, SCHEMA, STAGE_CODES, Tables
from reporting.frames.exports import exports_of
from reporting.frames.fetch import Columns, Question, Reading, among
from reporting.frames.scope import PAST_MONTHS, Scope

__all__ = ["Sources", "lines_of", "sources_of", "stage_codes", "tables_of"]

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


@dataclass(frozen=True, slots=True)
class Sources:
    """What the tables of a scope are made of, as the database answered; the tables are a function of it alone.

    Except for ``exports``, for which licences, their ledger and customs are asked when the tables are made.
    """

    scope: Scope
    readings: Mapping[str, Reading]

    @property
    def digest(self) -> str:
        """Equal where the tables would be equal, lateness aside."""
        content = hashlib.sha256()
        for name in SCHEMA["filings"]:
            content.update(repr(np.asarray(self.scope.filings[name], dtype=object).tolist()).encode())
        for name, reading in self.readings.items():
            content.update(f"{name}:{len(reading.content)}:".encode())
            content.update(reading.content)
        return content.hexdigest()

    def tables(self) -> Tables:
        """Make the tables."""
        return _tables(self.scope, {name: reading.arrays() for name, reading in self.readings.items()})


def sources_of(scope: Scope) -> Sources:
    """Return what the tables of a scope are made of, read from the database now."""
    return Sources(scope, {name: question.ask() for name, question in _questions(scope).items()})


def tables_of(scope: Scope, *, and_lines: pd.DataFrame | None = None) -> Tables:
    """Return the tables of a scope, read from the database now; ``and_lines`` are lines that are not stored there."""
    arrays = {name: question.ask().arrays() for name, question in _questions(scope).items()}
    return _tables(scope, arrays, and_lines)


def _questions(scope: Scope) -> dict[str, Question]:
    owners = scope.organisation_ids
    asked = {
        "lines": _lines(scope.filings["filing_id"].tolist()),
        "products": _named("product", "reporting_filedproduct", _PRODUCTS, scope),
        "counterparties": _named("counterparty", "reporting_filedparty", _COUNTERPARTIES, scope),
        "lots": _of_owners(_LOTS, "FROM registry_lot p", "p", owners),
    }
    if scope.first_submitted is not None:
        condition, parameters = among("b.organisation_id", owners)
        rest = f"FROM reporting_obligation b WHERE {condition} AND b.period BETWEEN %s AND %s"
        months = [scope.first.index - PAST_MONTHS, scope.last.index]
        asked["obligations"] = Question(_OBLIGATIONS, rest, [*parameters, *months])
    return asked


def _tables(scope: Scope, arrays: Mapping[str, Columns], and_lines: pd.DataFrame | None = None) -> Tables:
    filings = columns.table("filings", {name: scope.filings[name] for name in SCHEMA["filings"]})
    lines = columns.table("lines", arrays["lines"])
    lines = lines if and_lines is None else _joined(lines, and_lines)
    stages = stage_codes(arrays["products"]["stage"], STAGE_CODES)
    products = columns.table("products", arrays["products"] | {"stage": stages})
    parties, lots = (columns.table(name, arrays[name]) for name in ("counterparties", "lots"))
    return Tables(
        filings=filings,
        lines=lines,
        products=products,
        counterparties=parties,
        obligations=_obligations(scope, arrays.get("obligations")),
        lots=lots,
        exports=exports_of(filings, lines, products, parties, lots),
    )


def lines_of(filing_ids: Sequence[int]) -> pd.DataFrame:
    """Return the lines of some filings, in the order of filing and line number. One query."""
    return columns.table("lines", _lines(filing_ids).ask().arrays())


def _lines(filing_ids: Sequence[int]) -> Question:
    condition, parameters = among("l.filing_id", filing_ids)
    return Question(
        _LINES, f"FROM reporting_line l WHERE {condition} ORDER BY l.filing_id, l.line_no", parameters
    )


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
    wanted: dict[str, tuple[str, str]],
    source: str,
    alias: str,
    owners: Sequence[int],
    before: Sequence[Any] = (),
) -> Question:
    condition, parameters = among(f"{alias}.organisation_id", owners)
    return Question(wanted, f"{source} WHERE {condition} ORDER BY 1, 2", [*before, *parameters])


def _named(noun: str, kept: str, wanted: dict[str, tuple[str, str]], scope: Scope) -> Question:
    """Return the question for what lines name of a register: products, or counterparties."""
    source, parameters = _source(noun, kept, wanted, scope)
    return _of_owners(wanted, f"FROM {source} {noun[0]}", noun[0], scope.organisation_ids, parameters)


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


def _obligations(scope: Scope, found: Columns | None) -> pd.DataFrame:
    """Return the duties of the months concerned and of their past, as they stood at the scope's instant."""
    if scope.first_submitted is None or found is None:
        return columns.table("obligations")
    keys = zip(found["organisation_id"].tolist(), found["period"].tolist(), strict=True)
    submitted = [scope.first_submitted.get(key, NA) for key in keys]
    as_of = np.full(len(submitted), int(scope.as_of.timestamp()), dtype=np.int64)
    return columns.table(
        "obligations", {**found, "submitted": np.array(submitted, dtype=np.int64), "as_of": as_of}
    )
