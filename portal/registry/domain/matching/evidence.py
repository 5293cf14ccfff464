"""How much each part of two records speaks for one party behind both: weights in bits, after Fellegi and Sunter (1969).

A weight is the binary logarithm of how much more often the parts agree so between two records of one party than between
two records taken at random. A rare brand says more than a common one; a place that differs says a great deal against.
Numbers decide alone: the same valid number is the same party, two valid numbers of one kind never are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cpdist

Floats = npt.NDArray[np.float64]


def _(text: str) -> str:
    """Mark words for translation; they are translated where they are shown."""
    return text


PARTS: Final[Mapping[str, str]] = {
    "prior": _("How seldom two records taken at random are one party"),
    "brand": _("Brand"),
    "place": _("Place"),
    "industry": _("Industry"),
    "form": _("Legal form"),
    "country": _("Country"),
    "address": _("Address"),
    "goods": _("Goods traded"),
    "months": _("Months of trade in one register"),
}
"""The parts of the evidence, in the order in which they are shown."""

_DIGITS: Final = re.compile(r"\d+")
FORMS_TRANSLATED: Final = frozenset(
    {"CN", "HK", "JP", "KR", "TH", "TW", "VN"}
)  # where Co., Ltd. may stand for any form
IMAGINED: Final = 5_000  # companies outside the register among which a brand may occur again
LONG: Final = 14  # letters of a Latin name from which a slip of the pen is likelier than another company
COMMON: Final = 2.5  # how many of them carry a brand never seen so far


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights that do not depend on how rare a brand is, in bits."""

    place_same: float = 2.5
    place_differs: float = -5.0
    industry_each: float = 1.8
    industry_most: float = 2.8
    industry_differs: float = -3.0
    form_same: float = 0.5
    form_differs: float = -1.0
    form_differs_latin: float = (
        -4.0
    )  # abroad the form is part of the name, and a group has one company of each
    country_same: float = 1.0
    country_differs: float = -9.0
    address_same: float = 6.0
    address_alike: float = 3.0
    address_differs: float = -1.0
    brand_differs: float = -8.0
    written_alike: float = 1.25  # of the full weight: the whole name is, not the brand alone
    long_slip: float = 1.0  # of the full weight: a long Latin name with one letter more, less or other
    brand_same_han: float = 1.1  # of the full weight: the same characters say more than the same sound
    brand_slip: float = 0.45  # of the full weight: a letter more, less or other
    brand_homophone: float = 0.3  # of the full weight: other characters of the same sound
    across_scripts: float = 0.9  # of the full weight: pinyin may stand for several brands


WEIGHTS: Final = Weights()


