"""Who plants cases: the books, the chance, who has a case already, and the truth so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.books import Books
from portal.simulation.domain.chance import Chance
from portal.simulation.domain.truth import TRUTH_COLUMNS

LEAST_MONTHS: Final = 14
BEFORE, AFTER = 7, 5  # months before a case begins, and that it lasts at least
STRENGTH: Final = (0.015, 0.06)
"""What part of a month's output a case hides."""
OUTSIDERS: Final = ("K", "W")  # codes of clients at home and abroad that file nothing here
_MAKERS: Final = frozenset({"metal", "alloy", "magnet"})


@dataclass
class Planter:
    """The books, the chance, who has a case already, and the truth so far."""

    books: Books
    chance: Chance
    stages: dict[tuple[str, str], str]
    parties: dict[str, dict[str, str]]
    codes: dict[tuple[str, str], str]
    goods: dict[tuple[str, str], str]
    taken: set[str] = field(default_factory=set)
    truth: list[dict[str, str]] = field(default_factory=list)
    met: list[dict[str, str]] = field(default_factory=list)
    lots: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _listed: dict[tuple[str, str], str] = field(default_factory=dict)
    _products: dict[str, list[str]] = field(default_factory=dict)
    _bought: dict[tuple[str, str], int] = field(default_factory=dict)
    _papers: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)

    def tell(self, typology: str, owner: str, span: tuple[int, int], kg: float, **more: str) -> str:
        """Write a case down; its name. `others` are further parties to it, by their codes."""
        name = f"{typology}-{len(self.truth) + 1}"
        first, last = (str(Month(month)) for month in span)
        row = {"case": name, "typology": typology, "organisation": owner, "first_period": first, "last_period": last,
               "period": last, "kg": f"{kg:.3f}"}  # fmt: skip
        self.truth.append({**dict.fromkeys(TRUTH_COLUMNS, ""), **row, **more})
        self.taken.update(party for party in (owner, *more.get("others", "").split(";")) if party)
        return name

    def honest(self, owner: str, span: tuple[int, int], twin_of: str) -> None:
        """Write an honest twin down."""
        self.tell("honest", owner, span, 0.0, twin_of=twin_of)

    def enterprise(self, uscc: str) -> bool:
        """Whether the number is that of an enterprise of the nation."""
        return uscc in self.parties

    def known(self, uscc: str) -> dict[str, str]:
        """An enterprise of the nation as others list it."""
        return self.parties[uscc]

    def table(self, name: str) -> list[dict[str, str]]:
        """Rows that are added to a table of the nation."""
        return self.tables.setdefault(name, [])

    def who(self, owner: str, code: str) -> str:
        """The number of the party that the organisation lists under the code."""
        if (owner, code) not in self._listed:
            self._listed.update({(one, known): uscc for (one, uscc), known in self.codes.items()})
        return self._listed[owner, code]

    def bought(self, owner: str, invoice: str) -> int | None:
        """The line by which the organisation filed what it bought on an invoice."""
        if not self._bought:
            cells = self.books.cells
            for row, kind in enumerate(cells["kind"].tolist()):
                if kind == "purchased":
                    self._bought[cells["organisation"][row], cells["invoice_no"][row]] = row
        return self._bought.get((owner, invoice))

    def products_of(self, owner: str) -> list[str]:
        """The products that the organisation filed."""
        if not self._products:
            for one, product in self.books.products():
                self._products.setdefault(one, []).append(product)
        return self._products.get(owner, [])

    def paper_of(self, code: str, owner: str, month: int) -> str | None:
        """The number of an invoice that the party, by its code in the owner's books, wrote to somebody else in the month."""
        if not self._papers:
            cells = self.books.invoices.cells
            columns = (cells[name].tolist() for name in ("seller", "issued_on", "invoice_no", "buyer"))
            for seller, day, number, buyer in zip(*columns, strict=True):
                self._papers.setdefault((seller, day[:7]), []).append((number, buyer))
        written = self._papers.get((self.who(owner, code), str(Month(month))), [])
        numbers = [number for number, buyer in written if buyer != owner]
        return self.chance.pick(numbers) if numbers else None


@dataclass(frozen=True)
class Spot:
    """A product that its owner makes and sells to outsiders month after month, and the months of a case."""

    owner: str
    product: str
    months: list[int]
    share: float

    @property
    def span(self) -> tuple[int, int]:
        """Its first and last month."""
        return self.months[0], self.months[-1]


Spots = list[tuple[str, str, list[int]]]
Sow = Callable[[Planter, Spots, str], str]
Twin = Callable[[Planter, Spots, str], None]


def texts(table: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a table of texts."""
    return [{str(name): text for name, text in row.items()} for row in table.to_dict("records")]


def planter_of(tables: dict[str, pd.DataFrame], chance: Chance) -> Planter:
    """A planter over the tables, which stay as they are."""
    products, listed, owners = tables["products"], tables["counterparties"], tables["organisations"]
    known = zip(listed["organisation"], listed["id_number"], strict=True)
    parties = {
        uscc: {"name": name, "name_local": "", "country": "CN", "id_type": "USCC", "id_number": uscc}
        for uscc, name in zip(owners["uscc"], owners["name_zh"], strict=True)
    }
    keys = list(zip(products["organisation"], products["code"], strict=True))
    return Planter(
        Books(tables), chance, dict(zip(keys, products["stage"], strict=True)), parties,
        dict(zip(known, listed["code"], strict=True)), dict(zip(keys, products["name"], strict=True)),
    )  # fmt: skip


def spots_of(planter: Planter) -> Spots:
    """Products with an output and a sale to outsiders in most months, and those months."""
    books = planter.books
    months: dict[tuple[str, str], list[int]] = {}
    for owner, product in books.products():
        if planter.stages[owner, product] in _MAKERS:
            found = [
                month
                for month in books.months(owner, product)
                if books.row(owner, product, month, "produced") >= 0
                and sale(books, owner, product, month) >= 0
            ]
            if len(found) >= LEAST_MONTHS:
                months[owner, product] = found
    return [(owner, product, found) for (owner, product), found in sorted(months.items())]


def sale(books: Books, owner: str, product: str, month: int) -> int:
    """The largest sale to an outsider, at home or abroad."""
    found = books.row(owner, product, month, "sold", OUTSIDERS[0])
    return found if found >= 0 else books.row(owner, product, month, "exported", OUTSIDERS[1])


def choose(planter: Planter, spots: Spots) -> Spot | None:
    """A spot whose owner has no case yet, with a beginning and a strength."""
    free = [spot for spot in spots if spot[0] not in planter.taken]
    if not free:
        return None
    owner, product, months = planter.chance.pick(free)
    begin = planter.chance.whole(BEFORE, len(months) - AFTER)
    return Spot(owner, product, months[begin:], planter.chance.one(*STRENGTH))
