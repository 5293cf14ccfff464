"""Cases in trade: invoiced too low, sold to nobody, sent in circles."""

from typing import Final

from portal.core.months import Month
from portal.simulation.domain.books import tax, yuan
from portal.simulation.domain.exact_text import kilograms
from portal.simulation.domain.planter import (
    AFTER,
    BEFORE,
    OUTSIDERS,
    Planter,
    Sow,
    Spot,
    Spots,
    Twin,
    choose,
)
from portal.simulation.domain.strangers import meet, stranger

__all__ = ["TRADE", "TRADE_TWINS"]

_LOW: Final = (55, 78)
_REBATE: Final = 92
_GHOSTS: Final = 4
_ROUND: Final = (0.25, 0.6)
_TRADED: Final = frozenset({"metal", "oxide"})
_SELL, _BUY = "sold", "purchased"


def _client(planter: Planter, spot: Spot) -> tuple[str, list[int]]:
    """The outsider that buys in most months of a spot, and the lines of all sales to it."""
    books = planter.books
    found: dict[str, list[int]] = {}
    for month in spot.months:
        for kind, letter in zip((_SELL, "exported"), OUTSIDERS, strict=True):
            for row in books.rows(spot.owner, spot.product, month, kind, letter):
                found.setdefault(books.cells["counterparty"][row], []).append(row)
    client = max(sorted(found), key=lambda name: len({int(books.period[row]) for row in found[name]}))
    return client, found[client]


def _cheap(planter: Planter, spot: Spot, per_cent: int) -> float:
    """File all sales to one client at a part of their value, the papers too; kilograms."""
    _name, rows = _client(planter, spot)
    for row in rows:
        planter.books.price(row, per_cent, papers=True)
    return sum(int(planter.books.grams[row]) for row in rows) / 1000


def _under_invoicing(planter: Planter, spots: Spots, typology: str) -> str:
    """Everything sold to one client is invoiced far below its worth; the rest is paid elsewhere."""
    spot = choose(planter, spots)
    if spot is None:
        return ""
    kg = _cheap(planter, spot, planter.chance.whole(*_LOW))
    return planter.tell(typology, spot.owner, spot.span, kg)


def _rebate(planter: Planter, spots: Spots, name: str) -> None:
    """The twin: a client that buys much and gets eight per cent off for good."""
    spot = choose(planter, spots)
    if spot is None:
        return
    _cheap(planter, spot, _REBATE)
    planter.honest(spot.owner, spot.span, name)


def _rename(planter: Planter, row: int, code: str, uscc: str) -> None:
    """Let a sale at home go to another client, its invoice too."""
    books = planter.books
    for one in books.twins(row):
        books.cells["counterparty"][one] = code
    place = books.invoice_of(row)
    if place is not None:
        books.invoices.cells["buyer"][place] = uscc


def _at_home(planter: Planter, spots: Spots) -> Spot | None:
    """A spot with sales to outsiders at home."""
    books = planter.books
    some = [
        (owner, product, kept)
        for owner, product, months in spots
        if owner not in planter.taken
        and len(kept := [m for m in months if books.row(owner, product, m, _SELL, "K") >= 0]) > BEFORE + AFTER
    ]
    return choose(planter, some)


def _ghost_sale(planter: Planter, spots: Spots, typology: str) -> str:
    """Sales are filed to clients that do not exist, made up at one address; the goods went elsewhere."""
    spot = _at_home(planter, spots)
    if spot is None:
        return ""
    books, total = planter.books, 0
    ghosts = [stranger(planter.chance, "贸易") for _ghost in range(_GHOSTS)]
    ghosts = [ghost | {"address": ghosts[0]["address"], "city": ghosts[0]["city"]} for ghost in ghosts]
    codes = [meet(planter, spot.owner, ghost) for ghost in ghosts]
    for turn, month in enumerate(spot.months):
        row = books.row(spot.owner, spot.product, month, _SELL, "K")
        _rename(planter, row, codes[turn % _GHOSTS], ghosts[turn % _GHOSTS]["id_number"])
        total += int(books.grams[row])
    return planter.tell(typology, spot.owner, spot.span, total / 1000)


def _new_client(planter: Planter, spots: Spots, name: str) -> None:
    """The twin: a new client with a name, a number and a house of its own."""
    spot = _at_home(planter, spots)
    if spot is None:
        return
    client = stranger(planter.chance, "电机")
    code = meet(planter, spot.owner, client)
    for month in spot.months:
        row = planter.books.row(spot.owner, spot.product, month, _SELL, "K")
        _rename(planter, row, code, client["id_number"])
    planter.honest(spot.owner, spot.span, name)


