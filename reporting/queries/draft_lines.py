"""The lines of a filing as the texts that its cells show: what the grid, the form table and the files carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from portal.core.quantities import CNY_PLACES, KG_PLACES, plain
from reporting.domain.cells import Row
from reporting.models import Filing, Kind, Line

PAGE = 50
_MANY = 500  # above this the whole filing is read: a statement takes a limited number of values
_FIELDS = (
    "line_no",
    "kind",
    "product__code",
    "quantity_g",
    "quantity_dp",
    "value_fen",
    "value_dp",
    "counterparty__code",
    "destination",
    "licence_no",
    "licence_line_no",
    "declaration_no",
    "invoice_no",
    "date",
    "batch",
    "from_batches",
    "note",
    "unread",
)
_KIND_CODES = {kind.value: kind.code for kind in Kind}


def rows_of(lines: QuerySet[Line]) -> list[Row]:
    """Lines in the order of their numbers, each with its filled cells. One query."""
    return [_row(values) for values in lines.order_by("line_no").values_list(*_FIELDS)]


def _row(values: tuple[Any, ...]) -> Row:
    number, kind, product, grams, grams_dp, fen, fen_dp, party, destination, licence, licence_line = values[
        :11
    ]
    declaration, invoice, day, batch, from_batches, note, unread = values[11:]
    cells = {
        "kind": _KIND_CODES.get(kind, ""),
        "product": product,
        "quantity_kg": "" if grams is None else plain(grams, KG_PLACES, grams_dp),
        "value_cny": "" if fen is None else plain(fen, CNY_PLACES, fen_dp),
        "counterparty": party,
        "destination": destination,
        "licence_no": licence,
        "licence_line_no": "" if licence_line is None else str(licence_line),
        "declaration_no": declaration,
        "invoice_no": invoice,
        "date": "" if day is None else day.isoformat(),
        "batch": batch,
        "from_batches": from_batches,
        "note": note,
        **(unread or {}),
    }
    return number, {name: text for name, text in cells.items() if text}


def all_rows(filing: Filing) -> list[Row]:
    """Every line of a filing."""
    return rows_of(Line.objects.filter(filing=filing))


def some_rows(filing: Filing, line_nos: Iterable[int]) -> dict[int, dict[str, str]]:
    """The lines of these numbers that exist."""
    wanted = set(line_nos)
    lines = Line.objects.filter(filing=filing)
    if len(wanted) <= _MANY:
        lines = lines.filter(line_no__in=wanted)
    return {number: dict(cells) for number, cells in rows_of(lines) if number in wanted}


def unread_cells(filing: Filing) -> dict[int, dict[str, str]]:
    """The cells that could not be read, by line."""
    rows = Line.objects.filter(filing=filing, unread__isnull=False).order_by("line_no")
    return {number: unread for number, unread in rows.values_list("line_no", "unread") if unread}


def line_numbers(filing: Filing) -> list[int]:
    """The numbers of all lines, in order."""
    return list(Line.objects.filter(filing=filing).order_by("line_no").values_list("line_no", flat=True))


def page_rows(filing: Filing, page: int) -> tuple[list[Row], int, int]:
    """Fifty lines, the page they are on and how many pages there are; a page too far is the last one."""
    pages = max(1, -(-filing.line_count // PAGE))
    page = min(max(page, 1), pages)
    lines = Line.objects.filter(filing=filing).order_by("line_no")[(page - 1) * PAGE : page * PAGE]
    return rows_of_slice(lines), page, pages


def rows_of_slice(lines: QuerySet[Line]) -> list[Row]:
    """As ``rows_of``, of lines that are already ordered and cut."""
    return [_row(values) for values in lines.values_list(*_FIELDS)]


def page_of_line(filing: Filing, line_no: int) -> int:
    """The page of the form table that shows a line."""
    return Line.objects.filter(filing=filing, line_no__lt=line_no).count() // PAGE + 1


def blank_lines(filing: Filing) -> Sequence[int]:
    """Numbers of lines that were offered and not filled in: no quantity, no value, nothing that could not be read."""
    rows = Line.objects.filter(filing=filing, quantity_g=None, value_fen=None, unread__isnull=True).exclude(
        kind=Kind.CLOSING
    )
    return list(rows.order_by("line_no").values_list("line_no", flat=True))
