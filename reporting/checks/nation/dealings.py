"""What is kept of trade for prices and for the paths of goods: sums by pair, product and month; goods; clients as they are named.

Whole numbers alone where rows are many; words stand once a product and once a client.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.chemistry import METAL_FRACTIONS
from reporting.checks.columns import ELEMENTS, KIND_CODES, NA, STAGE_CODES
from reporting.checks.derive.context import Array, Context, Ints
from reporting.checks.derive.products import contents
from reporting.checks.nation.columns import References

__all__ = ["HEAVY_STEPS", "TRADES", "clients", "dealt", "goods"]

Floats = npt.NDArray[np.float64]
TRADES: Final = ("sold", "exported", "purchased", "imported", "returned_in", "returned_out")
_CODES: Final = tuple(KIND_CODES[name] for name in TRADES)
_HEAVY: Final = [ELEMENTS.index(name) for name in ("dy", "tb")]
HEAVY_STEPS: Final = (0.05, 0.75, 1.75, 3.5, 7.0)
"""Per cent of dysprosium and terbium in the rare earths of a product: goods of one step are worth about the same a kilogram."""
_OXIDE: Final = STAGE_CODES["oxide"]
_PRASEODYMIUM, _NEODYMIUM = ELEMENTS.index("pr"), ELEMENTS.index("nd")


class Lines(Protocol):
    """The columns of lines that are read here, as gathering has them."""

    filing: Ints
    product: Ints
    kind: Array
    known: Array
    grams: Ints
    period: Array
    organisation: Array
    mass: Floats
    other: Ints


def dealt(context: Context, lines: Lines) -> pd.DataFrame:
    """Goods that changed hands, by enterprise, counterparty, product, kind and month; money where it is reported.

    ``priced_kg`` is the rare earth, and ``priced_g`` the goods, of the lines that have a value.
    """
    party = context.array("lines", "counterparty_id")
    value = context.array("lines", "value_fen")
    day = context.array("lines", "date")
    chosen = lines.known & np.isin(lines.kind, _CODES) & (party != NA) & (lines.product >= 0)
    at = np.flatnonzero(chosen & (lines.organisation != NA))
    priced = (value[at] != NA) & (value[at] > 0)
    contained = lines.mass[at].sum(axis=1)
    frame = pd.DataFrame({
        "organisation_id": lines.organisation[at], "counterparty_id": party[at], "other_id": lines.other[at],
        "product_id": context.array("lines", "product_id")[at], "kind": lines.kind[at].astype(np.int64),
        "period": lines.period[at], "grams": lines.grams[at], "contained_kg": contained,
        "fen": np.where(priced, value[at], 0), "priced_kg": np.where(priced, contained, 0.0),
        "priced_g": np.where(priced, lines.grams[at], 0),
        "first_day": day[at], "last_day": day[at],
    })  # fmt: skip
    keys = ["organisation_id", "counterparty_id", "other_id", "product_id", "kind", "period"]
    summed = ("grams", "contained_kg", "fen", "priced_kg", "priced_g")
    how: dict[str, Any] = dict.fromkeys(summed, "sum") | {"first_day": "min", "last_day": "max"}
    return frame.groupby(keys, as_index=False, sort=True).agg(how)


def goods(context: Context, references: References) -> pd.DataFrame:
    """Each product with what makes goods comparable: stage, family, grade, the element most of it is, how much heavy is in it.

    ``worth``: what a kilogram of its rare earths is worth in kilograms of neodymium, by the reference prices of oxides."""
    found = np.nan_to_num(context.once(contents))
    whole = found.sum(axis=1)
    joined = found.copy()
    joined[:, _NEODYMIUM] += joined[:, _PRASEODYMIUM]
    joined[:, _PRASEODYMIUM] = 0.0
    heavy = np.divide(100 * found[:, _HEAVY].sum(axis=1), whole, out=np.zeros(len(whole)), where=whole > 0)
    worth = np.divide(found @ _worths(references), whole, out=np.ones(len(whole)), where=whole > 0)
    return pd.DataFrame({
        "product_id": context.array("products", "product_id"), "worth": worth,
        "stage": context.array("products", "stage").astype(np.int64),
        "family": words(context, "products", "family"), "grade": words(context, "products", "grade"),
        "main": np.where(whole > 0, joined.argmax(axis=1), NA), "heavy": np.searchsorted(HEAVY_STEPS, heavy),
    })  # fmt: skip


def _worths(references: References) -> Floats:
    """CNY a kilogram of each element over that of neodymium, the middle of all months; 1 where no price is known."""
    prices = references.prices
    home = prices[(prices["stage"] == _OXIDE) & prices["market"].isin(["home"])]
    middle = (home["low_fen"] + home["high_fen"]).groupby(home["main_element"].astype(object)).median()
    names = ["nd" if name == "pr" else name for name in ELEMENTS]
    a_kg = middle.reindex(names).to_numpy(dtype=float) / METAL_FRACTIONS
    worths: Floats = np.nan_to_num(a_kg / a_kg[_NEODYMIUM], nan=1.0)
    return worths


def clients(context: Context) -> pd.DataFrame:
    """Each counterparty as one enterprise names it. ``party``: its number if it has one, else its name and country;
    ``opaque``: nobody could find it by what is told, for number or address are missing."""
    text = {
        name: words(context, "counterparties", name)
        for name in ("name", "country", "id_type", "id_number", "address", "city")
    }
    spelt = (
        pd.Series(text["name"], dtype=object).str.casefold().str.split().str.join(" ").to_numpy(dtype=object)
    )
    numbered = (text["id_type"] != "") & (text["id_number"] != "")
    place = (
        pd.Series(text["city"] + text["address"], dtype=object)
        .str.casefold()
        .str.replace(r"\s", "", regex=True)
    )
    return pd.DataFrame({
        "counterparty_id": context.array("counterparties", "counterparty_id"),
        "organisation_id": context.array("counterparties", "organisation_id"),
        "party": np.where(numbered, text["id_type"] + ":" + text["id_number"], text["country"] + ":" + spelt),
        "name": text["name"], "country": text["country"],
        "place": np.where(text["address"] != "", place.to_numpy(dtype=object), ""),
        "opaque": ~numbered | (text["address"] == ""),
    })  # fmt: skip


def words(context: Context, table: str, name: str) -> npt.NDArray[np.object_]:
    """A text column as words, "" where there is none."""
    found = context.text(table, name)
    known: npt.NDArray[np.object_] = np.array([*found.words, ""], dtype=object)
    said: npt.NDArray[np.object_] = known[found.codes]
    return said
