"""The dictionary's tables out again: what is loaded from the export is what was exported.

Drafts stay at home: the tables hold what was filed. Rows stream from the database to the files.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from licensing.models import Declaration, Licence, LicenceLine
from portal.accounts.models import REAL, Organisation
from portal.accounts.roles import Kind as OrganisationKind
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.clock import BEIJING
from portal.core.quantities import CNY_PLACES, KG_PLACES, plain
from portal.core.tabular.escaping import mark_for_csv
from portal.exchange.domain.dictionary import KINDS, TABLES
from portal.exchange.services.references import WRITERS as REFERENCES
from portal.registry.models import ELEMENT_SYMBOLS, CalendarDay, Counterparty, Lot, Product
from portal.registry.queries.watch_list import as_table
from reporting.models import Extension, ExtensionState, Filing, Line
from reporting.states import OPEN_STATUSES

AT_ONCE: Final = 20_000
Row = Sequence[Any]
_CONTENTS: Final = (*(f"{symbol}_pct" for symbol in ELEMENT_SYMBOLS), "assay_rel_uncertainty_pct")


def export(*, by: Actor, folder: Path, tables: Sequence[str] = tuple(TABLES)) -> dict[str, int]:
    """Write the tables as CSV into ``folder`` (made where it is absent); rows by table. One trail event.

    KeyError for a table that the portal does not keep.
    """
    writers = {name: _WRITERS[name] for name in tables}
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        counts = {name: _write(folder / f"{name}.csv", name, rows()) for name, rows in writers.items()}
        record("tables.exported", by=by, subject=("table", None), data=counts)
    return counts


def _write(path: Path, name: str, rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(TABLES[name].names)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
            count += 1
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return mark_for_csv(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _stream(rows: QuerySet[Any, Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=AT_ONCE)


def _per_cent(value: Any) -> str | None:
    """A content without the zeros that the database adds."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _organisations() -> Iterator[Row]:
    rows = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE).exclude(uscc=None).order_by("uscc")
    names = ("uscc", "name_zh", "name_en", "activities", "province", "reports_from", "reports_until")
    for *texts, capacity, decimals in _stream(
        rows.values_list(*names, "capacity_g_year", "capacity_decimals")
    ):
        yield [*texts, None if capacity is None else plain(capacity, KG_PLACES, decimals)]


def _products() -> Iterator[Row]:
    names = ("code", "name", "stage", "family", "hs_code", "grade", "processing_level", "partners")
    return _with_contents(
        Product.objects.filter(REAL).order_by("organisation__uscc", "code"),
        ("organisation__uscc", *names),
        (),
    )


def _lots() -> Iterator[Row]:
    rows = Lot.objects.filter(REAL).order_by("organisation__uscc", "batch", "product__code")
    keys = ("organisation__uscc", "batch", "product__code")
    return _with_contents(rows, keys, ("assay_no", "laboratory", "assayed_on"))


