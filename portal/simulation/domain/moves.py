"""Goods that change hands in a month: sales, exports, imports, returns, tolling."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from portal.simulation.domain.chance import Bools, Chance, Floats, Ints
from portal.simulation.domain.network import Toll
from portal.simulation.domain.standing import Standing

#: What a move is. The first three are the kinds of a standing trade.
HOME, EXPORT, IMPORT, RETURN, TOLL_OUT, TOLL_BACK = 0, 1, 2, 3, 4, 5
_RETURNED: Final = 0.004
#: Nobody sells off the last tenth of a month's trade.
_LEAST_STOCK: Final = 0.1
#: Nor is an invoice written for less than this part of a month's usual trade.
_LEAST_INVOICE: Final = 0.015
_TOLL_FEE_FEN_PER_KG: Final = 1150


@dataclass(frozen=True)
class Moves:
    """One row each; -1 where there is no product, organisation, outsider, trade or value. Grams and fen."""

    what: Ints
    giver: Ints
    taker: Ints
    giver_org: Ints
    taker_org: Ints
    outsider: Ints
    grams: Ints
    fen: Ints
    day: Ints
    trade: Ints

    def __len__(self) -> int:
        return len(self.what)

    def take(self, rows: Ints) -> "Moves":
        """The rows chosen, in that order."""
        return Moves(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @staticmethod
    def join(parts: list["Moves"]) -> "Moves":
        """All parts, ordered by day."""
        whole = {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Moves)}
        return Moves(**whole).take(np.argsort(whole["day"], kind="stable"))

    @staticmethod
    def none() -> "Moves":
        """No move at all."""
        return Moves(**{f.name: np.zeros(0, dtype=np.int64) for f in fields(Moves)})


def sum_by(index: Ints, amounts: Ints, size: int) -> Ints:
    """Exact sums of `amounts` by `index`; rows with index -1 are left out."""
    totals = np.zeros(size, dtype=np.int64)
    keep = index >= 0
    np.add.at(totals, index[keep], amounts[keep])
    return totals


def whole_units(grams: Floats, unit: Ints) -> Ints:
    """Down to the last reported decimal."""
    return np.floor(np.maximum(grams, 0.0) / unit).astype(np.int64) * unit


def trade_moves(
    standing: Standing, chance: Chance, stock: Ints, free: Ints, active: Bools, season: float,
    prices: tuple[Floats, Floats], days: int,
) -> Moves:  # fmt: skip
    """The month's sales, exports and imports, invoice by invoice; `free` is the stock that may be sold."""
    trades = standing.trades
    asked = _asked(standing, chance, stock, active, season)
    seller = np.maximum(trades.giver, 0)
    inland = trades.giver >= 0
    free = np.where(free < _LEAST_STOCK * standing.flow, 0, free)
    total = np.bincount(seller, weights=np.where(inland, asked, 0.0), minlength=len(stock))
    scale = np.minimum(1.0, 0.95 * free / np.maximum(total, 1e-9))
    grams = np.where(inland, asked * scale[seller], asked)
    lines = 1 + chance.below(trades.most_lines)
    trade = np.repeat(np.arange(len(grams)), lines)
    weight = chance.uniform(len(trade), 0.5, 1.5)
    part = weight / np.bincount(trade, weights=weight, minlength=len(grams))[trade]
    product = np.where(inland, trades.giver, trades.taker)[trade]
    unit = standing.unit[product]
    split = whole_units(grams[trade] * part, unit)
    home, export = prices
    price = np.where(trades.kind[trade] == EXPORT, export[product], home[product]) * trades.bargain[trade]
    fen = np.rint(split * price * (1.0 + 0.008 * chance.bell(len(trade))) / 10.0).astype(np.int64)
    day = 1 + chance.below(np.full(len(trade), days))
    keep = np.flatnonzero((split >= 5 * unit) & (split >= _LEAST_INVOICE * trades.grams[trade]))
    return Moves(
        trades.kind[trade], trades.giver[trade], trades.taker[trade], trades.giver_org[trade], trades.taker_org[trade],
        trades.outsider[trade], split, fen, day, trade,
    ).take(keep)  # fmt: skip


