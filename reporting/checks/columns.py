"""The contract of the tables that the checks read: names, types, codes and what "missing" means.

`reporting/frames.py` builds these tables (from the database, an upload or a draft); nothing else is
handed to a check.

Missing values: `NA` in int64 columns, 0 in code columns (`kind`, `stage`), NaN in float columns, code -1
in text columns (pandas Categoricals; the empty string is never a category). What was typed but could not
be read (an unknown product code, a quantity that is no number, too many decimals) is missing in its own
column and stands, as typed, in `unread`: a JSON object from the dictionary's column name (`product`,
`quantity_kg`, `date` ...) to the text.

Which filings belong in a run: those being judged, and as their past the versions in force of the same
organisation for the `HISTORY_MONTHS` months before, and further back while those months are nil, until the
latest filing with lines. There is at most one filing per organisation and period: a draft amendment stands
in for the version that it would replace. Filings later than a judged one may be there and are never read
for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np
import pandas as pd

__all__ = [
    "CONTENT_COLUMNS", "ELEMENTS", "HISTORY_MONTHS", "IN_KINDS", "KINDS", "KIND_CODES", "NA",
    "OUT_KINDS", "PARTY_KINDS", "PRICED_KINDS", "SCHEMA", "STAGES", "STAGE_CODES", "STOCK_KINDS", "Tables",
    "empty_tables", "table", "verify",
]  # fmt: skip

NA: Final = -(2**63)
"""The missing value of every int64 column (also what pandas shows as NaT)."""

HISTORY_MONTHS: Final = 12

KINDS: Final = (
    "opening", "produced", "purchased", "imported", "returned_in", "tolled_in", "gained",
    "consumed", "sold", "exported", "returned_out", "tolled_out", "lost", "closing",
)  # fmt: skip
"""The kinds of line; the code of a kind is its position, counted from 1. 0 = missing or not known."""

KIND_CODES: Final[Mapping[str, int]] = {name: code for code, name in enumerate(KINDS, 1)}
IN_KINDS: Final = tuple(range(1, 8))
OUT_KINDS: Final = tuple(range(8, 15))
STOCK_KINDS: Final = (KIND_CODES["opening"], KIND_CODES["closing"])
PARTY_KINDS: Final = tuple(
    code for name, code in KIND_CODES.items()
    if name not in {"opening", "produced", "consumed", "gained", "lost", "closing"}
)  # fmt: skip
"""The kinds that name another party: a counterparty and a date are required."""
PRICED_KINDS: Final = tuple(KIND_CODES[name] for name in ("purchased", "imported", "sold", "exported"))
"""The kinds for which a value is required."""

STAGES: Final = (
    "concentrate", "mixed_carbonate", "oxide", "metal", "alloy", "magnet_block", "magnet", "assembly",
    "scrap", "target", "compound",
)  # fmt: skip
"""The stages of a product; the code of a stage is its position, counted from 1. 0 = missing or not known."""
STAGE_CODES: Final[Mapping[str, int]] = {name: code for code, name in enumerate(STAGES, 1)}

ELEMENTS: Final = (
    "la", "ce", "pr", "nd", "sm", "eu", "gd", "tb", "dy", "ho", "er", "tm", "yb", "lu", "sc", "y",
)  # fmt: skip
CONTENT_COLUMNS: Final = tuple(f"{element}_pct" for element in ELEMENTS)
"""Mass per cent of the element, not of its oxide; NaN = not measured, 0 = measured absence."""

_CONTENTS: Final = dict.fromkeys((*CONTENT_COLUMNS, "assay_rel_uncertainty_pct"), "float")

SCHEMA: Final[Mapping[str, Mapping[str, str]]] = {
    "filings": {
        "filing_id": "int",
        "organisation_id": "int",
        "uscc": "text",  # the organisation's own code
        "period": "int",  # Month index: year * 12 + month - 1
        "version": "int",
        "nil": "bool",
        "judged": "bool",  # being judged now; the others are the past
        "first": "bool",  # the first month that the organisation owes
    },
    "lines": {
        "filing_id": "int",
        "line_no": "int",
        "kind": "code",
        "product_id": "int",
        "counterparty_id": "int",
        "quantity_g": "int",
        "quantity_dp": "int",  # decimals of the kilograms as reported, 0 to 3
        "value_fen": "int",
        "value_dp": "int",  # decimals of the CNY as reported, 0 to 2
        "destination": "text",
        "licence_no": "text",
        "declaration_no": "text",
        "invoice_no": "text",
        "licence_line_no": "int",
        "date": "int",  # days since 1970-01-01
        "batch": "text",
        "from_batches": "text",
        "note": "text",
        "unread": "text",  # JSON object: column -> text as typed
    },
    "products": {
        "product_id": "int",
        "organisation_id": "int",
        "code": "text",
        "name": "text",
        "stage": "code",
        "family": "text",
        "hs_code": "text",
        "grade": "text",
        "processing_level": "text",
        "partners": "text",
        **_CONTENTS,
    },
    "counterparties": {
        "counterparty_id": "int",
        "organisation_id": "int",
        "code": "text",
        "name": "text",
        "name_local": "text",
        "country": "text",
        "id_type": "text",
        "id_number": "text",
        "address": "text",
        "city": "text",
        "end_use": "text",
        "end_user_name": "text",
        "end_user_country": "text",
    },
    "obligations": {
        "organisation_id": "int",
        "period": "int",
        "due": "int",  # UTC epoch seconds, extensions included
        "submitted": "int",  # of the first version not withdrawn, NA if none up to as_of
        "as_of": "int",
    },
    "exports": {  # optional: what licences, their ledger and customs say of the exports of the judged filings
        "filing_id": "int",
        "line_no": "int",
        "controlled": "bool",  # by the list in force on the day
        "control_code": "text",
        "fault": "text",  # why the licence did not hold on the day
        "destination_other": "bool",
        "party_other": "bool",
        "entry_other": "bool",
        "over_g": "int",  # taken beyond what was left
        "uses_over": "bool",
    },
    "lots": {  # optional: an assay for a lot stands above the product's contents
        "product_id": "int",
        "batch": "text",
        **_CONTENTS,
    },
}
"""table -> column -> kind: "int" (int64, nullable by NA), "code" (int8), "bool", "float", "text"."""

_DTYPES: Final = {"int": "int64", "code": "int8", "bool": "bool", "float": "float64"}


def table(name: str, columns: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return the table `name` with every column of the contract in its type, from plain lists or arrays.

    A column left out is missing throughout (False for bool). In text columns None and "" become missing,
    in int columns None and NaN become NA, in code columns None becomes 0. Raises KeyError for a column that
    the contract does not know.
    """
    given = columns or {}
    schema = SCHEMA[name]
    if unknown := [column for column in given if column not in schema]:
        raise KeyError(f"{name} has no column {', '.join(unknown)}")
    length = max((len(values) for values in given.values()), default=0)
    made = {column: _typed(kind, given.get(column), length) for column, kind in schema.items()}
    return pd.DataFrame(made, copy=False)