def _deal(
    planter: Planter,
    month: int,
    day: int,
    ends: tuple[tuple[str, str], tuple[str, str]],
    goods: tuple[int, int, int],
) -> None:
    """A sale at home between two organisations, in both books, with its invoice. `goods`: grams, decimals, fen."""
    (seller, product), (buyer, other_product) = ends
    grams, decimals, fen = goods
    books, chance = planter.books, planter.chance
    date = f"{Month(month)}-{day:02d}"
    number = f"{date[2:4]}{seller[2:4]}2000{chance.digits(12)}"
    cells = {
        "quantity_kg": kilograms(grams, decimals),
        "value_cny": yuan(fen),
        "invoice_no": number,
        "date": date,
    }
    books.add(
        seller,
        month,
        product=product,
        kind=_SELL,
        counterparty=meet(planter, seller, planter.known(buyer)),
        **cells,
    )
    books.add(
        buyer,
        month,
        product=other_product,
        kind=_BUY,
        counterparty=meet(planter, buyer, planter.known(seller)),
        **cells,
    )
    books.invoices.add(
        invoice_no=number, issued_on=date, seller=seller, buyer=buyer, stage=planter.stages[seller, product],
        description="*稀土产品*", quantity_kg=cells["quantity_kg"], value_cny=cells["value_cny"], tax_cny=yuan(tax(fen)),
        status="issued",
    )  # fmt: skip


def _holders(planter: Planter) -> dict[str, list[tuple[str, str]]]:
    """By name of goods, who holds them all the time and has no case: organisation and product."""
    books = planter.books
    found: dict[str, list[tuple[str, str]]] = {}
    known = {owner_product: books.months(*owner_product) for owner_product in books.products()}
    last, longest = (
        max(months[-1] for months in known.values()),
        max(len(months) for months in known.values()),
    )
    for (owner, product), months in sorted(known.items()):
        steady = len(months) >= longest - 2 and months[-1] == last
        if steady and owner not in planter.taken and planter.stages[owner, product] in _TRADED:
            found.setdefault(planter.goods[owner, product], []).append((owner, product))
    return found


def _three(planter: Planter, count: int = 3) -> list[tuple[str, str]]:
    """Organisations that hold the same goods all the time."""
    held = {
        name: ends
        for name, ends in _holders(planter).items()
        if len({owner for owner, _code in ends}) >= count
    }
    return planter.chance.some(held[planter.chance.pick(sorted(held))], count) if held else []


def _lot(planter: Planter, holder: tuple[str, str], month: int) -> tuple[int, int, int] | None:
    """Part of what an organisation holds in a month: grams, decimals, fen a kilogram."""
    books = planter.books
    row = books.row(*holder, month, "closing")
    priced = max((books.row(*holder, month, kind) for kind in (_SELL, _BUY, "imported")), default=-1)
    if row < 0 or priced < 0 or not int(books.grams[priced]):
        return None
    grams = int(int(books.grams[row]) * planter.chance.one(*_ROUND)) // books.unit(row) * books.unit(row)
    return grams, int(books.decimals[row]), int(books.fen[priced]) * 1000 // int(books.grams[priced])


def _carousel(planter: Planter, spots: Spots, typology: str) -> str:
    """The same goods are invoiced from one to the next of three and back to the first, within the month, for refunds."""
    ring = _three(planter)
    if not ring:
        return ""
    books, total = planter.books, 0
    months = books.months(*ring[0])
    months = months[planter.chance.whole(BEFORE, len(months) - AFTER) :]
    for month in months:
        lot = _lot(planter, ring[0], month)
        if lot is None or lot[0] <= 0 or not all(books.filed(owner, month) for owner, _code in ring):
            continue
        grams, decimals, price = lot
        for leg, day in enumerate((4, 12, 21)):
            fen = grams * price // 1000 * (100 + leg) // 100
            _deal(planter, month, day, (ring[leg], ring[(leg + 1) % 3]), (grams, decimals, fen))
        total += grams
    others = ";".join(owner for owner, _code in ring[1:])
    return planter.tell(typology, ring[0][0], (months[0], months[-1]), total / 1000, others=others)


def _to_and_fro(planter: Planter, spots: Spots, name: str) -> None:
    """The twin: two that help one another out once, one giving back in the month what the other lent."""
    pair = _three(planter, 2)
    if not pair:
        return
    months = planter.books.months(*pair[0])
    months = months[planter.chance.whole(BEFORE, len(months) - AFTER) :]
    lot = _lot(planter, pair[0], months[0])
    if lot is not None and lot[0] > 0 and all(planter.books.filed(owner, months[0]) for owner, _code in pair):
        goods = (lot[0], lot[1], lot[0] * lot[2] // 1000)
        _deal(planter, months[0], 9, (pair[0], pair[1]), goods)
        _deal(planter, months[0], 25, (pair[1], pair[0]), goods)
    planter.tell("honest", pair[0][0], (months[0], months[0]), 0.0, twin_of=name, others=pair[1][0])


TRADE: Final[dict[str, Sow]] = {
    "under_invoicing": _under_invoicing, "ghost_sale": _ghost_sale, "carousel": _carousel,
}  # fmt: skip
TRADE_TWINS: Final[dict[str, Twin]] = {
    "under_invoicing": _rebate, "ghost_sale": _new_client, "carousel": _to_and_fro,
}  # fmt: skip