def _asked(standing: Standing, chance: Chance, stock: Ints, active: Bools, season: float) -> Floats:
    """Grams asked for in each standing trade: buyers refill their stock, outsiders buy as they please."""
    trades = standing.trades
    gap = standing.target - stock
    order = np.clip(standing.bought * season + 0.4 * gap, 0.0, 2.0 * standing.bought)
    inside = order[np.maximum(trades.taker, 0)] * trades.share
    full = np.maximum(standing.target[np.maximum(trades.giver, 0)], 1.0)
    glut = np.clip(stock[np.maximum(trades.giver, 0)] / full - 0.6, 1.0, 2.2)
    outside = trades.grams * season * glut / trades.frequency
    asked = np.where(trades.taker >= 0, inside, outside) * (1.0 + 0.1 * chance.bell(len(inside)))
    awake = np.append(active, True)
    happens = (
        awake[trades.giver_org] & awake[trades.taker_org] & (chance.uniform(len(inside)) < trades.frequency)
    )
    return np.where(happens, np.maximum(asked, 0.0), 0.0)


def return_moves(
    standing: Standing, chance: Chance, last: Moves, stock: Ints, active: Bools, days: int
) -> Moves:
    """A few of last month's sales come back in part; the goods are still in the buyer's stock, or were an outsider's."""
    drawn = chance.uniform(len(last)) < _RETURNED
    awake = np.append(active, True)
    chosen = np.flatnonzero(drawn & (last.what <= EXPORT) & awake[last.giver_org] & awake[last.taker_org])
    sold = last.take(chosen)
    part = chance.uniform(len(sold), 0.06, 0.3)
    grams = whole_units(sold.grams * part, standing.unit[sold.giver])
    held = np.where(sold.taker >= 0, stock[np.maximum(sold.taker, 0)] // 4, grams)
    first = np.zeros(len(sold), dtype=bool)
    first[np.unique(sold.taker * (len(stock) + 1) + sold.giver, return_index=True)[1]] = True
    fen = np.rint(sold.fen * (grams / np.maximum(sold.grams, 1))).astype(np.int64)
    day = 1 + chance.below(np.full(len(sold), days))
    back = Moves(
        np.full(len(sold), RETURN), sold.taker, sold.giver, sold.taker_org, sold.giver_org, sold.outsider, grams, fen, day,
        sold.trade,
    )  # fmt: skip
    return back.take(np.flatnonzero((grams > 0) & (grams <= held) & first))


class TollDesk:
    """Metal sent to be cast, and the strip that is owed for it."""

    def __init__(self, tolls: list[Toll], standing: Standing) -> None:
        def column(name: str) -> Ints:
            return np.array([getattr(toll, name) for toll in tolls], dtype=np.int64)

        self._metal, self._into = column("owner_metal"), column("toller_metal")
        self._from, self._strip = column("toller_strip"), column("owner_strip")
        self._month = np.array([toll.metal_month * 1000 for toll in tolls])
        self._ratio = np.array([toll.strip_per_metal for toll in tolls])
        self._owed = np.zeros(len(tolls))
        self._standing = standing

    def moves(self, chance: Chance, stock: Ints, active: Bools, season: float, days: int) -> Moves:
        """This month's metal out and, of what is owed from before, strip back."""
        owner = self._standing.organisation
        awake = active[owner[self._metal]] & active[owner[self._into]]
        metal = np.minimum(
            self._month * season * (1.0 + 0.08 * chance.bell(len(self._month))), stock[self._metal] / 5
        )
        metal = np.where(awake, metal, 0.0)
        strip = np.where(awake, np.minimum(self._owed, stock[self._from] / 6), 0.0)
        sent = whole_units(metal, self._standing.unit[self._metal])
        back = whole_units(strip, self._standing.unit[self._from])
        self._owed = self._owed + sent * self._ratio - back
        fee = back * _TOLL_FEE_FEN_PER_KG // 1000
        out = self._rows(chance, TOLL_OUT, self._metal, self._into, sent, np.full(len(sent), -1), days)
        return Moves.join([out, self._rows(chance, TOLL_BACK, self._from, self._strip, back, fee, days)])

    def _rows(
        self, chance: Chance, what: int, giver: Ints, taker: Ints, grams: Ints, fen: Ints, days: int
    ) -> Moves:
        owner, nobody = self._standing.organisation, np.full(len(grams), -1)
        day = 1 + chance.below(np.full(len(grams), days))
        rows = Moves(
            np.full(len(grams), what),
            giver,
            taker,
            owner[giver],
            owner[taker],
            nobody,
            grams,
            fen,
            day,
            nobody,
        )
        return rows.take(np.flatnonzero(grams > 0))
