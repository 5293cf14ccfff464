"""A month's flows as the lines that both sides report: numbers still, not yet text."""

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from portal.simulation.domain.chance import Bools, Ints, Texts
from portal.simulation.domain.flows import MonthFlows
from portal.simulation.domain.moves import EXPORT, HOME, IMPORT, RETURN, TOLL_BACK, TOLL_OUT, Moves, sum_by
from portal.simulation.domain.threads import Threads

KINDS: Final = (
    "opening", "produced", "purchased", "imported", "returned_in", "tolled_in", "gained", "consumed", "sold",
    "exported", "returned_out", "tolled_out", "lost", "closing",
)  # fmt: skip
_KIND: Final = {kind: place for place, kind in enumerate(KINDS)}
#: The kind of line for the giver and for the taker of a move; -1: no such line.
_GIVES: Final = {
    HOME: "sold",
    EXPORT: "exported",
    RETURN: "returned_out",
    TOLL_OUT: "tolled_out",
    TOLL_BACK: "tolled_out",
}
_TAKES: Final = {
    HOME: "purchased",
    IMPORT: "imported",
    RETURN: "returned_in",
    TOLL_OUT: "tolled_in",
    TOLL_BACK: "tolled_in",
}
_RETURN_NOTE: Final = "部分退货"
_TOLL_NOTES: Final = {TOLL_OUT: "委托加工，来料", TOLL_BACK: "委托加工，成品返回"}
_GAIN_NOTE: Final = "月末盘点盘盈"
_LOSS_NOTE: Final = "月末盘点盘亏"


@dataclass(frozen=True)
class LineRows:
    """Lines of a month, sorted by organisation, kind, product and day. -1: no value, partner or day.

    `partner` counts organisations first, then outsiders.
    """

    organisation: Ints
    kind: Ints
    product: Ints
    grams: Ints
    fen: Ints
    partner: Ints
    day: Ints
    licence: Texts
    declaration: Texts
    invoice: Texts
    batch: Texts
    made_from: Texts
    note: Texts

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, rows: Ints) -> "LineRows":
        """The rows chosen, in that order."""
        return LineRows(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def _rows(owner: Ints, kind: int, product: Ints, grams: Ints, note: str = "") -> LineRows:
    """Lines of one kind that name no other party."""
    count = len(product)
    absent, empty = np.full(count, -1, dtype=np.int64), np.full(count, "", dtype=object)
    return LineRows(
        organisation=owner[product], kind=np.full(count, kind, dtype=np.int64), product=product, grams=grams,
        fen=absent, partner=absent, day=absent, licence=empty, declaration=empty, invoice=empty, batch=empty,
        made_from=empty, note=np.full(count, note, dtype=object),
    )  # fmt: skip


def line_rows(
    owner: Ints, organisations: int, done: MonthFlows, threads: Threads, lots: Texts, papers: tuple[Texts, Texts, Texts]
) -> LineRows:  # fmt: skip
    """All lines that the month gives, for every organisation whether it files or not. `owner` is by product."""
    shown = _shown(done)
    lost, gained = np.flatnonzero(done.lost > 0), np.flatnonzero(done.gained > 0)
    parts = [
        _rows(owner, _KIND["opening"], shown, done.opening[shown]),
        _rows(owner, _KIND["closing"], shown, done.closing[shown]),
        _rows(owner, _KIND["gained"], gained, done.gained[gained], note=_GAIN_NOTE),
        _rows(owner, _KIND["lost"], lost, done.lost[lost], note=_LOSS_NOTE),
        *_worked(owner, done, threads, lots),
        *_moved(owner, organisations, done.moves, threads, papers),
    ]
    whole = LineRows(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(LineRows)}
    )
    return whole.take(np.lexsort((whole.day, whole.product, whole.kind, whole.organisation)))


def _shown(done: MonthFlows) -> Ints:
    """Products that have or had a stock, or moved."""
    touched: Bools = (done.opening > 0) | (done.closing > 0)
    for product in (done.moves.giver, done.moves.taker, done.runs.in_product, done.runs.out_product):
        touched[product[product >= 0]] = True
    return np.flatnonzero(touched)


def _worked(owner: Ints, done: MonthFlows, threads: Threads, lots: Texts) -> list[LineRows]:
    """One line for what was consumed of a product, one a lot for what was made, one for what was made without."""
    runs, size = done.runs, len(done.opening)
    numbered = lots != ""
    used = sum_by(runs.in_product, runs.in_grams, size)
    aside = sum_by(np.where(numbered, -1, runs.out_product), runs.out_grams, size)
    consumed, left = np.flatnonzero(used), np.flatnonzero(aside)
    main = np.flatnonzero(numbered)
    return [
        _rows(owner, _KIND["consumed"], consumed, used[consumed]),
        _rows(owner, _KIND["produced"], left, aside[left]),
        replace(
            _rows(owner, _KIND["produced"], runs.out_product[main], runs.out_grams[main]),
            batch=lots[main],
            made_from=threads.run_made_from[runs.out_run[main]],
        ),
    ]


def _moved(
    owner: Ints, organisations: int, moves: Moves, threads: Threads, papers: tuple[Texts, Texts, Texts]
) -> list[LineRows]:
    """Each move as its giver and as its taker report it: the same kilograms, money, day and invoice."""
    invoice, declaration, licence = papers
    notes = np.array(
        [_TOLL_NOTES.get(what, _RETURN_NOTE if what == RETURN else "") for what in range(6)], dtype=object
    )
    sides = (
        (moves.giver, moves.taker_org, _GIVES),
        (moves.taker, moves.giver_org, _TAKES),
    )
    parts = []
    for product, other, kinds in sides:
        kind = np.array([_KIND.get(kinds.get(what, ""), -1) for what in range(6)])[moves.what]
        at = np.flatnonzero((product >= 0) & (kind >= 0))
        partner = np.where(other >= 0, other, organisations + moves.outsider)
        parts.append(
            replace(
                _rows(owner, 0, product[at], moves.grams[at]),
                kind=kind[at], fen=moves.fen[at], partner=partner[at], day=moves.day[at], licence=licence[at],
                declaration=declaration[at], invoice=invoice[at], batch=threads.move_lot[at], note=notes[moves.what[at]],
            )
        )  # fmt: skip
    return parts
