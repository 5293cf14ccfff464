"""Cases of companies put in between, of licences used for others, and of what nobody files at all."""

from typing import Final

from portal.simulation.domain.books import tax, yuan
from portal.simulation.domain.exact_text import kilograms
from portal.simulation.domain.planter import AFTER, BEFORE, LEAST_MONTHS, Planter, Sow, Spots, Twin
from portal.simulation.domain.strangers import found_company, meet

__all__ = ["SHELLS", "SHELL_TWINS"]

_SHELL_MARGIN, _TRADER_MARGIN = 1, 6
Pair = tuple[str, str, str, list[int]]


def _pairs(planter: Planter) -> list[Pair]:
    """Sales of one product to one enterprise, month after month: seller, product, buyer, months."""
    books, found = planter.books, []
    for owner, product in sorted(books.products()):
        if owner in planter.taken or planter.stages[owner, product] not in {
            "oxide",
            "metal",
            "alloy",
            "magnet",
        }:
            continue
        for code, months in books.partners(owner, product, "sold", "N").items():
            buyer = planter.who(owner, code)
            if buyer not in planter.taken and len(months) >= LEAST_MONTHS:
                found.append((owner, product, buyer, months))
    return found


def _between(
    planter: Planter, pair: Pair, months: list[int], company: str, product: str, margin: int
) -> float:
    """Let a company stand between seller and buyer: what it buys it sells on in the same month; kilograms."""
    seller, goods, buyer, _months = pair
    books, total = planter.books, 0
    to_company, from_company = (
        meet(planter, seller, planter.known(company)),
        meet(planter, buyer, planter.known(company)),
    )
    for month in months:
        for row in books.rows(seller, goods, month, "sold", planter.codes[seller, buyer]):
            number = books.cells["invoice_no"][row]
            taken = planter.bought(buyer, number)
            place = books.invoice_of(row)
            if (
                taken is None
                or place is None
                or len(books.twins(row)) != 1
                or not books.filed(company, month)
            ):
                continue
            grams, fen = int(books.grams[row]), int(books.fen[row])
            dearer = fen * (100 + margin) // 100
            renumbered = f"{number[:2]}{company[2:4]}2000{planter.chance.digits(12)}"
            cells = {
                "product": product,
                "quantity_kg": kilograms(grams, int(books.decimals[row])),
                "date": books.cells["date"][row],
            }
            books.add(company, month, kind="purchased", counterparty=meet(planter, company, planter.known(seller)),
                      value_cny=yuan(fen), invoice_no=number, **cells)  # fmt: skip
            books.add(company, month, kind="sold", counterparty=meet(planter, company, planter.known(buyer)),
                      value_cny=yuan(dearer), invoice_no=renumbered, **cells)  # fmt: skip
            books.cells["counterparty"][row] = to_company
            for one in books.twins(taken):
                books.cells["counterparty"][one], books.cells["invoice_no"][one] = from_company, renumbered
                books.fen[one] = dearer
            paper = {name: column[place] for name, column in books.invoices.cells.items()}
            books.invoices.cells["buyer"][place] = company
            books.invoices.add(**paper | {
                "invoice_no": renumbered, "seller": company, "buyer": buyer, "value_cny": yuan(dearer), "tax_cny": yuan(tax(dearer)),
            })  # fmt: skip
            total += grams
    return total / 1000


def _shell_chain(planter: Planter, spots: Spots, typology: str) -> str:
    """Goods pass through a company without staff or stock, and most of the margin stays where nobody asks for it."""
    pairs = _pairs(planter)
    if not pairs:
        return ""
    pair = planter.chance.pick(pairs)
    months = pair[3][planter.chance.whole(BEFORE, len(pair[3]) - AFTER) :]
    company, product = found_company(planter, pair[0], pair[1], months[0])
    kg = _between(planter, pair, months, company, product, _SHELL_MARGIN)
    return planter.tell(typology, company, (months[0], months[-1]), kg, others=f"{pair[0]};{pair[2]}")


def _new_trader(planter: Planter, spots: Spots, name: str) -> None:
    """The twin: a new trader that buys of two and sells to two, with a trader's margin."""
    pairs = _pairs(planter)
    if not pairs:
        return
    first = planter.chance.pick(pairs)
    goods = planter.goods[first[0], first[1]]
    same = [
        pair
        for pair in pairs
        if pair[0] != first[0] and pair[2] != first[2] and planter.goods[pair[0], pair[1]] == goods
    ]
    if not same:
        return
    second = planter.chance.pick(same)
    months = first[3][planter.chance.whole(BEFORE, len(first[3]) - AFTER) :]
    company, product = found_company(planter, first[0], first[1], months[0])
    for pair in (first, second):
        _between(
            planter,
            pair,
            [month for month in pair[3] if month >= months[0]],
            company,
            product,
            _TRADER_MARGIN,
        )
    planter.honest(company, (months[0], months[-1]), name)


def _licences(planter: Planter) -> list[tuple[str, dict[str, list[int]]]]:
    """Exporters of licensed goods with two licences at least: owner, and the lines by licence."""
    cells = planter.books.cells
    found: dict[str, dict[str, list[int]]] = {}
    for row, number in enumerate(cells["licence_no"].tolist()):
        if (
            number
            and planter.books.kind[row] == "exported"
            and cells["organisation"][row] not in planter.taken
        ):
            found.setdefault(cells["organisation"][row], {}).setdefault(number, []).append(row)
    return [(owner, by_number) for owner, by_number in sorted(found.items()) if len(by_number) > 1]


def _licence_reuse(planter: Planter, spots: Spots, typology: str) -> str:
    """Exports leave in parts on a licence that was given for another client's goods, over and over."""
    found = _licences(planter)
    if not found:
        return ""
    owner, by_number = planter.chance.pick(found)
    used, other = sorted(by_number, key=lambda number: (-len(by_number[number]), number))[:2]
    rows, books = by_number[other], planter.books
    for row in rows:
        books.cells["licence_no"][row] = used
        place = books.declaration_of(row)
        if place is not None:
            books.declarations.cells["licence_no"][place] = used
    months = sorted(int(books.period[row]) for row in rows)
    kg = sum(int(books.grams[row]) for row in rows) / 1000
    return planter.tell(typology, owner, (months[0], months[-1]), kg)


def _collusive_lies(planter: Planter, spots: Spots, typology: str) -> str:
    """Seller, buyer and everybody before and after them file nothing of a second stream: all books are those of honest people.

    Nothing that is filed differs, so nothing that reads filings can tell; whoever finds it guessed.
    """
    pairs = _pairs(planter)
    if not pairs:
        return ""
    seller, product, buyer, months = planter.chance.pick(pairs)
    months = months[planter.chance.whole(BEFORE, len(months) - AFTER) :]
    sold = [planter.books.row(seller, product, month, "sold", "N") for month in months]
    kg = sum(int(planter.books.grams[row]) for row in sold) / 10_000
    return planter.tell(typology, seller, (months[0], months[-1]), kg, others=buyer)


SHELLS: Final[dict[str, Sow]] = {
    "shell_chain": _shell_chain, "licence_reuse": _licence_reuse, "collusive_lies": _collusive_lies,
}  # fmt: skip
SHELL_TWINS: Final[dict[str, Twin]] = {"shell_chain": _new_trader}
