"""The other side of one enterprise's trades: what others filed with it, and with those that it trades with.

Read by counterparty, not by filing: lines of trade alone, a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from portal.core.months import Month
from reporting.checks import columns
from reporting.checks.columns import KIND_CODES, STAGE_CODES, Tables
from reporting.checks.nation.columns import Part, References, table
from reporting.frames.fetch import Columns, among, fetch
from reporting.frames.scope import of_organisations, versions_in_force
from reporting.frames.tables import stage_codes

__all__ = ["Beside", "beside"]

_TRADES: Final = ("sold", "purchased", "returned_in", "returned_out")
_LINES: Final = {
    "filing_id": ("l.filing_id", "int"), "line_no": ("l.line_no", "int"), "kind": ("l.kind", "code"),
    "product_id": ("l.product_id", "int"), "counterparty_id": ("l.counterparty_id", "int"),
    "quantity_g": ("l.quantity_g", "int"), "invoice_no": ("l.invoice_no", "text"), "date": ("l.date", "day"),
}  # fmt: skip
_PRODUCTS: Final = {
    "product_id": ("p.id", "int"), "organisation_id": ("p.organisation_id", "int"), "stage": ("p.stage", "text"),
}  # fmt: skip
_COUNTERPARTIES: Final = {
    "counterparty_id": ("c.id", "int"), "organisation_id": ("c.organisation_id", "int"), "id_type": ("c.id_type", "text"),
    "id_number": ("c.id_number", "text"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """Trades of others as a part of the nation; the partners, that the enterprise at hand trades with; and which of their
    versions were read."""

    part: Part
    partners: tuple[int, ...]
    token: tuple[int, ...]


def beside(
    organisation_id: int, references: References, *, first: Month, last: Month, as_of: datetime
) -> Beside:
    """Everything that others filed of trade with the enterprise or with its partners, and the partners of trade at all."""
    owners = references.organisations
    numbers = dict(zip(owners["organisation_id"].tolist(), owners["uscc"].astype(object), strict=True))
    own = numbers.get(organisation_id, "")
    named = set(_named("c.organisation_id = %s", [organisation_id])["id_number"])
    naming = _named("c.id_number = %s", [own])["organisation_id"].tolist() if own else []
    partners = {pk for pk, number in numbers.items() if number in named} | set(naming)
    partners.discard(organisation_id)
    known = named | {own} | {numbers[pk] for pk in partners if pk in numbers}
    parties = _parties(sorted(partners), sorted(known - {""}))
    others = parties["organisation_id"] != organisation_id
    parties = {name: column[others] for name, column in parties.items()}
    others_ids = sorted({*parties["organisation_id"].tolist(), *partners})
    versions = versions_in_force(others_ids, last=last, as_of=as_of)
    scope = of_organisations(versions, others_ids, first=first, last=last, as_of=as_of)
    lines = _lines(parties["counterparty_id"].tolist(), scope.filings["filing_id"])
    tables = Tables(
        filings=columns.table("filings", {name: scope.filings[name] for name in columns.SCHEMA["filings"]}),
        lines=lines,
        products=_products(np.unique(lines["product_id"].to_numpy()).tolist()),
        counterparties=columns.table("counterparties", parties),
        obligations=columns.table("obligations"),
        lots=columns.table("lots"),
    )
    theirs = np.isin(versions.in_force["organisation_id"], sorted(partners))
    token = tuple(versions.in_force["filing_id"][theirs].tolist())
    return Beside(Part(tables, table("invoices")), tuple(sorted(partners)), token)


def _named(condition: str, parameters: Sequence[Any]) -> Columns:
    rest = f"FROM registry_counterparty c WHERE c.id_type = 'USCC' AND {condition} ORDER BY c.id"
    return fetch(_COUNTERPARTIES, rest, parameters)


def _parties(partners: Sequence[int], numbers: Sequence[str]) -> Columns:
    """Records of the partners, and those of anybody that bear one of the numbers."""
    owned, parameters = among("c.organisation_id", partners)
    marks = ", ".join(["%s"] * len(numbers))
    numbered = f"OR c.id_number IN ({marks})" if numbers else ""
    return _named(f"({owned} {numbered})", [*parameters, *numbers])


def _lines(counterparty_ids: Sequence[int], filing_ids: Any) -> pd.DataFrame:
    """The lines of trade with these records in filings that are in force."""
    condition, parameters = among("l.counterparty_id", counterparty_ids)
    kinds, codes = among("l.kind", [KIND_CODES[name] for name in _TRADES])
    rest = f"FROM reporting_line l WHERE {condition} AND {kinds} ORDER BY l.filing_id, l.line_no"
    found = fetch(_LINES, rest, [*parameters, *codes])
    kept = np.isin(found["filing_id"], filing_ids)
    return columns.table("lines", {name: column[kept] for name, column in found.items()})


def _products(product_ids: Sequence[int]) -> pd.DataFrame:
    condition, parameters = among("p.id", product_ids)
    found = fetch(_PRODUCTS, f"FROM registry_product p WHERE {condition} ORDER BY p.id", parameters)
    return columns.table("products", found | {"stage": stage_codes(found["stage"], STAGE_CODES)})
