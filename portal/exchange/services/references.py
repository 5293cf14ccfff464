"""Quotas, price bands and tax invoices: their rows in and out of the dictionary's form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from portal.core.quantities import CNY_PLACES, KG_PLACES, Exact, plain
from portal.exchange.domain.faults import Unparsable
from portal.exchange.services.ledger import Keys, owner_of
from reporting.models import Invoice, Quota, ReferencePrice

Row = Mapping[str, Any]
AT_ONCE: Final = 20_000
_YEARS: Final = range(1900, 2200)  # as months have them


def quota(cells: Row, keys: Keys) -> dict[str, Any]:
    """A row of ``quotas`` as fields of its model."""
    if cells["year"] not in _YEARS:
        raise Unparsable("not_a_whole_number", column="year", typed=str(cells["year"]))
    return {
        "organisation_id": owner_of(cells, keys),
        "year": cells["year"],
        "stage": cells["stage"],
        **_exact("quantity", "g", cells["quantity_kg"]),
    }


def reference_price(cells: Row, keys: Keys) -> dict[str, Any]:
    """A row of ``reference_prices`` as fields of its model; a market not said is the one at home."""
    return {
        "period": cells["period"],
        "stage": cells["stage"],
        "family": cells["family"] or "",
        "main_element": cells["main_element"] or "",
        "market": cells["market"] or "home",
        **_exact("low", "fen", cells["low_cny_kg"]),
        **_exact("high", "fen", cells["high_cny_kg"]),
    }


def invoice(cells: Row, keys: Keys) -> dict[str, Any]:
    """A row of ``invoices`` as fields of its model. Who sells and buys need not be registered here."""
    texts = ("invoice_no", "issued_on", "seller", "buyer")
    return {
        **{name: cells[name] for name in texts},
        "stage": cells["stage"] or "",
        "description": cells["description"] or "",
        **_exact("quantity", "g", cells["quantity_kg"]),
        **_exact("value", "fen", cells["value_cny"]),
        **_exact("tax", "fen", cells["tax_cny"]),
        "status": cells["status"] or "issued",
        "voided_on": cells["voided_on"],
    }


def _exact(stem: str, unit: str, value: Exact | None) -> dict[str, int | None]:
    units, decimals = (None, None) if value is None else (value.units, value.decimals)
    return {f"{stem}_{unit}": units, f"{stem}_dp": decimals}


def _kg(units: int | None, decimals: int | None) -> str | None:
    return None if units is None else plain(units, KG_PLACES, decimals)


def _yuan(units: int | None, decimals: int | None) -> str | None:
    return None if units is None else plain(units, CNY_PLACES, decimals)


def _quotas() -> Iterator[Sequence[Any]]:
    rows = Quota.objects.order_by("organisation__uscc", "year", "stage")
    for owner, year, stage, grams, places in rows.values_list(
        "organisation__uscc", "year", "stage", "quantity_g", "quantity_dp"
    ):
        yield [owner, year, stage, _kg(grams, places)]


def _reference_prices() -> Iterator[Sequence[Any]]:
    names = ("period", "stage", "family", "main_element", "market")
    rows = ReferencePrice.objects.order_by(*names)
    for *key, low, low_dp, high, high_dp in rows.values_list(
        *names, "low_fen", "low_dp", "high_fen", "high_dp"
    ).iterator(chunk_size=AT_ONCE):
        yield [*key, _yuan(low, low_dp), _yuan(high, high_dp)]


def _invoices() -> Iterator[Sequence[Any]]:
    names = ("invoice_no", "issued_on", "seller", "buyer", "stage", "description")
    figures = ("quantity_g", "quantity_dp", "value_fen", "value_dp", "tax_fen", "tax_dp")
    rows = Invoice.objects.order_by("seller", "invoice_no").values_list(
        *names, *figures, "status", "voided_on"
    )
    for *texts, grams, grams_dp, fen, fen_dp, tax, tax_dp, status, voided in rows.iterator(
        chunk_size=AT_ONCE
    ):
        yield [*texts, _kg(grams, grams_dp), _yuan(fen, fen_dp), _yuan(tax, tax_dp), status, voided]


WRITERS: Final[Mapping[str, Callable[[], Iterator[Sequence[Any]]]]] = {
    "quotas": _quotas,
    "reference_prices": _reference_prices,
    "invoices": _invoices,
}
