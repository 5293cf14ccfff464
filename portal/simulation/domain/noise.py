"""What honest books show besides: work that ends a little later than it is booked, and goods booked late by the buyer."""

from dataclasses import dataclass
from typing import Final

from portal.core.months import Month
from portal.simulation.domain.books import Books
from portal.simulation.domain.chance import Chance

_LATE_DAY: Final = 24


@dataclass(frozen=True)
class Noise:
    """`slip`: deviation of what is booked as made too early or too late, as a part of the month's output. `late`: part of
    the purchases of a month's last days that the buyer books in the next one."""

    slip: float
    late: float


ORDINARY: Final = Noise(slip=0.006, late=0.15)
ROUGH: Final = Noise(slip=0.011, late=0.35)
"""A nation of sloppier books, kept out of all tuning."""


def slip_output(books: Books, chance: Chance, noise: Noise) -> None:
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
            size = int(int(books.grams[made]) * noise.slip * slip) // unit * unit
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


def book_late(books: Books, chance: Chance, noise: Noise) -> None:
    """Let buyers book some purchases of the last days in the next month, with the day on which they were booked."""
    dates = books.cells["date"]
    late = [
        row
        for row in range(len(dates))
        if books.kind[row] == "purchased" and dates[row] and int(dates[row][8:]) > _LATE_DAY
    ]
    for row, drawn in zip(late, chance.uniform(len(late)).tolist(), strict=True):
        if drawn < noise.late:
            book_next(books, row)


def book_next(books: Books, row: int) -> None:
    """Book a purchase in the next month, where the stock of both allows and both were filed once."""
    owner, product = books.cells["organisation"][row], books.cells["product"][row]
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
