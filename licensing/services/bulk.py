"""Licences, their lines and customs records of a bulk load: many rows with few statements, the ledger as exact as ever.

Part of the caller's transaction, who writes the trail. Nothing here asks who may: loading is the operator's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from licensing.domain.ledger import Account, Accounts, MovementKind, ceiling_of, draw_key
from licensing.domain.validity import LineOffer, fault_on, line_for
from licensing.models import (
    Declaration,
    DeclarationState,
    Door,
    Licence,
    LicenceLine,
    Movement,
    Reversal,
)
from licensing.queries.licences import ancestry, days_of, uses_of
from licensing.services import postings
from licensing.services.postings import Posting
from portal.core import clock
from portal.core.actors import Actor

AT_ONCE: Final = 2_000
LOADER: Final = Actor.system("load")
Row = Mapping[str, Any]


def add_licences(rows: Sequence[Row]) -> None:
    """New licences stand, without lines yet."""
    moment = clock.now()
    Licence.objects.bulk_create([Licence(created_at=moment, **row) for row in rows], batch_size=AT_ONCE)


def change_licences(rows: Sequence[Row]) -> None:
    """Licences say what the rows say; what may leave follows a changed tolerance."""
    known = {
        one.licence_no: one
        for one in Licence.objects.filter(licence_no__in=[row["licence_no"] for row in rows])
    }
    for row in rows:
        licence = known[row["licence_no"]]
        if row["suspended_from"] is not None:
            licence.keep_suspension(row["suspended_from"], row["suspended_until"])
        other_tolerance = licence.tolerance_pct != row["tolerance_pct"]
        for name, value in row.items():
            setattr(licence, name, value)
        licence.screened = ""  # whom it names may be another
        licence.save()
        for line in licence.lines.all() if other_tolerance else ():
            line.ceiling_g = ceiling_of(line.authorised_g, licence.tolerance_pct)
            line.save(update_fields=["ceiling_g"])


def add_lines(rows: Sequence[Row]) -> None:
    """New lines stand with what they authorise."""
    licences = {one.pk: one for one in Licence.objects.filter(pk__in={row["licence_id"] for row in rows})}
    made = [
        LicenceLine(
            moves=1 if row["authorised_g"] else 0,
            ceiling_g=ceiling_of(row["authorised_g"], licences[row["licence_id"]].tolerance_pct),
            **row,
        )
        for row in rows
    ]
    LicenceLine.objects.bulk_create(made, batch_size=AT_ONCE)
    granted = [
        _movement(
            line,
            Accounts(authorised=line.authorised_g),
            Posting(
                MovementKind.AUTHORISE, Account.GRANTED, Account.AVAILABLE, line.authorised_g,
                f"authorise:{line.licence_id}:{line.line_no}", "load", day=licences[line.licence_id].issued_on,
            ),
        )
        for line in made
        if line.authorised_g
    ]  # fmt: skip
    Movement.objects.bulk_create(granted, batch_size=AT_ONCE)


def change_lines(rows: Sequence[Row]) -> None:
    """Lines say what the rows say; another quantity is an adjustment of what is authorised."""
    for row in rows:
        line = LicenceLine.objects.get(licence_id=row["licence_id"], line_no=row["line_no"])
        more = row["authorised_g"] - line.authorised_g
        names = ["control_codes", "hs_code", "description", "quantity_dp"]
        for name in names:
            setattr(line, name, row[name])
        line.save(update_fields=names)
        if more:
            source, target = (
                (Account.GRANTED, Account.AVAILABLE) if more > 0 else (Account.AVAILABLE, Account.GRANTED)
            )
            key = f"load:{line.pk}:{line.moves + 1}"
            posting = Posting(MovementKind.ADJUST, source, target, abs(more), key, "load")
            postings.post(by=LOADER, line_id=line.pk, posting=posting)


@dataclass(slots=True)
class _Book:
    """A licence while many items are drawn from it."""

    licence: Licence
    lines: dict[int, LicenceLine]
    offers: list[LineOffer]
    used: set[str] | None  # declarations that drew it; None where any number may
    touched: set[int] = field(default_factory=set)


def add_declarations(rows: Sequence[Row]) -> None:
    """New records are kept, each drawn once in the order of days; what cannot be drawn is kept with its reason."""
    ordered = sorted(rows, key=lambda row: (row["declared_on"], row["declaration_no"], row["item_no"]))
    books = _books({row["licence_no"] for row in rows if row["licence_no"]})
    numbers = {row["declaration_no"] for row in rows}
    reversed_ = set(
        Reversal.objects.filter(declaration_no__in=numbers).values_list("declaration_no", "item_no")
        if len(numbers) <= AT_ONCE
        else Reversal.objects.values_list("declaration_no", "item_no")
    )
    moment, today = clock.now(), clock.today()
    made: list[Declaration] = []
    moved: list[Movement] = []
    for row in ordered:
        book = books.get(row["licence_no"])
        line, reason = _line_drawn(row, book, reversed_, today)
        if line is not None and book is not None:
            moved.append(_draw(line, row))
            book.touched.add(line.line_no)
            if book.used is not None:
                book.used.add(row["declaration_no"])
        made.append(
            Declaration(
                state=_state(line, reason),
                reason="" if reason == "declaration_reversed" else reason,
                licence=None if book is None else book.licence,
                line=line,
                door=Door.LOAD,
                recorded_at=moment,
                **row,
            )
        )
    touched = [book.lines[number] for book in books.values() for number in book.touched]
    LicenceLine.objects.bulk_update(touched, ["drawn_g", "moves"], batch_size=AT_ONCE)
    Movement.objects.bulk_create(moved, batch_size=AT_ONCE)
    Declaration.objects.bulk_create(made, batch_size=AT_ONCE)


def _books(numbers: Iterable[str]) -> dict[str, _Book]:
    """The licences of these numbers with their lines, locked."""
    wanted = sorted(numbers)
    books: dict[str, _Book] = {}
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        rows = Licence.objects.select_for_update(of=("self",)).filter(licence_no__in=part).order_by("pk")
        found = {licence.pk: _Book(licence, {}, [], _used(licence)) for licence in rows}
        for line in LicenceLine.objects.filter(licence_id__in=found).order_by("line_no"):
            book = found[line.licence_id]
            book.lines[line.line_no] = line
            book.offers.append(LineOffer(line.line_no, frozenset(line.codes), line.hs_code))
        books |= {book.licence.licence_no: book for book in found.values()}
    return books


def _used(licence: Licence) -> set[str] | None:
    if licence.max_uses is None and not licence.no_split:
        return None
    return uses_of(ancestry(licence))


def _line_drawn(
    row: Row, book: _Book | None, reversed_: set[tuple[str, int]], today: date
) -> tuple[LicenceLine | None, str]:
    """The line that a record draws, or why it draws none; neither where no licence was presented."""
    if (row["declaration_no"], row["item_no"]) in reversed_:
        return None, "declaration_reversed"
    if not row["licence_no"]:
        return None, ""
    if book is None:
        return None, "licence_unknown"
    if book.licence.exporter_id != row["exporter_id"]:
        return None, "exporter_other"
    number, fault = line_for(book.offers, named=row["licence_line_no"], codes=(), hs_code=row["hs_code"])
    line = None if number is None else book.lines[number]
    fault = (
        fault
        or _quantity_fault(row["quantity_g"])
        or fault_on(days_of(book.licence), row["declared_on"], today)
    )
    fault = fault or _use_fault(book, row["declaration_no"])
    if not fault and line is not None and line.balance_g < row["quantity_g"]:
        fault = "over_balance"
    return (None, fault) if fault else (line, "")


def _quantity_fault(grams: int | None) -> str:
    if grams is None:
        return "quantity_missing"
    return "" if grams > 0 else "quantity_not_positive"


def _use_fault(book: _Book, number: str) -> str:
    if book.used is None or number in book.used:
        return ""
    if book.licence.no_split and book.used:
        return "part_shipment"
    spent = book.licence.max_uses is not None and len(book.used) >= book.licence.max_uses
    return "uses_spent" if spent else ""


def _state(line: LicenceLine | None, reason: str) -> str:
    if line is not None:
        return DeclarationState.DRAWN.value
    if reason == "declaration_reversed":
        return DeclarationState.REVERSED.value
    return DeclarationState.REFUSED.value if reason else DeclarationState.FREE.value


def _draw(line: LicenceLine, row: Row) -> Movement:
    """The line goes down in memory; the movement that tells of it."""
    line.drawn_g += row["quantity_g"]
    line.moves += 1
    after = Accounts(line.authorised_g, line.reserved_g, line.drawn_g, line.carried_g)
    item = (row["declaration_no"], row["item_no"])
    posting = Posting(
        MovementKind.DRAW, Account.AVAILABLE, Account.DRAWN, row["quantity_g"], draw_key(item), "load", item,
        row["declared_on"],
    )  # fmt: skip
    return _movement(line, after, posting)


def _movement(line: LicenceLine, after: Accounts, posting: Posting) -> Movement:
    number, item = posting.declaration or ("", None)
    return Movement(
        line=line,
        sequence=line.moves,
        key=posting.key,
        kind=str(posting.kind),
        source=str(posting.source),
        target=str(posting.target),
        grams=posting.grams,
        authorised_after=after.authorised,
        reserved_after=after.reserved,
        drawn_after=after.drawn,
        carried_after=after.carried,
        cause=posting.cause,
        declaration_no=number,
        item_no=item,
        day=posting.day or clock.today(),
        at=clock.now(),
        by_name=LOADER.name,
    )
