"""What honest books show besides: work that ends a little later than it is booked, and goods booked late by the buyer."""

from typing import Final

from portal.core.months import Month
from portal.simulation.domain.books import Books
from portal.simulation.domain.chance import Chance

_SLIP: Final = 0.006
"""Deviation of what is booked as made too early or too late, as a part of the month's output."""
_LATE_DAY: Final = 24
_LATE: Final = 0.15
"""Part of the purchases of a month's last days that the buyer books in the next one."""


def slip_output(books: Books, chance: Chance) -> None:
    """Let part of each month's output be booked a month early or late; stock carries it, and nothing is gained."""
    for owner, product in books.products():
        months = books.months(owner, product)
        drawn = chance.bell(len(months))
        carried = 0
        for month, after, slip in zip(months, [*months[1:], 0], drawn.tolist(), strict=True):
            made = books.row(owner, product, month, "produced")
            if made < 0:
                carried = _settle(books, owner, product, month, carried)
                continue
            unit = books.unit(made)
            closing, opening = (
                books.row(owner, product, month, "closing"),
                books.row(owner, product, after, "opening"),
            )
            size = int(int(books.grams[made]) * _SLIP * slip) // unit * unit
            known = after == month + 1 and closing >= 0 and opening >= 0
            size = max(size, -int(books.grams[closing]) // 2 // unit * unit) if known else 0
            if int(books.grams[made]) + size - carried <= 0:
                size = carried
            if not known and size:
                size = 0
            books.change(made, size - carried)
            if known:
                books.change(closing, size)
                books.change(opening, size)
            carried = size


def _settle(books: Books, owner: str, product: str, month: int, carried: int) -> int:
    """A month without output takes what was carried into it out of its closing stock and the next opening alike."""
    if not carried:
        return 0
    closing, opening = (
        books.row(owner, product, month, "closing"),
        books.row(owner, product, month + 1, "opening"),
    )
    if closing >= 0:
        books.change(closing, carried)
    if opening >= 0:
        books.change(opening, carried)
        return carried
    return 0


def book_late(books: Books, chance: Chance) -> None:
    """Let buyers book some purchases of the last days in the next month, with the day on which they were booked."""
    dates = books.lines["date"].to_numpy(dtype=object)
    late = [
        row
        for row in range(len(dates))
        if books.kind[row] == "purchased" and dates[row] and int(dates[row][8:]) > _LATE_DAY
    ]
    for row, drawn in zip(late, chance.uniform(len(late)).tolist(), strict=True):
        if drawn < _LATE:
            _move(books, row)


def _move(books: Books, row: int) -> None:
    """Move a purchase into the next month, where the stock of both allows and both were filed once."""
    owner, product = str(books.lines["organisation"][row]), str(books.lines["product"][row])
    month, grams = int(books.period[row]), int(books.grams[row])
    closing, opening = (
        books.row(owner, product, month, "closing"),
        books.row(owner, product, month + 1, "opening"),
    )
    alone = closing >= 0 and opening >= 0 and len(books.twins(closing)) == len(books.twins(opening)) == 1
    if not alone or int(books.grams[closing]) < grams:
        return
    books.change(closing, -grams)
    books.change(opening, -grams)
    books.carry_over(row, opening, f"{Month(month + 1)}-02")
