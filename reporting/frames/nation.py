"""What the national checks read, out of the database: the registers once, filings and others' papers a part at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import Max, Min

from licensing.queries.declared import declared, last_declared
from portal.core.months import Month
from reporting.checks.columns import STAGE_CODES
from reporting.checks.nation.columns import NATIONAL_SCHEMA, Part, References, table
from reporting.frames.fetch import fetch
from reporting.frames.likenesses import identities, likenesses, records
from reporting.frames.scope import Versions, of_organisations, versions_in_force
from reporting.frames.tables import stage_codes, tables_of
from reporting.models import Invoice

__all__ = ["part_of", "references"]

_ORGANISATIONS: Final = {
    "organisation_id": ("o.id", "int"),
    "uscc": ("o.uscc", "text"),
    "reports": ("CASE WHEN o.reports_from IS NULL THEN 0 ELSE 1 END", "bool"),
    "capacity_g": ("o.capacity_g_year", "int"),
}
_QUOTAS: Final = {
    "organisation_id": ("q.organisation_id", "int"),
    "year": ("q.year", "int"),
    "stage": ("q.stage", "text"),
    "quantity_g": ("q.quantity_g", "int"),
}
_PRICES: Final = {
    "period": ("r.period", "int"),
    "stage": ("r.stage", "text"),
    "family": ("r.family", "text"),
    "main_element": ("r.main_element", "text"),
    "market": ("r.market", "text"),
    "low_fen": ("r.low_fen", "int"),
    "high_fen": ("r.high_fen", "int"),
}
_INVOICES: Final = {
    "invoice_no": ("i.invoice_no", "text"),
    "seller": ("i.seller", "text"),
    "buyer": ("i.buyer", "text"),
    "issued": ("i.issued_on", "day"),
    "quantity_g": ("i.quantity_g", "int"),
    "value_fen": ("i.value_fen", "int"),
    "status": ("i.status", "text"),
    "voided": ("i.voided_on", "day"),
}


def references(day: date | None = None) -> References:
    """Who is registered, and the quotas and price bands of all years; with a day, who looks like whom as well.

    Three queries, or five with those of names.
    """
    owners = fetch(_ORGANISATIONS, "FROM accounts_organisation o WHERE o.uscc IS NOT NULL ORDER BY o.id")
    quotas = fetch(_QUOTAS, "FROM reporting_quota q ORDER BY q.id")
    prices = fetch(_PRICES, "FROM reporting_referenceprice r ORDER BY r.id")
    named = () if day is None else _named(day)
    return References(
        table("organisations", owners),
        table("quotas", quotas | {"stage": stage_codes(quotas["stage"], STAGE_CODES)}),
        table("prices", prices | {"stage": stage_codes(prices["stage"], STAGE_CODES)}),
        *named,
    )


def _named(day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = records()
    return likenesses(day, known), identities(known)


def part_of(organisation_ids: Sequence[int], *, first: Month, last: Month, as_of: datetime) -> Part:
    """Everything that these organisations filed for the months, as it was in force at ``as_of``, and what others have of them."""
    versions: Versions = versions_in_force(organisation_ids, last=last, as_of=as_of)
    scope = of_organisations(versions, organisation_ids, first=first, last=last, as_of=as_of)
    return Part(
        tables_of(scope),
        _invoices(organisation_ids, as_of),
        _declarations(organisation_ids, as_of),
        _covered(as_of),
        _recorded(as_of),
    )


def _covered(as_of: datetime) -> tuple[int, int] | None:
    """The first and the last month of which the tax authority's invoices are on record by the day; None without any."""
    rows = Invoice.objects.filter(issued_on__lte=as_of.date())
    found = rows.aggregate(first=Min("issued_on"), last=Max("issued_on"))
    if found["first"] is None:
        return None
    return Month.of(found["first"]).index, Month.of(found["last"]).index


def _recorded(as_of: datetime) -> int | None:
    """The last day of which customs' records are known, as days since 1970; None without any."""
    last = last_declared(until=as_of.date())
    return None if last is None else (last - date(1970, 1, 1)).days


def _invoices(organisation_ids: Sequence[int], as_of: datetime) -> pd.DataFrame:
    """The invoices with one of the organisations on either side, issued by the day; a later voiding is not known yet."""
    codes = "SELECT o.uscc FROM accounts_organisation o WHERE o.id IN ({})".format(  # noqa: S608 - numbers alone
        ",".join(str(int(pk)) for pk in organisation_ids)
    )
    day = as_of.date().isoformat()
    rest = f"FROM reporting_invoice i WHERE (i.seller IN ({codes}) OR i.buyer IN ({codes})) AND i.issued_on <= %s"
    found: dict[str, Any] = fetch(_INVOICES, f"{rest} ORDER BY i.id", [day])
    issued = found["issued"].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return table("invoices", found | {"period": issued})


def _declarations(organisation_ids: Sequence[int], as_of: datetime) -> pd.DataFrame:
    """What customs has on record of the organisations' exports up to the day."""
    found = declared(organisation_ids, until=as_of.date())
    days = found.pop("declared_on")
    named = found | {
        "organisation_id": found.pop("exporter_id"),
        "declared": [(day - date(1970, 1, 1)).days for day in days],
        "period": [Month.of(day).index for day in days],
    }
    return table("declarations", {name: named[name] for name in NATIONAL_SCHEMA["declarations"]})
