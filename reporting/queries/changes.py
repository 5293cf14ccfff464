"""What a filing changes against another: totals of each product and kind, parties and countries not there before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.core.figures import format_quantity
from portal.core.quantities import CNY_PLACES, KG_PLACES, parse_quantity
from portal.core.words import named, one_line
from portal.registry.countries import country_name
from portal.registry.models import CounterpartyDetails
from reporting.domain.differences import CHANGED, Difference, differences
from reporting.domain.line_columns import NAMES
from reporting.models import Filing, Kind, Line
from reporting.queries.draft_lines import all_rows
from reporting.queries.filed import parties_of, products_of
from reporting.queries.line_words import column_label
from reporting.queries.previous import source_of

_UNITS = {"quantity_kg": KG_PLACES, "value_cny": CNY_PLACES}


@dataclass(frozen=True)
class Movement:
    """The total of one product and kind in two filings, in grams."""

    product: str
    name: str
    kind: str  # in the reader's language
    was_g: int
    now_g: int

    @property
    def change_g(self) -> int:
        return self.now_g - self.was_g

    @property
    def sign(self) -> str:
        return "+" if self.change_g > 0 else "−" if self.change_g < 0 else ""

    @property
    def by_g(self) -> int:
        return abs(self.change_g)


@dataclass(frozen=True)
class Changes:
    """A filing beside another one (``against``; None where there is nothing to compare with)."""

    against: Filing | None
    movements: list[Movement] = field(default_factory=list)
    new_parties: list[CounterpartyDetails] = field(default_factory=list)
    new_destinations: list[str] = field(default_factory=list)


def changes_since_last_month(filing: Filing) -> Changes:
    """The filing beside the last one in force with lines before it."""
    against, _unbroken = source_of(filing.organisation_id, filing.period)
    return changes_between(against, filing)


def changes_between(against: Filing | None, filing: Filing) -> Changes:
    """Totals, counterparties and destinations of a filing beside another of the same organisation.

    Ten queries at most, however many lines.
    """
    if against is None:
        return Changes(None)
    parties, known = parties_of(filing), _parties(against)
    destinations = _destinations(filing) - _destinations(against)
    return Changes(
        against=against,
        movements=movements(against, filing),
        new_parties=[party for pk, party in parties.items() if pk not in known],
        new_destinations=sorted(country_name(code) for code in destinations),
    )


def _parties(filing: Filing) -> set[int]:
    rows = Line.objects.filter(filing=filing, counterparty__isnull=False)
    return set(rows.values_list("counterparty_id", flat=True).distinct())


def _destinations(filing: Filing) -> set[str]:
    return set(
        Line.objects.filter(filing=filing)
        .exclude(destination="")
        .values_list("destination", flat=True)
        .distinct()
    )


def movements(was: Filing, now: Filing) -> list[Movement]:
    """Totals of each product and kind in both filings, in the order of code and kind; names as last filed.

    Five queries at most.
    """
    totals: dict[tuple[int, int], dict[int, int]] = {}
    rows = Line.objects.filter(filing__in=[was, now], product__isnull=False, kind__isnull=False)
    grouped = rows.values_list("filing_id", "product_id", "kind").annotate(grams=Sum("quantity_g"))
    for filing_id, product_id, kind, grams in grouped.order_by():
        totals.setdefault((product_id, kind), {})[filing_id] = grams or 0
    products = products_of(was) | products_of(now)
    named = sorted((products[pk].code, kind, products[pk].name, both) for (pk, kind), both in totals.items())
    return [
        Movement(code, name, str(Kind(kind).label), both.get(was.pk, 0), both.get(now.pk, 0))
        for code, kind, name, both in named
    ]


def differing_rows(was: Filing, now: Filing) -> list[dict[str, Any]]:
    """The differences of two versions as the table of differences shows them. Two queries."""
    found = differences(all_rows(was), all_rows(now), NAMES)
    return [_shown(difference) for difference in found]


def _shown(difference: Difference) -> dict[str, Any]:
    row: dict[str, Any] = {"line_no": difference.line_no, "change": difference.change}
    if difference.change != CHANGED:
        words = _summary(difference.line or {})
        return row | {
            "column_label": _("whole line"),
            "was" if difference.change == "removed" else "is": words,
        }
    number = difference.column in _UNITS
    return row | {
        "column_label": column_label(difference.column),
        "was": _cell(difference.column, difference.was),
        "is": _cell(difference.column, difference.now),
        "number": number,
    }


def _cell(column: str, text: str) -> str:
    if column == "kind" and text:
        return str(Kind.of_code(text).label) if text.upper() in Kind.names else text
    if column == "destination" and text:
        return country_name(text)
    places = _UNITS.get(column)
    if places is None or not text:
        return text
    try:
        exact = parse_quantity(text, places)
    except ValueError:
        return text
    return format_quantity(exact.units, places, exact.decimals)


def _summary(cells: Any) -> str:
    kind = _cell("kind", cells.get("kind", ""))
    rest = named(
        (column_label(name), _cell(name, cells[name])) for name in NAMES if cells.get(name) and name != "kind"
    )
    return one_line(part for part in (kind, rest) if part)
