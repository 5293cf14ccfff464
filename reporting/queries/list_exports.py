"""Exports filed in the last twelve months that a draft of the control list would judge otherwise, each on its own day.

Goods of a lot with its own assay are judged by that assay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Sum

from licensing.queries.control_list import in_force, list_of
from licensing.queries.list_drafts import version_of
from licensing.queries.list_impact import CONTENTS, GOODS, Otherwise, judged_otherwise
from portal.core import clock
from portal.registry.models import Lot, Product
from reporting.models import Filing, Kind, Line

LOOKED_BACK = timedelta(days=366)


@dataclass(frozen=True)
class ChangedExport:
    """What was exported of a product on a day, and how the verdict changes."""

    product: Product
    batch: str
    on: date
    lines: int
    grams: int
    change: Otherwise


@dataclass(frozen=True)
class ChangedExports:
    """The whole of it; ``first`` are those of the latest days."""

    lines_looked_at: int
    lines_changed: int
    first: list[ChangedExport]


def exports_otherwise(list_id: int, *, shown: int = 100) -> ChangedExports:
    """The exports that the version would judge otherwise than the list in force."""
    version = version_of(list_id)
    moved = list(
        Line.objects.filter(
            filing__in=Filing.objects.in_force(),
            kind=Kind.EXPORTED,
            product__isnull=False,
            date__gte=clock.today() - LOOKED_BACK,
        )
        .values_list("product_id", "date", "batch")
        .annotate(lines=Count("pk"), grams=Sum("quantity_g"))
        .order_by("-date", "product_id", "batch")
    )
    contents = {row[0]: row[1:] for row in Product.objects.values_list("pk", *GOODS)}
    assays = {row[:2]: row[2:] for row in Lot.objects.values_list("product_id", "batch", *CONTENTS)}
    rows = [_assayed(contents[row[0]], assays.get((row[0], row[2]))) for row in moved]
    changes = judged_otherwise(rows, [row[1] for row in moved], in_force(), list_of(version))
    wanted = {moved[one.index][0] for one in changes[:shown]}
    products = Product.objects.select_related("organisation").in_bulk(wanted)
    first = [
        ChangedExport(products[product_id], batch, on, lines, grams or 0, one)
        for one in changes[:shown]
        for product_id, on, batch, lines, grams in [moved[one.index]]
    ]
    return ChangedExports(sum(row[3] for row in moved), sum(moved[one.index][3] for one in changes), first)


def _assayed(good: tuple[Any, ...], assay: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """What classification reads of a product, with what was measured of the lot in its stead."""
    if assay is None:
        return good
    rest, own = good[: -len(CONTENTS)], good[-len(CONTENTS) :]
    return (*rest, *(one if found is None else found for one, found in zip(own, assay, strict=True)))
