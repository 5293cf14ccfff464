"""A month's figures written into the prefilled workbook, as a person with a spreadsheet program would write them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

KIND, PRODUCT, QUANTITY, VALUE, PARTY, INVOICE, DATE = (1, 2, 3, 4, 5, 10, 11)
COMES_IN = {"opening stock", "purchased", "produced"}


@dataclass(frozen=True)
class Move:
    """One movement of the month; ``row`` of the sheet is found by kind, product and counterparty."""

    kind: str
    product: str
    kg: str
    cny: str = ""
    party: str = ""
    day: int = 0
    invoice: str = ""


def fill(template: Path, moves: list[Move], month: str, save_as: Path) -> None:
    """Write the moves, take out the lines that were offered and not needed, close every product."""
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    done: list[Move] = []
    for row in range(sheet.max_row, 1, -1):
        kind, product, party = (_text(sheet, row, column) for column in (KIND, PRODUCT, PARTY))
        move = _wanted(moves, done, kind, product, party)
        if move:
            _write(sheet, row, move, month)
            done.append(move)
        elif kind not in {"opening stock", "closing stock"}:
            sheet.delete_rows(row)
    for move in [move for move in moves if move not in done]:
        sheet.append([None, move.kind, move.product, None, None, move.party])
        _write(sheet, sheet.max_row, move, month)
    _close(sheet)
    book.save(save_as)


def _close(sheet: Worksheet) -> None:
    """The closing stock of every product, from what came in and went out."""
    rows = [(row, _text(sheet, row, KIND), _text(sheet, row, PRODUCT)) for row in range(2, sheet.max_row + 1)]
    stock: dict[str, Decimal] = {}
    for row, kind, product in rows:
        if kind != "closing stock":
            quantity = Decimal(str(sheet.cell(row, QUANTITY + 1).value))
            stock[product] = stock.get(product, Decimal(0)) + (quantity if kind in COMES_IN else -quantity)
    for row, kind, product in rows:
        if kind == "closing stock":
            sheet.cell(row, QUANTITY + 1).value = float(stock[product])


def spoil(workbook: Path, move: Move, text: str) -> int:
    """Put a slip of the pen into a move's quantity; the row it stands in."""
    book = openpyxl.load_workbook(workbook)
    row = row_of(book.worksheets[0], move)
    book.worksheets[0].cell(row, QUANTITY + 1).value = text
    book.save(workbook)
    return row


def row_of(sheet: Worksheet, move: Move) -> int:
    rows = range(2, sheet.max_row + 1)
    return next(row for row in rows if (_text(sheet, row, KIND), _text(sheet, row, PRODUCT)) == (move.kind, move.product))


def remark_in(workbook: Path, row: int) -> str:
    """The comment in the quantity of a row."""
    comment = openpyxl.load_workbook(workbook).worksheets[0].cell(row, QUANTITY + 1).comment
    return comment.text if comment else ""


def _text(sheet: Worksheet, row: int, column: int) -> str:
    return str(sheet.cell(row, column + 1).value or "")


def _wanted(moves: list[Move], done: list[Move], kind: str, product: str, party: str) -> Move | None:
    left = (move for move in moves if move not in done)
    return next((move for move in left if (move.kind, move.product, move.party) == (kind, product, party)), None)


def _write(sheet: Worksheet, row: int, move: Move, month: str) -> None:
    sheet.cell(row, QUANTITY + 1).value = float(move.kg)
    if move.cny:
        sheet.cell(row, VALUE + 1).value = float(move.cny)
    if move.day:
        sheet.cell(row, DATE + 1).value = f"{month}-{move.day:02}"
        sheet.cell(row, INVOICE + 1).value = move.invoice
