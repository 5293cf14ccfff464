"""Exports filed in the last twelve months that a draft of the control list would judge otherwise, each on its own day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum

from licensing.queries.control_list import in_force, list_of
from licensing.queries.list_drafts import version_of
from licensing.queries.list_impact import GOODS, Otherwise, judged_otherwise
from portal.core import clock
from portal.registry.models import Product
from reporting.models import Filing, Kind, Line

LOOKED_BACK = timedelta(days=366)


@dataclass(frozen=True)
class ChangedExport:
    """What was exported of a product on a day, and how the verdict changes."""

    product: Product
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
        .values_list("product_id", "date")
        .annotate(lines=Count("pk"), grams=Sum("quantity_g"))
        .order_by("-date", "product_id")
    )
    contents = {row[0]: row[1:] for row in Product.objects.values_list("pk", *GOODS)}
    rows = [contents[product_id] for product_id, _on, _lines, _grams in moved]
    changes = judged_otherwise(rows, [on for _id, on, _lines, _grams in moved], in_force(), list_of(version))
    wanted = {moved[one.index][0] for one in changes[:shown]}
    products = Product.objects.select_related("organisation").in_bulk(wanted)
    first = [
        ChangedExport(products[product_id], on, lines, grams or 0, one)
        for one in changes[:shown]
        for product_id, on, lines, grams in [moved[one.index]]
    ]
    return ChangedExports(sum(row[2] for row in moved), sum(moved[one.index][2] for one in changes), first)
