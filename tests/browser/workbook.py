"""A month's figures written into the prefilled workbook, as a person with a spreadsheet program would write them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

KIND, PRODUCT, QUANTITY, VALUE, PARTY, INVOICE, DATE = (2, 3, 4, 5, 6, 11, 12)
OPENING, CLOSING = "opening stock", "closing stock"
COMES_IN = {OPENING, "purchased", "produced"}
BLOCK, MAGNET, SCRAP, METAL = "毛坯", "磁体", "油泥废料", "金属镨钕"


class NoSuchChain(LookupError):
    """The template offers no block, magnet and scrap of one grade."""


@dataclass(frozen=True)
class Move:
    """One movement of the month."""

    kind: str
    product: str
    kg: str
    cny: str = ""
    party: str = ""
    day: int = 0
    invoice: str = ""


@dataclass(frozen=True)
class Offer:
    """A line that the template offers to be filled in."""

    row: int
    kind: str
    product: str
    party: str


def offers(sheet: Worksheet) -> list[Offer]:
    return [
        Offer(row, *(str(sheet.cell(row, column).value or "") for column in (KIND, PRODUCT, PARTY)))
        for row in range(2, sheet.max_row + 1)
    ]


def plan(template: Path) -> list[Move]:
    """A small month of a magnet maker: some blocks cut into magnets and scrap, a little sold, metal bought.

    The magnets are delivered twice on one invoice: the checks ask why.
    """
    book = openpyxl.load_workbook(template)
    lines = offers(book.worksheets[0])
    names = {code: name for code, name in book.worksheets[1].iter_rows(min_row=2, values_only=True) if code}
    for name in names.values():
        if BLOCK in name:
            chain = _chain(lines, names, name.split()[-1])
            if all(chain):
                return _moves(*[offer for offer in chain if offer])
    raise NoSuchChain(template)


def _chain(lines: list[Offer], names: dict[str, str], grade: str) -> list[Offer | None]:
    """The lines offered for the goods of one grade: consumed, produced twice, sold twice, purchased."""

    def codes(what: str) -> set[str]:
        return {
            code for code, name in names.items() if what in name and (what == METAL or grade in name.split())
        }

    def first(kind: str, products: set[str]) -> Offer | None:
        return next((line for line in lines if line.kind == kind and line.product in products), None)

    made = [first("produced", codes(what)) for what in (MAGNET, SCRAP)]
    sold = [first("sold", {offer.product}) if offer else None for offer in made]
    return [first("consumed", codes(BLOCK)), *made, *sold, first("purchased", codes(METAL))]


def _moves(
    block: Offer, magnet: Offer, scrap: Offer, sale: Offer, scrap_sale: Offer, metal: Offer
) -> list[Move]:
    return [
        Move("purchased", metal.product, "565.9", "432500", metal.party, 12, "26432000183400000991"),
        Move("consumed", block.product, "500"),
        Move("produced", magnet.product, "349.6"),
        Move("produced", scrap.product, "150.4"),
        Move("sold", magnet.product, "41.843", "13017.85", sale.party, 20, "26212000658540001992"),
        Move("sold", magnet.product, "20.5", "6390.00", sale.party, 27, "26212000658540001992"),
        Move("sold", scrap.product, "316.9", "44398.85", scrap_sale.party, 23, "26212000658540001993"),
    ]


def fill(template: Path, moves: list[Move], month: str, save_as: Path) -> None:
    """Write the moves, take out the lines that were offered and not needed, close every product."""
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    left = list(moves)
    for offer in reversed(offers(sheet)):
        wanted = [
            move
            for move in left
            if (move.kind, move.product, move.party) == (offer.kind, offer.product, offer.party)
        ]
        if wanted:
            _write(sheet, offer.row, wanted[0], month)
            left.remove(wanted[0])
        elif offer.kind not in {OPENING, CLOSING}:
            sheet.delete_rows(offer.row)
    for move in left:
        sheet.append([None, move.kind, move.product, None, None, move.party])
        _write(sheet, sheet.max_row, move, month)
    _close(sheet)
    book.save(save_as)


def _write(sheet: Worksheet, row: int, move: Move, month: str) -> None:
    sheet.cell(row, QUANTITY).value = float(move.kg)
    if move.cny:
        sheet.cell(row, VALUE).value = float(move.cny)
        sheet.cell(row, DATE).value = f"{month}-{move.day:02}"
        sheet.cell(row, INVOICE).value = move.invoice


def _close(sheet: Worksheet) -> None:
    """The closing stock of every product, from what came in and went out."""
    stock: dict[str, Decimal] = {}
    for line in offers(sheet):
        if line.kind != CLOSING:
            quantity = Decimal(str(sheet.cell(line.row, QUANTITY).value))
            stock[line.product] = stock.get(line.product, Decimal(0)) + (
                quantity if line.kind in COMES_IN else -quantity
            )
    for line in offers(sheet):
        if line.kind == CLOSING:
            sheet.cell(line.row, QUANTITY).value = float(stock[line.product])


def spoil(workbook: Path, move: Move, text: str) -> int:
    """A slip of the pen in the quantity of a move; the row it stands in."""
    book = openpyxl.load_workbook(workbook)
    sheet = book.worksheets[0]
    row = next(line.row for line in offers(sheet) if (line.kind, line.product) == (move.kind, move.product))
    sheet.cell(row, QUANTITY).value = text
    book.save(workbook)
    return row


def remark_in(workbook: Path, row: int) -> str:
    """The comment in the quantity of a row."""
    comment = openpyxl.load_workbook(workbook).worksheets[0].cell(row, QUANTITY).comment
    return comment.text if comment else ""
