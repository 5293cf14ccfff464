"""What a filing names, as it was filed: from what was kept with it, from the register for drafts and loaded filings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.db.models import Model

from portal.registry.models import Counterparty, CounterpartyDetails, Product, ProductDetails
from reporting.domain import canonical
from reporting.models import FiledParty, FiledProduct, Filing, Line

_Register = TypeVar("_Register", Counterparty, Product)
PARTY_FIELDS: Final = canonical.COUNTERPARTY
PRODUCT_FIELDS: Final = canonical.PRODUCT


def parties_of(filing: Filing) -> dict[int, CounterpartyDetails]:
    """Every counterparty that the filing names, by its id, in the order of codes. At most two queries."""
    if not filing.is_open:
        kept = FiledParty.objects.filter(filing=filing).order_by("code")
        if found := {row.counterparty_id: row for row in kept}:
            return dict(found)
    named = Line.objects.filter(filing=filing).values("counterparty_id")
    return {row.pk: row for row in Counterparty.objects.filter(pk__in=named).order_by("code")}


def products_of(filing: Filing) -> dict[int, ProductDetails]:
    """Every product that the filing names, by its id, in the order of codes. At most two queries."""
    if not filing.is_open:
        kept = FiledProduct.objects.filter(filing=filing).order_by("code")
        if found := {row.product_id: row for row in kept}:
            return dict(found)
    named = Line.objects.filter(filing=filing).values("product_id")
    return {row.pk: row for row in Product.objects.filter(pk__in=named).order_by("code")}


def as_filed(filing: Filing, lines: Iterable[Line]) -> list[Line]:
    """The lines with their counterparties and products as the filing names them: to be shown, never to be saved."""
    shown = list(lines)
    parties = {pk: _shown(Counterparty, pk, row, PARTY_FIELDS) for pk, row in parties_of(filing).items()}
    products = {pk: _shown(Product, pk, row, PRODUCT_FIELDS) for pk, row in products_of(filing).items()}
    for line in shown:
        if line.counterparty_id is not None:
            line.counterparty = parties[line.counterparty_id]
        if line.product_id is not None:
            line.product = products[line.product_id]
    return shown


def _shown(register: type[_Register], pk: int, row: Model, fields: Sequence[str]) -> _Register:
    if isinstance(row, register):
        return row
    return register(pk=pk, **{name: getattr(row, name) for name in fields})


def texts_of(row: Model, fields: Sequence[str]) -> dict[str, str]:
    """What a counterparty or a product says, as text: decimals exact, without zeros that say nothing."""
    values = ((name, getattr(row, name)) for name in fields)
    return {name: _text(value) for name, value in values if value not in (None, "")}


def _text(value: Any) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def named_texts(filing: Filing) -> Mapping[str, list[dict[str, str]]]:
    """Counterparties and products of a filing as the canonical form takes them. At most four queries."""
    return {
        "counterparties": [texts_of(row, PARTY_FIELDS) for row in parties_of(filing).values()],
        "products": [texts_of(row, PRODUCT_FIELDS) for row in products_of(filing).values()],
    }


def digest_of_named(filing: Filing) -> str:
    """A digest of what the filing names, by which a page read earlier is known to be stale."""
    return canonical.digest_of(canonical.named_bytes(**named_texts(filing)))
