"""Cases that hide goods: made of nothing, sold past the books, written off, kept from the buyer's mirror, or dripping away."""

from collections import Counter
from typing import Final

import numpy as np

from portal.simulation.domain.exact_text import kilograms
from portal.simulation.domain.noise import book_next
from portal.simulation.domain.planter import (
    AFTER,
    BEFORE,
    LEAST_MONTHS,
    Planter,
    Sow,
    Spot,
    Spots,
    Twin,
    choose,
    sale,
)

__all__ = ["BALANCES", "BALANCE_TWINS"]


def _output(planter: Planter, spot: Spot, sign: int, lost: bool = False) -> float:
    """Move the output and its sale together, up or down, a share of each month; kilograms in all."""
    books, total = planter.books, 0
    for month in spot.months:
        made, sold = (
            books.row(spot.owner, spot.product, month, "produced"),
            sale(books, spot.owner, spot.product, month),
        )
        unit = books.unit(made)
        grams = int(books.grams[made] * spot.share) // unit * unit
        if sign < 0:
            grams = min(grams, int(books.grams[sold]) * 4 // 5 // unit * unit)
        if grams <= 0:
            continue
        if lost:
            books.add(
                spot.owner, month, product=spot.product, kind="lost",
                quantity_kg=kilograms(grams, int(books.decimals[made])), note="工艺损耗",
            )  # fmt: skip
        else:
            books.change(made, sign * grams)
        books.change(sold, sign * grams)
        total += grams
    return total / 1000


def _undeclared_feed(planter: Planter, spots: Spots, typology: str) -> str:
    """More is made and sold than the feed in the books can give."""
    spot = choose(planter, spots)
    if spot is None:
        return ""
    kg = _output(planter, spot, 1)
    return planter.tell(typology, spot.owner, spot.span, kg)


def _off_book_sale(planter: Planter, spots: Spots, typology: str) -> str:
    """Part of the output is sold past the books: neither made nor sold on paper."""
    spot = choose(planter, spots)
    if spot is None:
        return ""
    kg = _output(planter, spot, -1)
    return planter.tell(typology, spot.owner, spot.span, kg)


def _loss_laundering(planter: Planter, spots: Spots, typology: str) -> str:
    """Part of the output is written off month after month and sold past the books."""
    spot = choose(planter, spots)
    if spot is None:
        return ""
    kg = _output(planter, spot, -1, lost=True)
    return planter.tell(typology, spot.owner, spot.span, kg)


def _hidden_from_mirror(planter: Planter, spots: Spots, typology: str) -> str:
    """A maker files less of what it sold to another enterprise than the other bought, and as much less made."""
    books = planter.books
    trading = [
        (owner, product, partner, sold)
        for owner, product, months in spots
        if owner not in planter.taken
        for partner, sales in books.partners(owner, product, "sold", "N").items()
        if len(sold := [month for month in sales if month in months]) >= LEAST_MONTHS
    ]
    if not trading:
        return ""
    pairs = Counter((owner, partner) for owner, _product, partner, _sold in trading)
    sole = [one for one in trading if pairs[one[0], one[2]] == 1]
    owner, product, partner, sold = planter.chance.pick(sole or trading)
    months = sold[planter.chance.whole(BEFORE, len(sold) - AFTER) :]
    total = 0
    for month in months:
        sold_row, made = (
            books.row(owner, product, month, "sold", partner),
            books.row(owner, product, month, "produced"),
        )
        unit = books.unit(sold_row)
        grams = min(int(books.grams[sold_row]) // 3, int(books.grams[made]) // 2) // unit * unit
        books.change(sold_row, -grams)
        books.change(made, -grams)
        total += grams
    return planter.tell(typology, owner, (months[0], months[-1]), total / 1000, counterparty=partner)


def _booked_late(planter: Planter, spots: Spots, name: str) -> None:
    """The twin of what a mirror shows: a buyer that books what it bought in one month with the next."""
    books = planter.books
    rows: dict[tuple[str, int], list[int]] = {}
    for row in np.flatnonzero(books.kind == "purchased").tolist():
        owner = books.cells["organisation"][row]
        if owner not in planter.taken and books.cells["counterparty"][row].startswith("N"):
            rows.setdefault((owner, int(books.period[row])), []).append(row)
    first, last = int(books.period.min()) + BEFORE, int(books.period.max()) - AFTER
    middle = sorted(key for key in rows if first < key[1] < last)
    owner, month = planter.chance.pick(middle)
    for row in rows[owner, month]:
        book_next(books, row)
    planter.honest(owner, (month, month + 1), name)


def _slow_month(planter: Planter, spots: Spots, name: str) -> None:
    """The twin of what moves the output: one month's work that shows in the next, up and then as much down."""
    spot = choose(planter, spots)
    if spot is None:
        return
    books = planter.books
    first, second = spot.months[0], spot.months[1]
    for month, sign in ((first, 1), (second, -1)):
        made, sold = (
            books.row(spot.owner, spot.product, month, "produced"),
            sale(books, spot.owner, spot.product, month),
        )
        unit = books.unit(made)
        grams = min(int(books.grams[made] * spot.share), int(books.grams[sold]) // 2) // unit * unit
        books.change(made, sign * grams)
        books.change(sold, sign * grams)
    planter.honest(spot.owner, (first, second), name)


def _written_off_once(planter: Planter, spots: Spots, name: str) -> None:
    """The twin of laundered losses: a loss of one month, as they happen."""
    spot = choose(planter, spots)
    if spot is None:
        return
    once = Spot(spot.owner, spot.product, spot.months[:1], spot.share)
    _output(planter, once, -1, lost=True)
    planter.honest(spot.owner, (spot.months[0], spot.months[0]), name)


def _drip(planter: Planter, spot: Spot, months: list[int], part: tuple[float, float]) -> float:
    """Write off part of each month's closing stock and carry what is gone on; kilograms in all."""
    books, gone = planter.books, 0
    for month in books.months(spot.owner, spot.product):
        if month < months[0]:
            continue
        opening, closing = (
            books.row(spot.owner, spot.product, month, kind) for kind in ("opening", "closing")
        )
        if opening < 0 or closing < 0:
            break
        unit = books.unit(closing)
        lost = (
            int(int(books.grams[closing]) * planter.chance.one(*part)) // unit * unit
            if month in months
            else 0
        )
        if gone + lost > int(books.grams[closing]) or gone > int(books.grams[opening]):
            break
        books.change(opening, -gone)
        if lost:
            books.add(
                spot.owner, month, product=spot.product, kind="lost",
                quantity_kg=kilograms(lost, int(books.decimals[closing])), note="月末盘点盘亏",
            )  # fmt: skip
        gone += lost
        books.change(closing, -gone)
    return gone / 1000


def _stock_drip(planter: Planter, spots: Spots, typology: str) -> str:
    """A little of the stock is written off at every count and sold past the books."""
    spot = choose(planter, spots)
    if spot is None:
        return ""
    kg = _drip(planter, spot, spot.months, _DRIP)
    return planter.tell(typology, spot.owner, spot.span, kg)


def _counted_once(planter: Planter, spots: Spots, name: str) -> None:
    """The twin of a drip: one count that found much less than was in the books."""
    spot = choose(planter, spots)
    if spot is None:
        return
    _drip(planter, spot, spot.months[:1], (0.03, 0.06))
    planter.honest(spot.owner, (spot.months[0], spot.months[0]), name)


_DRIP: Final = (0.004, 0.012)
BALANCES: Final[dict[str, Sow]] = {
    "undeclared_feed": _undeclared_feed, "off_book_sale": _off_book_sale, "loss_laundering": _loss_laundering,
    "hidden_from_mirror": _hidden_from_mirror, "stock_drip": _stock_drip,
}  # fmt: skip
BALANCE_TWINS: Final[dict[str, Twin]] = {
    "undeclared_feed": _slow_month, "off_book_sale": _slow_month, "loss_laundering": _written_off_once,
    "hidden_from_mirror": _booked_late, "stock_drip": _counted_once,
}  # fmt: skip
