"""Follow the lots through a month: which lot was sold, and which lots a run was made from."""

from dataclasses import dataclass

import numpy as np

from portal.simulation.domain.chance import Ints, Texts
from portal.simulation.domain.exact_text import kilograms
from portal.simulation.domain.flows import MonthFlows
from portal.simulation.domain.lots import Drawn, LotBook
from portal.simulation.domain.moves import EXPORT, HOME
from portal.simulation.domain.network import Network


@dataclass(frozen=True)
class Threads:
    """The lot of each move (empty if unknown or mixed), and what each run was made from, as text."""

    move_lot: Texts
    run_made_from: Texts


class Threader:
    """Keeps the book of lots from month to month."""

    def __init__(self, net: Network) -> None:
        self._book = LotBook()
        self._uscc = np.array([o.uscc for o in net.cast.organisations] + [""], dtype=object)
        self._keeps = np.array([o.keeps_lots for o in net.cast.organisations])
        self._owner = np.array([p.organisation for p in net.products], dtype=np.int64)
        self._decimals = [p.material.decimals for p in net.products]
        self._begun = False

    def month(self, done: MonthFlows, labels: Texts) -> Threads:
        """Book a month's flows; `labels` are the lots of the runs' outputs."""
        if not self._begun:
            self._add_plain(np.arange(len(done.opening)), done.opening)
            self._begun = True
        moves, runs = done.moves, done.runs
        leaving = np.flatnonzero(moves.giver >= 0)
        drawn = self._book.draw(moves.giver[leaving], moves.grams[leaving])
        lot = np.full(len(moves), "", dtype=object)
        lot[leaving] = drawn.sole_labels()[0]
        self._receive(done, lot)
        used = self._book.draw(runs.in_product, runs.in_grams)
        made_from = self._made_from(done, used)
        self._book.add(runs.out_product, runs.out_grams, labels, np.full(len(labels), "", dtype=object))
        lost = np.flatnonzero(done.lost > 0)
        self._add_plain(np.arange(len(done.gained)), done.gained)
        self._book.draw(lost, done.lost[lost])
        lot[moves.what > EXPORT] = ""
        return Threads(lot, made_from)

    def _add_plain(self, product: Ints, grams: Ints) -> None:
        nothing = np.full(len(product), "", dtype=object)
        self._book.add(product, grams, nothing, nothing)

    def _receive(self, done: MonthFlows, lot: Texts) -> None:
        """What is bought keeps the seller's lot; what comes back or comes from abroad has none."""
        moves = done.moves
        arriving = np.flatnonzero(moves.taker >= 0)
        known = np.where(moves.what[arriving] == HOME, lot[arriving], "")
        origin = np.where(known != "", self._uscc[moves.giver_org[arriving]], "")
        self._book.add(moves.taker[arriving], moves.grams[arriving], known, origin)

    def _made_from(self, done: MonthFlows, used: Drawn) -> Texts:
        """`LOT:KG` or `USCC/LOT:KG` for each known lot that went into a run, the same lot once."""
        runs = done.runs
        found: list[dict[tuple[str, int], int]] = [{} for _ in range(len(runs.process))]
        rows = np.flatnonzero((used.label != "") & self._keeps[self._owner[runs.in_product[used.draw]]])
        for row in rows.tolist():
            taken = int(used.draw[row])
            product = int(runs.in_product[taken])
            name = f"{used.origin[row]}/{used.label[row]}" if used.origin[row] else used.label[row]
            into = found[int(runs.in_run[taken])]
            into[name, product] = into.get((name, product), 0) + int(used.grams[row])
        texts = [
            ";".join(
                f"{name}:{kilograms(grams, self._decimals[product])}"
                for (name, product), grams in lots.items()
            )
            for lots in found
        ]
        return np.array([*texts, ""], dtype=object)[:-1]
