"""Stock per product and mass per element of one filing, as they stand: what is shown beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from portal.core.quantities import plain
from reporting import frames
from reporting.checks.columns import CONTENT_COLUMNS, ELEMENTS, IN_KINDS, KIND_CODES, NA, STAGE_CODES
from reporting.models import Filing

__all__ = ["Balances", "ElementBalance", "ProductBalance", "balances_of"]

_HALVES: Final = np.array(
    [1000, 100, 10, 1], dtype=np.int64
)  # half a unit of the last decimal, in half-grams
_OPENING, _CLOSING = KIND_CODES["opening"], KIND_CODES["closing"]
_PRODUCED, _CONSUMED = KIND_CODES["produced"], KIND_CODES["consumed"]


@dataclass(frozen=True, slots=True)
class ProductBalance:
    """One product's month in whole grams. ``difference_g`` = in − out; ``state`` is balanced, over, short or unknown.

    ``tolerance_g`` is what rounding of the figures as reported can explain, in grams (text, it may end in .5).
    """

    code: str
    name: str
    opening_g: int
    in_g: int  # opening left out
    out_g: int  # closing left out
    closing_g: int
    difference_g: int
    tolerance_g: str
    state: str

    @property
    def opening(self) -> str:
        return plain(self.opening_g)

    @property
    def into(self) -> str:
        return plain(self.in_g)

    @property
    def out(self) -> str:
        return plain(self.out_g)

    @property
    def closing(self) -> str:
        return plain(self.closing_g)

    @property
    def difference(self) -> str:
        return plain(self.difference_g)

    @property
    def expected_closing(self) -> str:
        """The closing stock with which in would equal out."""
        return plain(self.closing_g + self.difference_g)


@dataclass(frozen=True, slots=True)
class ElementBalance:
    """Kilograms of one element over the whole enterprise, estimated from the contents: a material balance.

    What came in (opening stock, receipts, ore out of the ground) beside what went out (deliveries, losses reported,
    closing stock). What is only turned from one product into another cancels. ``share_pct`` = difference / in.
    """

    symbol: str
    in_kg: str
    out_kg: str
    difference_kg: str
    share_pct: float


@dataclass(frozen=True, slots=True)
class Balances:
    """The balances of one filing; ``unplaced`` counts lines that name no known product, kind or quantity."""

    products: Sequence[ProductBalance]
    elements: Sequence[ElementBalance]
    unplaced: int


def balances_of(filing: Filing) -> Balances:
    """The balances of a filing as it stands, draft or filed. Products in the order of their codes."""
    tables = frames.tables_of(frames.alone(filing))
    lines = tables.lines
    sound = (lines["product_id"] != NA) & (lines["kind"] != 0) & (lines["quantity_g"] != NA)
    kept = lines[sound]
    products = tables.products.sort_values("code")
    held = products[products["product_id"].isin(kept["product_id"])]
    elements = _elements(kept, held, _shares(kept, held, tables.lots))
    return Balances(_products(kept, held), elements, int((~sound).sum()))


def _place(lines: pd.DataFrame, products: pd.DataFrame) -> npt.NDArray[np.int64]:
    places: npt.NDArray[np.int64] = pd.Index(products["product_id"]).get_indexer(
        pd.Index(lines["product_id"])
    )
    return places


def _sums(place: npt.NDArray[np.int64], amounts: npt.NDArray[np.int64], size: int) -> list[int]:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, place, amounts)
    summed: list[int] = total.tolist()
    return summed


def _products(lines: pd.DataFrame, products: pd.DataFrame) -> list[ProductBalance]:
    place, size = _place(lines, products), len(products)
    kind, grams = lines["kind"].to_numpy(), lines["quantity_g"].to_numpy()
    into = np.isin(kind, IN_KINDS)
    opening = _sums(place, np.where(kind == _OPENING, grams, 0), size)
    closing = _sums(place, np.where(kind == _CLOSING, grams, 0), size)
    received = _sums(place, np.where(into & (kind != _OPENING), grams, 0), size)
    given = _sums(place, np.where(~into & (kind != _CLOSING), grams, 0), size)
    allowed = _sums(place, _HALVES[np.clip(lines["quantity_dp"].to_numpy(), 0, 3)], size)
    rows: list[Any] = list(zip(opening, received, given, closing, allowed, strict=True))
    names = zip(products["code"].tolist(), products["name"].tolist(), strict=True)
    return [_product(code, name, *row) for (code, name), row in zip(names, rows, strict=True)]


def _product(
    code: str, name: str, opening: int, received: int, given: int, closing: int, allowed: int
) -> ProductBalance:
    difference = opening + received - given - closing
    state = "balanced" if abs(difference) * 2 <= allowed else ("over" if difference > 0 else "short")
    tolerance = f"{allowed // 2}.5" if allowed % 2 else str(allowed // 2)
    return ProductBalance(code, name, opening, received, given, closing, difference, tolerance, state)


def _shares(lines: pd.DataFrame, products: pd.DataFrame, lots: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return the contents of each line's goods as fractions: an assayed lot's own stand above its product's."""
    names = list(CONTENT_COLUMNS)
    share = products[names].to_numpy(dtype=np.float64)[_place(lines, products)]
    keys = pd.MultiIndex.from_arrays([lots["product_id"], lots["batch"].astype(object)])
    wanted = pd.MultiIndex.from_arrays([lines["product_id"], lines["batch"].astype(object)])
    lot = keys.get_indexer(wanted)
    share[lot >= 0] = lots[names].to_numpy(dtype=np.float64)[lot[lot >= 0]]
    known: npt.NDArray[np.float64] = np.nan_to_num(share) / 100
    return known


def _elements(
    lines: pd.DataFrame, products: pd.DataFrame, shares: npt.NDArray[np.float64]
) -> list[ElementBalance]:
    masses = (lines["quantity_g"].to_numpy() / 1000)[:, None] * shares
    kind = lines["kind"].to_numpy()
    stage = products["stage"].to_numpy()[_place(lines, products)]
    ore = (kind == _PRODUCED) & (stage == STAGE_CODES["concentrate"])
    turned = np.isin(kind, (_PRODUCED, _CONSUMED)) & ~ore
    into = (np.isin(kind, IN_KINDS) & ~turned) | ore
    out = ~np.isin(kind, IN_KINDS) & ~turned
    totals = zip(ELEMENTS, masses[into].sum(axis=0).tolist(), masses[out].sum(axis=0).tolist(), strict=True)
    return [_element(symbol, received, given) for symbol, received, given in totals if received or given]


def _element(symbol: str, received: float, given: float) -> ElementBalance:
    difference = received - given
    share = 100 * difference / received if received else -100.0
    return ElementBalance(symbol, f"{received:.3f}", f"{given:.3f}", f"{difference:.3f}", share)
