"""The table ``exports``: what licences, the ledger and customs say of the exports among the lines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pandas as pd

from licensing.domain.classification import STAGE_FORMS, Good
from licensing.queries.export_lines import ExportLine, judge
from reporting.checks import columns
from reporting.checks.columns import CONTENT_COLUMNS, ELEMENTS, KIND_CODES, NA, STAGES

__all__ = ["exports_of"]

_EXPORTED: Final = KIND_CODES["exported"]
_EPOCH: Final = date(1970, 1, 1)


def exports_of(
    filings: pd.DataFrame,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    parties: pd.DataFrame,
    lots: pd.DataFrame,
) -> pd.DataFrame:
    """Return the table for the judged filings; their past counts towards what was used before.

    What left is what its lot was assayed as; where the lot says nothing of an element, or there is no assay of it, what the
    product states.
    """
    shipped = lines[lines["kind"] == _EXPORTED]
    if shipped.empty:
        return columns.table("exports")
    owners = dict(zip(filings["filing_id"].tolist(), filings["organisation_id"].tolist(), strict=True))
    judged = set(filings.loc[filings["judged"], "filing_id"].tolist())
    if not judged & set(shipped["filing_id"].tolist()):
        return columns.table("exports")
    rows = shipped.to_dict("records")
    goods, places = _goods(rows, products, _assays(lots))
    clients = _clients(parties)
    asked = [_asked(row, owners, judged, places, clients) for row in rows]
    told = judge(asked, goods)
    kept = [(row, one) for row, line, one in zip(rows, asked, told, strict=True) if line.judged]
    named: dict[str, list[Any]] = {
        "filing_id": [row["filing_id"] for row, _one in kept],
        "line_no": [row["line_no"] for row, _one in kept],
    }
    for name in (
        "controlled",
        "control_code",
        "fault",
        "destination_other",
        "party_other",
        "entry_other",
        "over_g",
        "uses_over",
    ):
        named[name] = [getattr(one, name) for _row, one in kept]
    return columns.table("exports", named)


_Key = tuple[int, str, int]
"""Number of the product, lot where it was assayed, day."""


def _key(row: dict[Any, Any], assays: dict[tuple[int, str], dict[str, Decimal]]) -> _Key:
    batch = _text(row["batch"])
    return row["product_id"], batch if (row["product_id"], batch) in assays else "", row["date"]


def _assays(lots: pd.DataFrame) -> dict[tuple[int, str], dict[str, Decimal]]:
    """What was measured of each lot, by product and lot."""
    found = ((row, _measured(row)) for row in lots.to_dict("records"))
    return {(row["product_id"], _text(row["batch"])): measured for row, measured in found if measured}


def _goods(
    rows: list[dict[Any, Any]], products: pd.DataFrame, assays: dict[tuple[int, str], dict[str, Decimal]]
) -> tuple[list[Good], dict[_Key, int]]:
    """The goods that left, each on its day, and their places by product, assayed lot and day."""
    for row in rows:
        row["good"] = _key(row, assays)
    wanted = {row["good"] for row in rows if NA not in {row["product_id"], row["date"]}}
    known = products[products["product_id"].isin({product for product, _lot, _day in wanted})]
    by_id = {row["product_id"]: row for row in known.to_dict("records")}
    goods: list[Good] = []
    places: dict[_Key, int] = {}
    for product, lot, day in sorted(wanted):
        if product in by_id:
            places[product, lot, day] = len(goods)
            goods.append(_good(by_id[product], _day(day), assays.get((product, lot), {})))
    return goods, places


def _measured(row: dict[Any, Any]) -> dict[str, Decimal]:
    return {
        symbol: Decimal(f"{row[column]:.6f}")
        for symbol, column in zip(ELEMENTS, CONTENT_COLUMNS, strict=True)
        if not np.isnan(row[column])
    }


def _good(row: dict[Any, Any], day: date | None, assay: dict[str, Decimal]) -> Good:
    stage = row["stage"]
    partners = _text(row["partners"])
    return Good(
        on=day,
        form=STAGE_FORMS.get(STAGES[stage - 1]) if stage else None,
        family=_text(row["family"]) or None,
        grade=_text(row["grade"]),
        processing_level=_text(row["processing_level"]) or None,
        contents=_measured(row) | assay,
        partners=tuple(part.strip().lower() for part in partners.split(";") if part.strip()),
        hs_code=_text(row["hs_code"]),
        description=_text(row["name"]),
    )


def _clients(parties: pd.DataFrame) -> dict[int, tuple[tuple[str, ...], str]]:
    """Names and identity of each client."""
    found: dict[int, tuple[tuple[str, ...], str]] = {}
    for row in parties.to_dict("records"):
        names = tuple(name for name in (_text(row["name"]), _text(row["name_local"])) if name)
        kind, number = _text(row["id_type"]), _text(row["id_number"])
        found[row["counterparty_id"]] = (names, f"{kind}:{number}" if kind and number else "")
    return found


def _asked(
    row: dict[Any, Any],
    owners: dict[int, int],
    judged: set[int],
    places: dict[_Key, int],
    clients: dict[int, tuple[tuple[str, ...], str]],
) -> ExportLine:
    names, identity = clients.get(row["counterparty_id"], ((), ""))
    return ExportLine(
        organisation_id=owners.get(row["filing_id"], NA),
        good=places.get(row["good"], -1),
        names=names,
        identity=identity,
        destination=_text(row["destination"]),
        licence_no=_text(row["licence_no"]),
        licence_line_no=None if row["licence_line_no"] == NA else row["licence_line_no"],
        declaration_no=_text(row["declaration_no"]),
        day=_day(row["date"]),
        grams=max(0, row["quantity_g"]) if row["quantity_g"] != NA else 0,
        judged=row["filing_id"] in judged,
    )


def _day(days: int) -> date | None:
    if days == NA or not -100_000 < days < 100_000:
        return None
    return _EPOCH + timedelta(days=days)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
