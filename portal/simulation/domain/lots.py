"""Which lot is in which stock: first in, first out, so that batches and `from_batches` tell a true story."""

from dataclasses import dataclass

import numpy as np

from portal.simulation.domain.chance import Ints, Texts


@dataclass(frozen=True)
class Drawn:
    """For each draw, the pieces of lots that it took: piece k belongs to draw `draw[k]`."""

    draw: Ints
    label: Texts
    origin: Texts
    grams: Ints
    pieces: Ints

    def sole_labels(self) -> tuple[Texts, Texts]:
        """For each draw the label and origin of its lot, both empty where it took from several lots."""
        count = len(self.pieces)
        labels, origins = np.full(count, "", dtype=object), np.full(count, "", dtype=object)
        first = np.cumsum(self.pieces) - self.pieces
        alone = self.pieces == 1
        labels[alone], origins[alone] = self.label[first[alone]], self.origin[first[alone]]
        return labels, origins


class LotBook:
    """The lots in every stock, oldest first. An empty label is stock whose lot nobody wrote down."""

    def __init__(self) -> None:
        self._product = np.zeros(0, dtype=np.int64)
        self._grams = np.zeros(0, dtype=np.int64)
        self._label = np.zeros(0, dtype=object)
        self._origin = np.zeros(0, dtype=object)

    def add(self, product: Ints, grams: Ints, label: Texts, origin: Texts) -> None:
        """Put lots into stock behind what is there. `origin` is the supplier's USCC, empty for one's own lot."""
        keep = grams > 0
        product = np.concatenate([self._product, product[keep]])
        order = np.argsort(product, kind="stable")
        self._product = product[order]
        self._grams = np.concatenate([self._grams, grams[keep]])[order]
        self._label = np.concatenate([self._label, label[keep]])[order]
        self._origin = np.concatenate([self._origin, origin[keep]])[order]

    def draw(self, product: Ints, grams: Ints) -> Drawn:
        """Take from the oldest lots, in the order given; every draw must be covered by the stock."""
        ends = np.cumsum(self._grams)
        begins = ends - self._grams
        order = np.argsort(product, kind="stable")
        sorted_product, sorted_grams = product[order], grams[order]
        run = np.cumsum(sorted_grams) - sorted_grams
        first_of_group = np.searchsorted(sorted_product, sorted_product)
        first_lot = np.searchsorted(self._product, sorted_product)
        start = begins[first_lot] + run - run[first_of_group]
        stop = start + sorted_grams
        low = np.searchsorted(ends, start, side="right")
        high = np.searchsorted(ends, stop - 1, side="right")
        drawn = self._pieces(order, low, high, start, stop)
        self._take(product, grams, begins)
        return drawn

    def _pieces(self, order: Ints, low: Ints, high: Ints, start: Ints, stop: Ints) -> Drawn:
        """Back in the order of the draws, with the grams that each took of each lot."""
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        low, high, start, stop = low[back], high[back], start[back], stop[back]
        pieces = high - low + 1
        draw = np.repeat(np.arange(len(pieces)), pieces)
        lot = low[draw] + np.arange(len(draw)) - (np.cumsum(pieces) - pieces)[draw]
        ends = np.cumsum(self._grams)
        grams = np.minimum(ends[lot], stop[draw]) - np.maximum(ends[lot] - self._grams[lot], start[draw])
        return Drawn(draw, self._label[lot], self._origin[lot], grams, pieces)

    def _take(self, product: Ints, grams: Ints, begins: Ints) -> None:
        """Lower the lots by what was drawn and forget those that are used up."""
        if not len(product):
            return
        found, group = np.unique(product, return_inverse=True)
        totals = np.zeros(len(found), dtype=np.int64)
        np.add.at(totals, group, grams)
        at = np.searchsorted(found, self._product)
        inside = np.minimum(at, len(found) - 1)
        total = np.where(found[inside] == self._product, totals[inside], 0)
        reach = begins[np.searchsorted(self._product, self._product)] + total
        self._grams = self._grams - np.clip(reach - begins, 0, self._grams)
        keep = self._grams > 0
        self._product, self._grams = self._product[keep], self._grams[keep]
        self._label, self._origin = self._label[keep], self._origin[keep]

    def grams_of(self, products: int) -> Ints:
        """The stock of each product as the book has it."""
        held = np.zeros(products, dtype=np.int64)
        np.add.at(held, self._product, self._grams)
        return held
