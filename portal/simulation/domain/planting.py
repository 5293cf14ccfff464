"""Cases planted in an honest nation, each with an honest twin of the same surface, and what really happened.

Whoever cheats changes its own books so that every month still balances: nothing here is found by arithmetic of one
filing. All choices come from the seed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.books import Books
from portal.simulation.domain.chance import Chance
from portal.simulation.domain.noise import book_late, slip_output
from portal.simulation.domain.truth import TRUTH_COLUMNS

_LEAST_MONTHS: Final = 14
_BEFORE, _AFTER = 7, 5  # months before a case begins, and that it lasts at least
_STRENGTH: Final = (0.015, 0.06)
"""What part of a month's output a case hides."""
_OUTSIDERS: Final = ("K", "W")  # codes of clients at home and abroad that file nothing here
_MAKERS: Final = frozenset({"metal", "alloy", "magnet"})


@dataclass
class Planter:
    """The books, the chance, who has a case already, and the truth so far."""

    books: Books
    chance: Chance
    taken: set[str] = field(default_factory=set)
    truth: list[dict[str, str]] = field(default_factory=list)

    def tell(self, typology: str, owner: str, span: tuple[int, int], kg: float, **more: str) -> str:
        """Write a case down; its name."""
        name = f"{typology}-{len(self.truth) + 1}"
        first, last = (str(Month(month)) for month in span)
        row = {"case": name, "typology": typology, "organisation": owner, "first_period": first, "last_period": last,
               "period": last, "kg": f"{kg:.3f}"}  # fmt: skip
        self.truth.append({**dict.fromkeys(TRUTH_COLUMNS, ""), **row, **more})
        self.taken.add(owner)
        return name


@dataclass(frozen=True)
class _Spot:
    """A product that its owner makes and sells to outsiders month after month, and the months of a case."""

    owner: str
    product: str
    months: list[int]
    share: float


def plant(tables: dict[str, pd.DataFrame], seed: int, each: int = 1) -> dict[str, pd.DataFrame]:
    """The nation with honest noise and so many cases of each typology with their twins; table `truth` says which.

    With none of them it is a clean nation with the same noise. The tables given stay as they are.
    """
    planter = Planter(Books(tables), Chance(seed, 21))
    slip_output(planter.books, Chance(seed, 22))
    book_late(planter.books, Chance(seed, 23))
    spots = _spots(planter.books, tables["products"])
    for typology, sow in TYPOLOGIES.items():
        for _time in range(each):
            name = sow(planter, spots, typology)
            if name and typology in TWINS:
                TWINS[typology](planter, spots, name)
    for typology, spoil in PLAIN.items():
        for _time in range(each):
            spoil(planter, typology)
    truth = pd.DataFrame(planter.truth, columns=list(TRUTH_COLUMNS), dtype=object)
    return planter.books.close() | {"truth": truth}


def _spots(books: Books, products: pd.DataFrame) -> list[tuple[str, str, list[int]]]:
    """Products with an output and a sale to outsiders in most months, and those months."""
    stages = dict(
        zip(zip(products["organisation"], products["code"], strict=True), products["stage"], strict=True)
    )
    months: dict[tuple[str, str], list[int]] = {}
    for owner, product in books.products():
        if stages[owner, product] in _MAKERS:
            found = [
                month
                for month in books.months(owner, product)
                if books.row(owner, product, month, "produced") >= 0
                and _sale(books, owner, product, month) >= 0
            ]
            if len(found) >= _LEAST_MONTHS:
                months[owner, product] = found
    return [(owner, product, found) for (owner, product), found in sorted(months.items())]


def _sale(books: Books, owner: str, product: str, month: int) -> int:
    """The largest sale to an outsider, at home or abroad."""
    found = books.row(owner, product, month, "sold", _OUTSIDERS[0])
    return found if found >= 0 else books.row(owner, product, month, "exported", _OUTSIDERS[1])


def _choose(planter: Planter, spots: list[tuple[str, str, list[int]]]) -> _Spot | None:
    free = [spot for spot in spots if spot[0] not in planter.taken]
    if not free:
        return None
    owner, product, months = planter.chance.pick(free)
    begin = planter.chance.whole(_BEFORE, len(months) - _AFTER)
    return _Spot(owner, product, months[begin:], planter.chance.one(*_STRENGTH))