def weigh(names: pd.DataFrame, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> pd.DataFrame:
    """The weights of each pair of names by part (columns as in ``PARTS`` but for what trade says), in bits.

    ``names`` has a row for each name: brand, brand_han, core, words, place, industry, form (see ``NameSlots``), country, address.
    """
    one, other = names.iloc[left].reset_index(drop=True), names.iloc[right].reset_index(drop=True)
    full = _rarity(names["brand"])[left]
    return pd.DataFrame(
        {
            "prior": np.full(len(left), -np.log2(len(names) + IMAGINED)),
            "brand": _brand(one, other, full),
            "place": _same_or_not(one["place"], other["place"], WEIGHTS.place_same, WEIGHTS.place_differs),
            "industry": _industry(one["industry"].to_numpy(), other["industry"].to_numpy()),
            "form": _form(one, other),
            "country": _same_or_not(
                one["country"], other["country"], WEIGHTS.country_same, WEIGHTS.country_differs
            ),
            "address": _address(one["address"], other["address"]),
        }
    )


def score_of(bits: Floats) -> npt.NDArray[np.int64]:
    """Bits for against as a score from 0 to 100: the probability, in per cent, rounded down so that 100 is never chance."""
    probability = 1.0 / (1.0 + np.exp2(-np.clip(bits, -60, 60)))
    return np.minimum(np.floor(100 * probability), 99).astype(np.int64)


def _rarity(brands: pd.Series[str]) -> Floats:
    counts = brands.map(brands.value_counts()).to_numpy(dtype=np.float64)
    rarity: Floats = -np.log2((counts + COMMON) / (len(brands) + IMAGINED))
    return rarity


def _brand(one: pd.DataFrame, other: pd.DataFrame, full: Floats) -> Floats:
    first, second = one["brand"].to_numpy(dtype=object), other["brand"].to_numpy(dtype=object)
    han, han_other = one["brand_han"].to_numpy(dtype=object), other["brand_han"].to_numpy(dtype=object)
    core, core_other = one["core"].to_numpy(dtype=object), other["core"].to_numpy(dtype=object)
    in_order = (one["words"].to_numpy() == other["words"].to_numpy()) & (core != "")
    written_alike = ((core == core_other) & (core != "")) | in_order
    sounds_alike = (first == second) & (first != "")
    both_han = (han != "") & (han_other != "")
    across = (han != "") ^ (han_other != "")
    slip = (_distance(first, second) == 1) & (first != "") & ~(both_han & (han != han_other))
    long = np.char.str_len(core.astype(str)) >= LONG
    long_slip = (_distance(core, core_other) == 1) & long & (han == "") & (han_other == "")
    cases = (
        (written_alike, WEIGHTS.written_alike),
        (sounds_alike & both_han & (han != han_other), WEIGHTS.brand_homophone),
        (sounds_alike & both_han, WEIGHTS.brand_same_han),
        (sounds_alike & across, WEIGHTS.across_scripts),
        (sounds_alike, 1.0),
        (long_slip, WEIGHTS.long_slip),
        (slip, WEIGHTS.brand_slip),
    )
    share = np.select([case for case, _share in cases], [share for _case, share in cases], default=0.0)
    weight: Floats = np.where(share > 0, full * share, WEIGHTS.brand_differs)
    return weight


def _distance(one: npt.NDArray[np.object_], other: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    if not len(one):
        return np.empty(0, dtype=np.int64)
    distances: npt.NDArray[np.int64] = cpdist(
        one.tolist(), other.tolist(), scorer=DamerauLevenshtein.distance
    )
    return distances


def _same_or_not(one: pd.Series[str], other: pd.Series[str], same: float, differs: float) -> Floats:
    first, second = one.to_numpy(dtype=object), other.to_numpy(dtype=object)
    weight: Floats = np.where((first == "") | (second == ""), 0.0, np.where(first == second, same, differs))
    return weight


def _industry(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> Floats:
    shared = np.bitwise_count((one & other).astype(np.uint64))
    agreeing = np.minimum(shared * WEIGHTS.industry_each, WEIGHTS.industry_most)
    weight: Floats = np.where(
        (one == 0) | (other == 0), 0.0, np.where(shared > 0, agreeing, WEIGHTS.industry_differs)
    )
    return weight


def _form(one: pd.DataFrame, other: pd.DataFrame) -> Floats:
    """A form that differs counts only within one script: translations choose freely."""
    weight = _same_or_not(one["form"], other["form"], WEIGHTS.form_same, WEIGHTS.form_differs)
    latin, latin_other = one["brand_han"].to_numpy() == "", other["brand_han"].to_numpy() == ""
    own = ~(one["country"].isin(FORMS_TRANSLATED) | other["country"].isin(FORMS_TRANSLATED)).to_numpy()
    weight = np.where(latin & latin_other & own & (weight < 0), WEIGHTS.form_differs_latin, weight)
    return np.where(latin != latin_other, np.maximum(weight, 0.0), weight)


def _address(one: pd.Series[str], other: pd.Series[str]) -> Floats:
    """Addresses alike but for their numbers are neighbours at best."""
    first, second = one.tolist(), other.tolist()
    alike = cpdist(first, second, scorer=fuzz.token_sort_ratio) if first else np.empty(0)
    given = (one.to_numpy() != "") & (other.to_numpy() != "")
    elsewhere = np.array([_other_numbers(*pair) for pair in zip(first, second, strict=True)], dtype=bool)
    weight = np.select(
        [elsewhere | (alike < 40), alike >= 92, alike >= 78],
        [WEIGHTS.address_differs, WEIGHTS.address_same, WEIGHTS.address_alike],
        default=0.0,
    )
    return np.where(given, weight, 0.0)


@lru_cache(maxsize=500_000)
def _numbers(address: str) -> frozenset[str]:
    return frozenset(_DIGITS.findall(address))


def _other_numbers(one: str, other: str) -> bool:
    mine, theirs = _numbers(one), _numbers(other)
    return bool(mine and theirs and mine.isdisjoint(theirs))
