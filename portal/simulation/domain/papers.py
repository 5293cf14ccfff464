"""Numbers on papers: invoices, customs declarations, licences, lots. Each is given once."""

from typing import Final

import numpy as np

from portal.core.months import Month
from portal.simulation.domain.chance import Chance, Ints, Texts
from portal.simulation.domain.flows import MonthFlows
from portal.simulation.domain.materials import Material
from portal.simulation.domain.moves import EXPORT, HOME, IMPORT, Moves
from portal.simulation.domain.network import Network

#: The day from which controlled goods leave with a licence, and the elements that were then listed.
_LICENSED_FROM: Final = (2025, 4, 4)
_LISTED: Final = ("sm", "gd", "tb", "dy", "lu", "sc", "y")
_LISTED_IN_MAGNETS: Final = ("sm", "tb", "dy")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def needs_licence(material: Material) -> bool:
    """Whether the goods were on the list of April 2025, as an exporter would read it."""
    if material.stage == "assembly":
        return False
    listed = _LISTED_IN_MAGNETS if material.stage in ("magnet", "magnet_block") else _LISTED
    return any(material.contents.get(symbol, 0.0) > 0 for symbol in listed)


class Papers:
    """The running numbers of everybody."""

    def __init__(self, net: Network, seed: int) -> None:
        self._net, self._chance = net, Chance(seed, 6)
        count = len(net.cast.organisations)
        self._home = np.zeros(count, dtype=np.int64)
        self._abroad = np.zeros(count, dtype=np.int64)
        self._declarations = 0
        self._licences: dict[tuple[int, int, str, int], str] = {}
        self._seller = [f"{(o.index * 7919 + seed * 31 + 101) % 100000:05d}" for o in net.cast.organisations]
        self._office = [f"{2200 + (int(o.uscc[2:4]) * 37) % 3000:04d}" for o in net.cast.organisations]

    def of(self, month: Month, moves: Moves) -> tuple[Texts, Texts, Texts]:
        """For each move its invoice, its declaration and its licence number; empty where there is none."""
        empty = np.full(len(moves), "", dtype=object)
        invoice, declaration, licence = empty.copy(), empty.copy(), empty.copy()
        for row in np.flatnonzero(moves.what == HOME).tolist():
            invoice[row] = self._invoice(month, int(moves.giver_org[row]))
        for row in np.flatnonzero(moves.what == EXPORT).tolist():
            owner = int(moves.giver_org[row])
            self._abroad[owner] += 1
            invoice[row] = (
                f"{self._net.cast.organisations[owner].lot_prefix}{self._seller[owner]}-EX{month.year % 100:02d}"
                f"-{self._abroad[owner]:05d}"
            )
            declaration[row] = self._declaration(month, owner, "0")
            licence[row] = self._licence(month, moves, row)
        for row in np.flatnonzero(moves.what == IMPORT).tolist():
            declaration[row] = self._declaration(month, int(moves.taker_org[row]), "1")
        return invoice, declaration, licence

    def _invoice(self, month: Month, seller: int) -> str:
        """Twenty digits as on a fully digitalised invoice: year, province, channel, seller, running number."""
        self._home[seller] += 1
        province = self._net.cast.organisations[seller].uscc[2:4]
        return f"{month.year % 100:02d}{province}2000{self._seller[seller]}{self._home[seller]:07d}"

    def _declaration(self, month: Month, owner: int, direction: str) -> str:
        """Eighteen digits: customs office, year, 0 for export or 1 for import, running number with gaps."""
        self._declarations += 11 + self._chance.whole(0, 88)
        return f"{self._office[owner]}{month.year:04d}{direction}{self._declarations:09d}"

    def _licence(self, month: Month, moves: Moves, row: int) -> str:
        """One licence for an exporter, a client, a material and a year that runs from the April of the list."""
        material = self._net.products[int(moves.giver[row])].material
        if (month.year, month.month, int(moves.day[row])) < _LICENSED_FROM or not needs_licence(material):
            return ""
        year = month.year if month.month >= 4 else month.year - 1
        key = (int(moves.giver_org[row]), int(moves.outsider[row]), material.key, year)
        if key not in self._licences:
            self._licences[key] = f"{year % 100:02d}-DUI-{len(self._licences) + 1:06d}"
        return self._licences[key]


def _run_mark(nth: int) -> str:
    """A, B, ... X, then A2, B2 and so on."""
    again, letter = divmod(nth, len(_LETTERS))
    return f"{_LETTERS[letter]}{again + 1 if again else ''}"


def lot_labels(net: Network, local_number: Ints, done: MonthFlows) -> Texts:
    """For each output of the month's runs a lot number; empty for by-products and where no lots are kept."""
    runs = done.runs
    labels = np.full(len(runs.out_run), "", dtype=object)
    seen: dict[int, int] = {}
    stamp = f"{done.month.year % 100:02d}{done.month.month:02d}"
    for row in np.flatnonzero(runs.out_main).tolist():
        product = int(runs.out_product[row])
        owner = net.cast.organisations[net.products[product].organisation]
        if owner.keeps_lots:
            nth = seen.get(product, 0)
            seen[product] = nth + 1
            labels[row] = f"{owner.lot_prefix}{stamp}-{local_number[product]:03d}{_run_mark(nth)}"
    return labels
