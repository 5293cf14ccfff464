"""What the month before left behind: the opening stock of a new filing, and the lines that recur."""

from __future__ import annotations

from typing import Any

from portal.core.months import Month
from portal.core.quantities import KG_PLACES, plain
from reporting.domain.cells import Row
from reporting.domain.line_columns import PREFILLED_KINDS
from reporting.models import Filing, Kind, Line

_LOOK_BACK = 24  # months


def source_of(organisation_id: int, period: Month) -> tuple[Filing | None, bool]:
    """The last filing in force with lines before a month, and whether its closing stock is the opening stock now.

    It is when no month lies between, save such as were filed as nil: a nil return carries the stock over.
    """
    earlier = Filing.objects.in_force().filter(
        organisation_id=organisation_id, period__lt=period, period__gte=period - _LOOK_BACK
    )
    expected, unbroken = period - 1, True
    for filing in earlier.order_by("-period")[:_LOOK_BACK]:
        unbroken = unbroken and filing.period == expected
        if not filing.nil:
            return filing, unbroken
        expected = filing.period - 1
    return None, False


def opening_rows(organisation_id: int, period: Month) -> list[Row]:
    """The lines of a filing begun from the last one: opening stock filled in, recurring lines without their figures."""
    filing, unbroken = source_of(organisation_id, period)
    if filing is None:
        return []
    lines = Line.objects.filter(filing=filing, kind__isnull=False, product__isnull=False)
    recurring = [Kind.of_code(code) for code in PREFILLED_KINDS]
    fields = ("product__code", "kind", "counterparty__code", "destination")
    seen: set[tuple[Any, ...]] = set(lines.filter(kind__in=recurring).values_list(*fields).distinct())
    stock = lines.filter(kind=Kind.CLOSING).order_by("line_no")
    closing = {
        product: plain(grams, KG_PLACES, decimals)
        for product, grams, decimals in stock.values_list("product__code", "quantity_g", "quantity_dp")
        if grams is not None
    }
    products = {key[0] for key in seen} | set(closing)
    for product in products:
        seen |= {(product, Kind.OPENING.value, None, ""), (product, Kind.CLOSING.value, None, "")}
    ordered = sorted(seen, key=lambda key: (key[0], key[1], key[2] or "", key[3]))
    return [(number, _cells(key, closing if unbroken else {})) for number, key in enumerate(ordered, start=1)]


def _cells(key: tuple[Any, ...], closing: dict[str, str]) -> dict[str, str]:
    product, kind, party, destination = key
    cells = {
        "kind": Kind(kind).code,
        "product": product,
        "counterparty": party or "",
        "destination": destination,
    }
    if kind == Kind.OPENING:
        cells["quantity_kg"] = closing.get(product, "")
    return {name: text for name, text in cells.items() if text}