def _with_contents(rows: QuerySet[Any, Any], before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    first, last = len(before), len(before) + len(_CONTENTS)
    for row in _stream(rows.values_list(*before, *_CONTENTS, *after)):
        yield [*row[:first], *map(_per_cent, row[first:last]), *row[last:]]


def _counterparties() -> Iterator[Row]:
    names = [name for name in TABLES["counterparties"].names if name != "organisation"]
    rows = Counterparty.objects.filter(REAL).order_by("organisation__uscc", "code")
    yield from _stream(rows.values_list("organisation__uscc", *names))


def _extensions() -> Iterator[Row]:
    rows = Extension.objects.filter(state=ExtensionState.GRANTED).order_by(
        "period", "organisation__uscc", "until", "pk"
    )
    yield from _stream(rows.values_list("organisation__uscc", "period", "until", "reason"))


def _calendar_days() -> Iterator[Row]:
    yield from _stream(CalendarDay.objects.order_by("date").values_list("date", "working"))


def _licences() -> Iterator[Row]:
    names = ["exporter__uscc" if name == "exporter" else name for name in TABLES["licences"].names]
    tolerance = names.index("tolerance_pct")
    for row in _stream(Licence.objects.order_by("licence_no").values_list(*names)):
        yield [*row[:tolerance], _per_cent(row[tolerance]), *row[tolerance + 1 :]]


def _licence_lines() -> Iterator[Row]:
    names = (
        "licence__licence_no",
        "line_no",
        "control_codes",
        "hs_code",
        "description",
        "authorised_g",
        "quantity_dp",
    )
    rows = LicenceLine.objects.order_by("licence__licence_no", "line_no")
    for *texts, grams, decimals in _stream(rows.values_list(*names)):
        yield [*texts, plain(grams, KG_PLACES, decimals)]


def _declarations() -> Iterator[Row]:
    first = (
        "declaration_no",
        "item_no",
        "declared_on",
        "exporter__uscc",
        "licence_no",
        "licence_line_no",
        "hs_code",
        "description",
    )
    figures = ("quantity_g", "quantity_dp", "value_fen", "value_dp")
    rows = Declaration.objects.order_by("declaration_no", "item_no")
    for row in _stream(rows.values_list(*first, *figures, "destination", "consignee_name")):
        grams, grams_dp, fen, fen_dp = row[len(first) : len(first) + 4]
        yield [
            *row[: len(first)],
            None if grams is None else plain(grams, KG_PLACES, grams_dp),
            None if fen is None else plain(fen, CNY_PLACES, fen_dp),
            *row[len(first) + 4 :],
        ]


def _filed() -> QuerySet[Filing]:
    return Filing.objects.real().exclude(status__in=sorted(OPEN_STATUSES))


def _filings() -> Iterator[Row]:
    rows = _filed().order_by("organisation__uscc", "period", "version")
    names = ("organisation__uscc", "period", "version", "submitted_at", "nil", "amendment_reason", "status")
    for owner, period, version, submitted, *rest in _stream(rows.values_list(*names)):
        yield [owner, period, version, submitted.astimezone(BEIJING).isoformat(), *rest]


def _lines() -> Iterator[Row]:
    """Lines by filing, the filings in the order of their table; a part of the nation at a time."""
    filings = list(
        _filed()
        .order_by("organisation__uscc", "period", "version")
        .values_list("pk", "organisation__uscc", "period", "version", "line_count")
    )
    products = dict(Product.objects.values_list("pk", "code"))
    parties = dict(Counterparty.objects.values_list("pk", "code"))
    heads = {pk: [owner, period, version] for pk, owner, period, version, _lines in filings}
    for ids in _parts(filings):
        rows = Line.objects.filter(filing_id__in=ids).order_by("line_no")
        by_filing: dict[int, list[Row]] = {pk: [] for pk in ids}
        for row in rows.values_list(*_LINE_FIELDS):
            by_filing[row[0]].append(_line(row, products, parties))
        for pk, lines in by_filing.items():
            for line in lines:
                yield [*heads[pk], *line]


def _parts(filings: Sequence[tuple[Any, ...]]) -> Iterator[list[int]]:
    """The filings in parts of a bounded number of lines."""
    part: list[int] = []
    held = 0
    for pk, _owner, _period, _version, lines in filings:
        if part and (held + lines > AT_ONCE or len(part) >= 500):
            yield part
            part, held = [], 0
        part.append(pk)
        held += lines
    if part:
        yield part


_LINE_FIELDS: Final = (
    "filing_id", "line_no", "kind", "product_id", "quantity_g", "quantity_dp", "value_fen", "value_dp", "counterparty_id",
    "destination", "licence_no", "declaration_no", "invoice_no", "licence_line_no", "date", "batch", "from_batches",
    "note", "unread",
)  # fmt: skip


def _line(row: Row, products: Mapping[int, str], parties: Mapping[int, str]) -> Row:
    _filing, number, kind, product, grams, grams_dp, fen, fen_dp, party, *rest, unread = row
    cells = [
        number,
        None if kind is None else KINDS[kind - 1],
        products.get(product),
        None if grams is None else plain(grams, KG_PLACES, grams_dp),
        None if fen is None else plain(fen, CNY_PLACES, fen_dp),
        parties.get(party),
        *rest,
    ]
    if unread:  # what could not be read goes out as it was typed
        names = TABLES["lines"].names[3:]
        cells = [unread.get(name, cell) for name, cell in zip(names, cells, strict=True)]
    return cells


_WRITERS: Final[Mapping[str, Callable[[], Iterator[Row]]]] = {
    "calendar_days": _calendar_days,
    "organisations": _organisations,
    "products": _products,
    "counterparties": _counterparties,
    "lots": _lots,
    "extensions": _extensions,
    "licences": _licences,
    "licence_lines": _licence_lines,
    "declarations": _declarations,
    "watchlist": as_table,
    **REFERENCES,
    "filings": _filings,
    "lines": _lines,
}
