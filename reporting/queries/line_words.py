"""How the columns of a line, its kinds and its choices are called on pages and in files, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.figures import format_quantity
from portal.core.quantities import CNY_PLACES, KG_PLACES, QuantityError, parse_quantity
from portal.core.tabular.messages import MESSAGES
from portal.registry.countries import countries
from portal.registry.models import Counterparty, Product
from reporting.domain.cells import Row
from reporting.domain.line_columns import COLUMNS
from reporting.models import Kind

LABELS: dict[str, Promise] = {
    "line_no": _("Line"),
    "kind": _("Kind"),
    "product": _("Product"),
    "quantity_kg": _("Quantity (kg)"),
    "value_cny": _("Value (CNY, ex VAT)"),
    "counterparty": _("Counterparty"),
    "destination": _("Destination"),
    "licence_no": _("Licence number"),
    "licence_line_no": _("Licence line"),
    "declaration_no": _("Customs declaration"),
    "invoice_no": _("Invoice number"),
    "date": _("Date"),
    "batch": _("Lot"),
    "from_batches": _("Made from lots"),
    "note": _("Note"),
    "organisation": _("Organisation"),
    "period": _("Reporting month"),
    "version": _("Version"),
}
HINTS: dict[str, Promise] = {
    "kind": _("What happened: choose from the list."),
    "product": _("The code of a product in your list of products."),
    "quantity_kg": _("Kilograms with up to 3 decimals, for example 12.400."),
    "value_cny": _(
        "Yuan without VAT, up to 2 decimals. For purchases, imports, sales and exports; for tolling the fee."
    ),
    "counterparty": _(
        "The code of a client or supplier in your list. For every line that names another party."
    ),
    "destination": _("For exports: the country of final destination, two letters such as DE."),
    "licence_no": _("For exports of controlled goods."),
    "licence_line_no": _("The line of the licence that this export draws, if you know it."),
    "declaration_no": _("For exports and imports. A part shipment is a line of its own."),
    "invoice_no": _("For sales, purchases and exports. If there is none yet, say why in the note."),
    "date": _("The day of the transaction, for example 2026-05-03. For every line that names another party."),
    "batch": _("Your own lot number, without ; : /"),
    "from_batches": _("For production: the lots it was made from, separated by ; such as L-101:40.5;L-102"),
    "note": _("What the reader should know."),
}
REASONS: dict[str, Promise] = {
    "unknown_kind": _(
        "“%(typed)s” is no kind of movement. Choose one from the list, such as sold or opening stock."
    ),
    "unknown_product": _(
        "“%(typed)s” is not in your list of products. Add the product, or correct the code."
    ),
    "unknown_counterparty": _(
        "“%(typed)s” is not in your list of counterparties. Add the client or supplier, or correct the code."
    ),
    "not_a_country": _("“%(typed)s” is no country code. Write two letters, such as DE for Germany."),
    "not_a_number": _("“%(typed)s” is no number. Write digits with a point for decimals, such as 1234.5."),
    "ambiguous_number": _(
        "“%(typed)s” can be read as two numbers. Write it without a separator for thousands, such as 1234.5."
    ),
    "too_many_decimals": _("“%(typed)s” has more decimals than can be kept: 3 for kilograms, 2 for yuan."),
    "too_large": _("“%(typed)s” is too large to be right. Check the number and its unit."),
    "not_a_whole_number": _("“%(typed)s” is no whole number. Write the line of the licence, such as 1."),
    "ambiguous_date": _("“%(typed)s” can be read as two days. Write the year first: 2026-05-03."),
    "not_a_date": _("“%(typed)s” is no day of the calendar. Write the year first: 2026-05-03."),
    "too_long": _("“%(typed)s” is longer than this column can keep. Shorten it."),
    "other_organisation": _("“%(typed)s” is another organisation's code. This filing is for %(expected)s."),
    "other_period": _("“%(typed)s” is not the month of this filing, which is %(expected)s."),
    "other_version": _("“%(typed)s” is not the version of this filing, which is %(expected)s."),
    "line_no_twice": _(
        "Line number “%(typed)s” stands in the file before. This row was given number %(given)s."
    ),
    "not_a_line_no": _("“%(typed)s” is no line number. This row was given number %(given)s."),
}
"""Why a cell could not be read, and what to write instead; ``values`` hold what was typed."""

_TYPES = {
    "kind": "choice",
    "product": "choice",
    "counterparty": "choice",
    "country": "choice",
    "kilograms": "number",
}
_TYPES |= {"yuan": "number", "whole": "number", "day": "date"}
ALWAYS_REQUIRED = frozenset({"kind", "product", "quantity_kg"})


def column_label(name: str) -> str:
    """A dictionary column in the reader's language."""
    return str(LABELS.get(name, name))


def kind_words() -> dict[str, str]:
    """The kinds in the reader's language, by the dictionary's word."""
    return {kind.code: str(kind.label) for kind in Kind}


def reason_words(code: str, values: dict[str, Any]) -> str:
    """Why a cell could not be read, in the reader's language."""
    words = REASONS.get(code) or gettext(MESSAGES[code])
    return str(words) % {"typed": "", "expected": "", "given": "", **values}


def choices_of(organisation_id: int) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen in each column of choices: (text to store, words to show). Retired records are left out."""
    products = Product.objects.filter(organisation_id=organisation_id, retired_at=None).values_list(
        "code", "name"
    )
    parties = Counterparty.objects.filter(organisation_id=organisation_id, retired_at=None).values_list(
        "code", "name"
    )
    return {
        "kind": list(kind_words().items()),
        "product": list(products),
        "counterparty": list(parties),
        "destination": list(countries().items()),
    }


def grid_columns(organisation_id: int) -> list[dict[str, Any]]:
    """The columns as the grid shows them, with their choices."""
    choices = choices_of(organisation_id)
    shown = []
    for column in COLUMNS:
        entry: dict[str, Any] = {
            "name": column.name,
            "label": column_label(column.name),
            "type": _TYPES.get(column.holds, "text"),
            "required": column.name in ALWAYS_REQUIRED,
        }
        if column.name in choices:
            entry["choices"] = [
                {"value": value, "label": _shown(column.name, value, label)}
                for value, label in choices[column.name]
            ]
        shown.append(entry)
    return shown


def _shown(column: str, value: str, label: str) -> str:
    if column == "kind" or not label:
        return label or value
    return gettext("%(code)s %(name)s") % {"code": value, "name": label}


def shown_cells(row: Row) -> dict[str, Any]:
    """A line as a page shows it: its number and its cells in the order of the columns, kinds in words."""
    number, cells = row
    shown = {column.name: cells.get(column.name, "") for column in COLUMNS}
    shown["kind"] = kind_words().get(shown["kind"], shown["kind"])
    numeric = ("quantity_kg", "value_cny")
    return {
        "line_no": number,
        "cells": [
            (name, column_label(name), _figure(name, text) if name in numeric else text, name in numeric)
            for name, text in shown.items()
        ],
    }


def _figure(name: str, text: str) -> str:
    """A quantity grouped for reading; what could not be read as it was typed."""
    places = KG_PLACES if name == "quantity_kg" else CNY_PLACES
    try:
        exact = parse_quantity(text, places)
    except QuantityError:
        return text
    return format_quantity(exact.units, places, exact.decimals)