def _typed(kind: str, values: Any, length: int) -> Any:
    if kind == "text":
        return _text(values, length)
    if values is None:
        blank = {"int": NA, "code": 0, "bool": False, "float": np.nan}[kind]
        return np.full(length, blank, dtype=_DTYPES[kind])
    array = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    if array.dtype == object and kind != "bool":
        absent = {"int": NA, "code": 0, "float": np.nan}[kind]
        array = np.where(pd.isna(array), absent, array)
    return array.astype(_DTYPES[kind])


def _text(values: Any, length: int) -> Any:
    if values is None:
        nothing = pd.Index([], dtype=object)
        return pd.Categorical.from_codes(np.full(length, -1, dtype=np.int8), categories=nothing)
    if isinstance(values, pd.Categorical):
        return values
    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        return values.array
    words = pd.Series(values, dtype=object)
    return pd.Categorical(words.mask(words == ""))


def _empty_lots() -> pd.DataFrame:
    return table("lots")


def _empty_exports() -> pd.DataFrame:
    return table("exports")


@dataclass(frozen=True, slots=True)
class Tables:
    """What a run of the checks reads. Each frame follows `SCHEMA`; the order of rows means nothing."""

    filings: pd.DataFrame
    lines: pd.DataFrame
    products: pd.DataFrame
    counterparties: pd.DataFrame
    obligations: pd.DataFrame
    lots: pd.DataFrame = field(default_factory=_empty_lots)
    exports: pd.DataFrame = field(default_factory=_empty_exports)


def empty_tables() -> Tables:
    """Return tables without a row, each column in its type."""
    return Tables(**{name: table(name) for name in SCHEMA})


def verify(tables: Tables) -> None:
    """Raise TypeError naming every column that is absent, unknown or of another type than agreed."""
    faults: list[str] = []
    for part in fields(tables):
        frame: pd.DataFrame = getattr(tables, part.name)
        faults += _faults(part.name, frame, SCHEMA[part.name])
    if faults:
        raise TypeError("; ".join(faults))


def _faults(name: str, frame: pd.DataFrame, schema: Mapping[str, str]) -> Sequence[str]:
    said = [f"{name}.{column} is unknown" for column in frame.columns if column not in schema]
    for column, kind in schema.items():
        if column not in frame.columns:
            said.append(f"{name}.{column} is absent")
            continue
        dtype = frame[column].dtype
        right = isinstance(dtype, pd.CategoricalDtype) if kind == "text" else str(dtype) == _DTYPES[kind]
        if not right:
            said.append(f"{name}.{column} is {dtype}, not {'category' if kind == 'text' else _DTYPES[kind]}")
    return said
