"""The table ``exports``: what licences, the ledger and customs say of the exports among the lines."""

from __future__ import annotations

from collections.abc import Mapping
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
_READ: Final = (
    "filing_id", "line_no", "product_id", "batch", "date", "counterparty_id", "destination", "licence_no",
    "licence_line_no", "declaration_no", "quantity_g",
)  # fmt: skip
_EPOCH: Final = date(1970, 1, 1)


def exports_of(
    filings: pd.DataFrame,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    parties: pd.DataFrame,
    lots: pd.DataFrame,
) -> pd.DataFrame:
    """Return the table for the judged filings; their past counts towards what was used before.

    Goods of a lot with its own assay are judged by that assay.
    """
    shipped = lines[lines["kind"] == _EXPORTED]
    if shipped.empty:
        return columns.table("exports")
    owners = dict(zip(filings["filing_id"].tolist(), filings["organisation_id"].tolist(), strict=True))
    judged = set(filings.loc[filings["judged"], "filing_id"].tolist())
    if not judged & set(shipped["filing_id"].tolist()):
        return columns.table("exports")
    rows = shipped[list(_READ)].to_dict("records")
    assays = _assays(shipped, lots)
    goods, places = _goods(rows, products, assays)
    clients = _clients(parties)
    asked = [
        _asked(row, owners, judged, -1 if row["date"] == NA else places.get(_left(row, assays), -1), clients)
        for row in rows
    ]
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


def _assays(shipped: pd.DataFrame, lots: pd.DataFrame) -> dict[tuple[int, str], dict[Any, Any]]:
    """The assays of lots by product and number, of the products that left."""
    known = lots[lots["product_id"].isin(set(shipped["product_id"].tolist()))]
    return {(row["product_id"], _text(row["batch"])): row for row in known.to_dict("records")}


_Left = tuple[int, str]  # a product, and its lot where that has an assay


def _left(row: dict[Any, Any], assays: Mapping[tuple[int, str], Any]) -> _Left:
    lot = row["product_id"], _text(row["batch"])
    return lot if lot in assays else (row["product_id"], "")


def _goods(
    rows: list[dict[Any, Any]], products: pd.DataFrame, assays: Mapping[tuple[int, str], dict[Any, Any]]
) -> tuple[list[Good], dict[_Left, int]]:
    """The goods that left, and their places by product and lot."""
    wanted = {_left(row, assays) for row in rows if row["product_id"] != NA}
    known = products[products["product_id"].isin({product for product, _batch in wanted})]
    by_id = {row["product_id"]: row for row in known.to_dict("records")}
    goods: list[Good] = []
    places: dict[_Left, int] = {}
    for product, batch in sorted(wanted):
        if product in by_id:
            places[product, batch] = len(goods)
            row = by_id[product]
            goods.append(_good(_assayed(row, assays[product, batch]) if batch else row))
    return goods, places


def _assayed(product: dict[Any, Any], lot: dict[Any, Any]) -> dict[Any, Any]:
    """The product with what was measured of the lot; what was not measured of it is as the product says."""
    return product | {name: lot[name] for name in CONTENT_COLUMNS if not np.isnan(lot[name])}


def _good(row: dict[Any, Any]) -> Good:
    stage = row["stage"]
    measured = {
        symbol: Decimal(f"{row[column]:.6f}")
        for symbol, column in zip(ELEMENTS, CONTENT_COLUMNS, strict=True)
        if not np.isnan(row[column])
    }
    partners = _text(row["partners"])
    return Good(
        form=STAGE_FORMS.get(STAGES[stage - 1]) if stage else None,
        family=_text(row["family"]) or None,
        grade=_text(row["grade"]),
        processing_level=_text(row["processing_level"]) or None,
        contents=measured,
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
    good: int,
    clients: dict[int, tuple[tuple[str, ...], str]],
) -> ExportLine:
    names, identity = clients.get(row["counterparty_id"], ((), ""))
    return ExportLine(
        organisation_id=owners.get(row["filing_id"], NA),
        good=good,
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
