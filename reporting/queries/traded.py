"""What was traded with each record of a register, as filed: evidence of who is who."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Max, Min

from portal.registry.domain.matching.parties import Goods, Traded
from reporting.models import Filing, Kind, Line

__all__ = ["by_record"]

_GIVEN: Final = (Kind.SOLD, Kind.EXPORTED)
_TAKEN: Final = (Kind.PURCHASED, Kind.IMPORTED)
AT_ONCE: Final = 2_000


def by_record(records: Iterable[int] | None = None) -> dict[int, Traded]:
    """By counterparty number what was traded with it (all records, or those given). One query.

    A class of goods is a direction, a stage, a family and a grade, and also the same without the grade, which enterprises
    name in their own ways. Returns and work for others are no trade.
    """
    rows = Line.objects.filter(
        filing__in=Filing.objects.in_force(), counterparty__isnull=False, kind__in=(*_GIVEN, *_TAKEN)
    ).order_by()
    if records is not None:
        rows = rows.filter(counterparty__in=list(records))
    summed = rows.values_list(
        "counterparty_id", "kind", "product__stage", "product__family", "product__grade"
    ).annotate(first=Min("filing__period"), last=Max("filing__period"))
    goods: dict[int, set[Goods]] = {}
    months: dict[int, list[int]] = {}
    for record, kind, stage, family, grade, first, last in summed.iterator(AT_ONCE):
        way = "to" if kind in _GIVEN else "from"
        goods.setdefault(record, set()).update(((way, stage, family, grade), (way, stage, family, "")))
        months.setdefault(record, []).extend((first.index, last.index))
    return {
        record: Traded(frozenset(found), min(months[record]), max(months[record]))
        for record, found in goods.items()
    }
