"""Cases of invoices that cover what they were not written for: feed of nobody knows where, bought on another's paper."""

from typing import Final

from portal.core.months import Month
from portal.simulation.domain.books import yuan
from portal.simulation.domain.exact_text import kilograms
from portal.simulation.domain.planter import Planter, Sow, Spots, Twin, choose, sale

__all__ = ["COVERS", "COVER_TWINS"]

_PAPER: Final = (0.05, 0.15)
_WORKED: Final = frozenset({"metal", "alloy"})


def _recycled_paper(planter: Planter, spots: Spots, typology: str) -> str:
    """Feed that nobody sold is covered by invoices that were written to others; what is made of it is sold."""
    found = [spot for spot in spots if planter.stages[spot[0], spot[1]] in _WORKED]
    spot = choose(planter, found)
    if spot is None:
        return ""
    books, total = planter.books, 0
    part = planter.chance.one(*_PAPER)
    for month in spot.months:
        feed = _feed(planter, spot.owner, month)
        made, sold = (
            books.row(spot.owner, spot.product, month, "produced"),
            sale(books, spot.owner, spot.product, month),
        )
        if feed is None:
            continue
        used, bought = feed
        grams = min(int(books.grams[made] * part), int(books.grams[used]))
        grams = grams // books.unit(made) * books.unit(made) // books.unit(used) * books.unit(used)
        paper = planter.paper_of(books.cells["counterparty"][bought], spot.owner, month)
        if paper is None or grams <= 0:
            continue
        fen = int(books.fen[bought]) * grams // int(books.grams[bought])
        books.add(
            spot.owner, month, product=books.cells["product"][bought], kind="purchased", value_cny=yuan(fen), invoice_no=paper,
            quantity_kg=kilograms(grams, int(books.decimals[bought])), counterparty=books.cells["counterparty"][bought],
            date=f"{Month(month)}-{planter.chance.whole(2, 20):02d}",
        )  # fmt: skip
        books.change(used, grams)
        made_of = grams * 97 // 100 // books.unit(made) * books.unit(made)
        books.change(made, made_of)
        books.change(sold, made_of)
        total += grams
    return planter.tell(typology, spot.owner, spot.span, total / 1000)


def _feed(planter: Planter, owner: str, month: int) -> tuple[int, int] | None:
    """The largest line of feed that a month consumed and bought from another enterprise of the nation: both rows."""
    books, best = planter.books, None
    for product in planter.products_of(owner):
        used, bought = (
            books.row(owner, product, month, *what) for what in (("consumed",), ("purchased", "N"))
        )
        if used >= 0 and bought >= 0 and (best is None or books.grams[used] > books.grams[best[0]]):
            best = used, bought
    return best


def _in_two_parts(planter: Planter, spots: Spots, name: str) -> None:
    """The twin: deliveries in two parts on one invoice, filed as two lines."""
    found = [spot for spot in spots if planter.stages[spot[0], spot[1]] in _WORKED]
    spot = choose(planter, found)
    if spot is None:
        return
    books = planter.books
    for month in spot.months:
        feed = _feed(planter, spot.owner, month)
        if feed is None or len(books.twins(feed[1])) != 1:
            continue
        row = feed[1]
        half = int(books.grams[row]) // 2 // books.unit(row) * books.unit(row)
        kept = {
            key: books.cells[key][row]
            for key in ("product", "kind", "counterparty", "invoice_no", "date", "batch")
        }
        fen = int(books.fen[row]) * half // int(books.grams[row])
        whole = int(books.fen[row])
        if half:
            books.add(
                spot.owner,
                month,
                quantity_kg=kilograms(half, int(books.decimals[row])),
                value_cny=yuan(fen),
                **kept,
            )
            books.grams[row] -= half
            books.fen[row] = whole - fen
    planter.honest(spot.owner, spot.span, name)


COVERS: Final[dict[str, Sow]] = {"recycled_paper": _recycled_paper}
COVER_TWINS: Final[dict[str, Twin]] = {"recycled_paper": _in_two_parts}
