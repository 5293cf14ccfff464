"""Cases that hide what goods are made of: an assay shaved, one element passed as another, a grade filed as another."""

from typing import Final

from portal.core.months import Month
from portal.simulation.domain.planter import (
    AFTER,
    BEFORE,
    LEAST_MONTHS,
    Planter,
    Sow,
    Spot,
    Spots,
    Twin,
    sale,
    texts,
)

__all__ = ["CONTENTS", "CONTENT_TWINS"]

_HEAVY: Final = ("dy_pct", "tb_pct")
_SHAVED: Final = (0.06, 0.25)
_REGRADED: Final = (0.04, 0.15)


def _assayed(planter: Planter, spots: Spots) -> list[tuple[Spot, dict[str, str]]]:
    """Spots of goods with heavy rare earths whose owner numbers its lots, and what the catalogue says of them."""
    products = planter.books.tables["products"]
    heavy = {
        (row["organisation"], row["code"]): row
        for row in texts(products)
        if any(row[name] and float(row[name]) > 0.2 for name in _HEAVY)
    }
    found = []
    for owner, product, months in spots:
        row = planter.books.row(owner, product, months[0], "produced")
        if owner not in planter.taken and (owner, product) in heavy and planter.books.cells["batch"][row]:
            found.append((Spot(owner, product, months, 0.0), heavy[owner, product]))
    return found


def _shave(planter: Planter, spots: Spots, passed_as: str, once: bool) -> tuple[Spot, float] | None:
    """Assay lots at less heavy rare earth than is in them, month after month or of one month; kg of it that is hidden."""
    found = [one for one in _assayed(planter, spots) if not passed_as or one[1][passed_as]]
    if not found:
        return None
    spot, catalogue = planter.chance.pick(found)
    begin = planter.chance.whole(BEFORE, len(spot.months) - AFTER)
    months = spot.months[begin : begin + 1] if once else spot.months[begin:]
    part, books = planter.chance.one(*_SHAVED), planter.books
    assay, hidden = dict(catalogue), 0.0
    for name in _HEAVY:
        if catalogue[name] and float(catalogue[name]) > 0:
            taken = float(catalogue[name]) * part
            hidden += taken / 100
            assay[name] = f"{float(catalogue[name]) - taken:.4f}"
            if passed_as:
                assay[passed_as] = f"{float(assay[passed_as]) + taken:.4f}"
    total, lots = 0, planter.lots
    for month in months:
        for row in books.rows(spot.owner, spot.product, month, "produced"):
            total += int(books.grams[row])
            lots[spot.owner, books.cells["batch"][row]] = assay | {
                "product": spot.product, "assayed_on": str(Month(month).last)
            }  # fmt: skip
    return Spot(spot.owner, spot.product, months, part), total / 1000 * hidden


def _assay_shaving(planter: Planter, spots: Spots, typology: str) -> str:
    """The assays of lots say less dysprosium and terbium than went in; the rest is sold past the books."""
    shaved = _shave(planter, spots, "", once=False)
    return planter.tell(typology, shaved[0].owner, shaved[0].span, shaved[1]) if shaved else ""


def _element_substitution(planter: Planter, spots: Spots, typology: str) -> str:
    """Dysprosium and terbium are passed as neodymium."""
    shaved = _shave(planter, spots, "nd_pct", once=False)
    return planter.tell(typology, shaved[0].owner, shaved[0].span, shaved[1]) if shaved else ""


def _strange_assay(planter: Planter, spots: Spots, name: str) -> None:
    """The twin of both: a laboratory's error in the lots of one month."""
    shaved = _shave(planter, spots, "", once=True)
    if shaved:
        planter.honest(shaved[0].owner, shaved[0].span, name)


def _grades(planter: Planter, spots: Spots) -> list[tuple[str, str, str, list[int]]]:
    """An owner's magnets with heavy rare earths and others without, both made and sold to outsiders in the same months."""
    products = planter.books.tables["products"]
    heavy: dict[tuple[str, str], bool] = {}
    for row in texts(products):
        heavy[row["organisation"], row["code"]] = any(row[name] and float(row[name]) > 0.2 for name in _HEAVY)
    magnets = [
        spot
        for spot in spots
        if planter.stages[spot[0], spot[1]] == "magnet" and spot[0] not in planter.taken
    ]
    light = {owner: (product, months) for owner, product, months in magnets if not heavy[owner, product]}
    found = []
    for owner, product, months in magnets:
        if heavy[owner, product] and owner in light:
            both = [month for month in months if month in light[owner][1]]
            if len(both) >= LEAST_MONTHS:
                found.append((owner, product, light[owner][0], both))
    return found


def _regrade(
    planter: Planter, place: tuple[str, str, str, list[int]], month: int, sign: int, part: float
) -> int:
    """File part of a month's heavy magnets as light ones (or the other way), made and sold; grams."""
    owner, heavy, plain, _months = place
    books = planter.books
    rows = [
        (books.row(owner, product, month, "produced"), sale(books, owner, product, month))
        for product in (heavy, plain)
    ]
    grams = min(
        int(books.grams[rows[0][0]] * part), *(int(books.grams[row]) // 3 for pair in rows for row in pair)
    )
    for (made, sold), way in zip(rows, (-sign, sign), strict=True):
        books.change(made, way * grams)
        books.change(sold, way * grams)
    return grams


def _hs_misdeclaration(planter: Planter, spots: Spots, typology: str) -> str:
    """Controlled magnets are filed, and leave, under the name and code of a grade that needs no licence."""
    found = _grades(planter, spots)
    if not found:
        return ""
    place = planter.chance.pick(found)
    months = place[3][planter.chance.whole(BEFORE, len(place[3]) - AFTER) :]
    part = planter.chance.one(*_REGRADED)
    grams = sum(_regrade(planter, place, month, 1, part) for month in months)
    return planter.tell(typology, place[0], (months[0], months[-1]), grams / 1000)


def _labelled_wrong(planter: Planter, spots: Spots, name: str) -> None:
    """The twin: a lot filed under the wrong grade and put right the month after."""
    found = _grades(planter, spots)
    if not found:
        return
    place = planter.chance.pick(found)
    begin = planter.chance.whole(BEFORE, len(place[3]) - AFTER)
    first, second = place[3][begin : begin + 2]
    part = planter.chance.one(*_REGRADED)
    _regrade(planter, place, first, 1, part)
    _regrade(planter, place, second, -1, part)
    planter.honest(place[0], (first, second), name)


CONTENTS: Final[dict[str, Sow]] = {
    "assay_shaving": _assay_shaving, "element_substitution": _element_substitution, "hs_misdeclaration": _hs_misdeclaration,
}  # fmt: skip
CONTENT_TWINS: Final[dict[str, Twin]] = {
    "assay_shaving": _strange_assay, "element_substitution": _strange_assay, "hs_misdeclaration": _labelled_wrong,
}  # fmt: skip