def _output(planter: Planter, spot: _Spot, sign: int, lost: bool = False) -> float:
    """Move the output and its sale together, up or down, a share of each month; kilograms in all."""
    books, total = planter.books, 0
    for month in spot.months:
        made, sale = (
            books.row(spot.owner, spot.product, month, "produced"),
            _sale(books, spot.owner, spot.product, month),
        )
        unit = books.unit(made)
        grams = int(books.grams[made] * spot.share) // unit * unit
        if sign < 0:
            grams = min(grams, int(books.grams[sale]) * 4 // 5 // unit * unit)
        if grams <= 0:
            continue
        if lost:
            books.add(
                made,
                kind="lost",
                quantity_kg=str(grams // 1000) if not grams % 1000 else f"{grams / 1000:.3f}",
                note="工艺损耗",
            )
        else:
            books.change(made, sign * grams)
        books.change(sale, sign * grams)
        total += grams
    return total / 1000


def _undeclared_feed(planter: Planter, spots: list[tuple[str, str, list[int]]], typology: str) -> str:
    """More is made and sold than the feed in the books can give."""
    spot = _choose(planter, spots)
    if spot is None:
        return ""
    kg = _output(planter, spot, 1)
    return planter.tell(typology, spot.owner, (spot.months[0], spot.months[-1]), kg)


def _off_book_sale(planter: Planter, spots: list[tuple[str, str, list[int]]], typology: str) -> str:
    """Part of the output is sold past the books: neither made nor sold on paper."""
    spot = _choose(planter, spots)
    if spot is None:
        return ""
    kg = _output(planter, spot, -1)
    return planter.tell(typology, spot.owner, (spot.months[0], spot.months[-1]), kg)


def _loss_laundering(planter: Planter, spots: list[tuple[str, str, list[int]]], typology: str) -> str:
    """Part of the output is written off month after month and sold past the books."""
    spot = _choose(planter, spots)
    if spot is None:
        return ""
    kg = _output(planter, spot, -1, lost=True)
    return planter.tell(typology, spot.owner, (spot.months[0], spot.months[-1]), kg)


def _hidden_from_mirror(planter: Planter, spots: list[tuple[str, str, list[int]]], typology: str) -> str:
    """A maker files less of what it sold to another enterprise than the other bought, and as much less made."""
    books = planter.books
    trading = [
        (owner, product, partner, sold)
        for owner, product, months in spots
        if owner not in planter.taken
        for partner, sales in books.partners(owner, product, "sold", "N").items()
        if len(sold := [month for month in sales if month in months]) >= _LEAST_MONTHS
    ]
    if not trading:
        return ""
    pairs = [(owner, partner) for owner, _product, partner, _sold in trading]
    sole = [one for one in trading if pairs.count((one[0], one[2])) == 1]
    owner, product, partner, sold = planter.chance.pick(sole or trading)
    months = sold[planter.chance.whole(_BEFORE, len(sold) - _AFTER) :]
    total = 0
    for month in months:
        sale, made = (
            books.row(owner, product, month, "sold", partner),
            books.row(owner, product, month, "produced"),
        )
        unit = books.unit(sale)
        grams = min(int(books.grams[sale]) // 3, int(books.grams[made]) // 2) // unit * unit
        books.change(sale, -grams)
        books.change(made, -grams)
        total += grams
    return planter.tell(typology, owner, (months[0], months[-1]), total / 1000, counterparty=partner)


def _slow_month(planter: Planter, spots: list[tuple[str, str, list[int]]], name: str) -> None:
    """The twin of what moves the output: one month's work that shows in the next, up and then as much down."""
    spot = _choose(planter, spots)
    if spot is None:
        return
    books = planter.books
    first, second = spot.months[0], spot.months[1]
    for month, sign in ((first, 1), (second, -1)):
        made, sale = (
            books.row(spot.owner, spot.product, month, "produced"),
            _sale(books, spot.owner, spot.product, month),
        )
        unit = books.unit(made)
        grams = min(int(books.grams[made] * spot.share), int(books.grams[sale]) // 2) // unit * unit
        books.change(made, sign * grams)
        books.change(sale, sign * grams)
    planter.tell("honest", spot.owner, (first, second), 0.0, twin_of=name)


def _written_off_once(planter: Planter, spots: list[tuple[str, str, list[int]]], name: str) -> None:
    """The twin of laundered losses: a loss of one month, as they happen."""
    spot = _choose(planter, spots)
    if spot is None:
        return
    once = _Spot(spot.owner, spot.product, spot.months[:1], spot.share)
    _output(planter, once, -1, lost=True)
    planter.tell("honest", spot.owner, (spot.months[0], spot.months[0]), 0.0, twin_of=name)


def _invoice_row(planter: Planter) -> int:
    """Some sale with an invoice, of an organisation that has no case, in a filing of one version."""
    books = planter.books
    kinds, numbers = books.kind, books.lines["invoice_no"].to_numpy(dtype=object)
    last = books.period.max()
    while True:
        row = planter.chance.whole(0, len(kinds) - 1)
        owner = books.lines["organisation"][row]
        plain = kinds[row] == "sold" and numbers[row] and owner not in planter.taken
        if plain and books.period[row] < last - 2 and len(books.twins(row)) == 1:
            return row


def _paper_case(planter: Planter, typology: str, row: int) -> None:
    books = planter.books
    month = int(books.period[row])
    planter.tell(
        typology, str(books.lines["organisation"][row]), (month, month), books.grams[row] / 1000,
        line_no=str(books.lines["line_no"][row]),
    )  # fmt: skip


def _voided(planter: Planter, typology: str) -> None:
    """An invoice voided after the sale was filed."""
    row = _invoice_row(planter)
    planter.books.void(row, str((Month(int(planter.books.period[row])) + 1).last))
    _paper_case(planter, typology, row)


def _another_value(planter: Planter, typology: str) -> None:
    """A sale filed at four fifths of what the invoice says."""
    row = _invoice_row(planter)
    planter.books.price(row, 80)
    _paper_case(planter, typology, row)


def _unknown_number(planter: Planter, typology: str) -> None:
    """A sale filed under a number that nobody issued; its own invoice stays unfiled."""
    row = _invoice_row(planter)
    number = str(planter.books.lines["invoice_no"][row])
    planter.books.lines.loc[row, "invoice_no"] = f"99{number[2:]}"
    _paper_case(planter, typology, row)


def _over_quota(planter: Planter, typology: str) -> None:
    """A quota of nine tenths of what is honestly needed at least."""
    quotas = planter.books.tables["quotas"]
    free = [place for place, owner in enumerate(quotas["organisation"]) if owner not in planter.taken
            and int(quotas["quantity_kg"][place]) > 10_000]  # fmt: skip
    if not free:
        return
    place = planter.chance.pick(free)
    cut = str(int(int(quotas["quantity_kg"][place]) * 0.7))
    planter.books.tables["quotas"] = quotas.assign(
        quantity_kg=[cut if at == place else text for at, text in enumerate(quotas["quantity_kg"])]
    )
    year = int(quotas["year"][place])
    planter.tell(
        typology, str(quotas["organisation"][place]), (year * 12, year * 12 + 11), float(cut) * 3 / 7
    )


Sow = Callable[[Planter, list[tuple[str, str, list[int]]], str], str]
TYPOLOGIES: Final[dict[str, Sow]] = {
    "undeclared_feed": _undeclared_feed, "off_book_sale": _off_book_sale, "loss_laundering": _loss_laundering,
    "hidden_from_mirror": _hidden_from_mirror,
}  # fmt: skip
TWINS: Final[dict[str, Callable[[Planter, list[tuple[str, str, list[int]]], str], None]]] = {
    "undeclared_feed": _slow_month, "off_book_sale": _slow_month, "loss_laundering": _written_off_once,
}  # fmt: skip
PLAIN: Final[dict[str, Callable[[Planter, str], None]]] = {
    "invoice_voided": _voided, "invoice_of_another_value": _another_value, "invoice_unknown": _unknown_number,
    "over_quota": _over_quota,
}  # fmt: skip
DETERMINISTIC: Final = frozenset(PLAIN)
