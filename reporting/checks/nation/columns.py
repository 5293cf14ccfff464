"""What the national checks read beside the tables of the filing checks: registers and references, and their types.

The kinds and the missing values are those of ``reporting.checks.columns``. Filings are read a part of the nation at a
time; what is kept of a part (``gather.py``) is small, so that memory does not grow with the lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from reporting.checks.columns import Tables, typed_table

__all__ = ["NATIONAL_SCHEMA", "Part", "References", "table"]

NATIONAL_SCHEMA: Final[Mapping[str, Mapping[str, str]]] = {
    "organisations": {
        "organisation_id": "int",
        "uscc": "text",
        "reports": "bool",  # owes filings: its mirror may be held against others' figures
        "capacity_g": "int",
    },
    "quotas": {"organisation_id": "int", "year": "int", "stage": "code", "quantity_g": "int"},
    "prices": {
        "period": "int",
        "stage": "code",
        "family": "text",
        "main_element": "text",
        "market": "text",
        "low_fen": "int",
        "high_fen": "int",
    },
    "likenesses": {  # clients and end users that look like a party on a watch list
        "counterparty_id": "int",
        "role": "text",  # client, end_user
        "named": "text",  # as the filer names it
        "entry": "text",  # list and entry
        "listed_name": "text",
        "effect": "text",
        "same_number": "bool",
        "likeness": "int",  # 0 to 100
        "brand_bits": "float",
        "place_bits": "float",
        "industry_bits": "float",
        "country_bits": "float",
    },
    "identities": {  # records whose number or name stands otherwise in other enterprises' books
        "counterparty_id": "int",
        "code": "text",
        "fault": "int",  # 1: the number stands under another name, 2: the name and address have another number
        "named": "text",
        "elsewhere": "text",
        "organisations": "int",
        "records": "int",
    },
    "invoices": {
        "invoice_no": "text",
        "seller": "text",
        "buyer": "text",
        "issued": "int",  # days since 1970-01-01
        "period": "int",
        "quantity_g": "int",
        "value_fen": "int",
        "status": "text",
        "voided": "int",
    },
    "declarations": {  # customs' records, item by item
        "declaration_no": "text",
        "item_no": "int",
        "organisation_id": "int",  # the exporter
        "declared": "int",  # days since 1970-01-01
        "period": "int",
        "quantity_g": "int",
        "value_fen": "int",
        "destination": "text",
        "stands": "bool",  # customs did not take it back
    },
}


def table(name: str, columns: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return the table `name` with every column in its type; as `reporting.checks.columns.table`."""
    return typed_table(name, NATIONAL_SCHEMA[name], columns)


@dataclass(frozen=True, slots=True)
class References:
    """What holds for the whole nation: who is registered, quotas, price bands, who looks like whom."""

    organisations: pd.DataFrame
    quotas: pd.DataFrame
    prices: pd.DataFrame
    likenesses: pd.DataFrame = field(default_factory=lambda: table("likenesses"))
    identities: pd.DataFrame = field(default_factory=lambda: table("identities"))


def _no_declarations() -> pd.DataFrame:
    return table("declarations")


@dataclass(frozen=True, slots=True)
class Part:
    """Everything that some organisations filed, in force; the tax authority's invoices that name them; what they declared
    to customs; the months of which invoices are known at all (None: those of the invoices here); and the last day of which
    customs' records of anybody are known (None: any)."""

    tables: Tables
    invoices: pd.DataFrame
    declarations: pd.DataFrame = field(default_factory=_no_declarations)
    invoiced: tuple[int, int] | None = None
    recorded: int | None = None
