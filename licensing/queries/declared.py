"""Exports as customs recorded them, in columns: what filings are held against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Max

from licensing.models import Declaration, DeclarationState

__all__ = ["declared", "last_declared"]

AT_ONCE: Final = 5_000
_FIELDS: Final = (
    "declaration_no",
    "item_no",
    "exporter_id",
    "declared_on",
    "quantity_g",
    "value_fen",
    "destination",
    "state",
)


def declared(exporter_ids: Sequence[int], *, until: date) -> dict[str, list[Any]]:
    """The items that these exporters declared up to a day, by column; `stands` unless customs took it back."""
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(exporter_ids), AT_ONCE):
        some = Declaration.objects.filter(exporter_id__in=exporter_ids[start : start + AT_ONCE])
        known = some.filter(declared_on__lte=until).order_by("declaration_no", "item_no")
        rows += known.values_list(*_FIELDS)
    values: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(_FIELDS)
    found = {name: list(column) for name, column in zip(_FIELDS, values, strict=True)}
    return found | {"stands": [state != DeclarationState.REVERSED for state in found.pop("state")]}


def last_declared(*, until: date) -> date | None:
    """The last day up to the one given of which there is a record of anybody; None without any."""
    found: date | None = Declaration.objects.filter(declared_on__lte=until).aggregate(
        last=Max("declared_on")
    )["last"]
    return found
