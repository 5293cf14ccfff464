"""What is classified: one good as it is said, and many goods as columns of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from licensing.domain.classification import contents
from licensing.domain.classification.control_list import ControlList

FORMS: Final = (
    "metal", "alloy", "target", "magnet", "oxide", "compound", "concentrate", "assembly", "scrap",
)  # fmt: skip
LEVELS: Final = ("bulk", "primary_shape", "assembly", "downstream")
MISSING: Final = -1

STAGE_FORMS: Final[Mapping[str, str]] = {
    "concentrate": "concentrate",
    "mixed_carbonate": "compound",
    "oxide": "oxide",
    "metal": "metal",
    "alloy": "alloy",
    "magnet_block": "magnet",
    "magnet": "magnet",
    "assembly": "assembly",
    "scrap": "scrap",
    "target": "target",
    "compound": "compound",
}
"""Stage of a product -> form of a good."""


@dataclass(frozen=True)
class FamilyMeaning:
    """What the name of a family says by itself: the rare earth it is named after, and the other metals in it."""

    rare_earths: tuple[str, ...] = ()
    metals: tuple[str, ...] = ()


FAMILIES: Final[dict[str, FamilyMeaning]] = {
    "ndfeb": FamilyMeaning(("nd",), ("fe", "b")),
    "smco": FamilyMeaning(("sm",), ("co",)),
    "other": FamilyMeaning(),
}


@dataclass(frozen=True)
class Good:
    """One good. ``contents`` are mass per cent of the element; what is not in it is unknown, 0 is measured absence."""

    id: str = ""
    on: date | None = None
    form: str | None = None
    family: str | None = None
    grade: str = ""
    processing_level: str | None = None
    contents: Mapping[str, Decimal] = field(default_factory=dict)
    partners: tuple[str, ...] = ()
    hs_code: str = ""
    description: str = ""


Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Columns:
    """Goods as columns. Codes are positions in the vocabularies above, -1 where it is not said.

    ``on`` are ordinals of days, ``contents`` millionths of a per cent by element (-1 = not measured), ``partners`` bits
    by the list's ``metals`` (the last bit = any other metal).
    """

    on: Integers
    form: Codes
    family: Codes
    level: Codes
    contents: Mapping[str, Integers]
    partners: Integers

    def __len__(self) -> int:
        return len(self.on)

    def of(self, places: Integers, on: Integers) -> Columns:
        """The goods at these places, each as often as it is named, on other days."""
        contents = {symbol: amounts[places] for symbol, amounts in self.contents.items()}
        form, family, level = self.form[places], self.family[places], self.level[places]
        return Columns(on, form, family, level, contents, self.partners[places])


def metals(control_list: ControlList) -> dict[str, int]:
    """Symbol -> bit, for every metal that an entry or a family names."""
    named = {symbol for entry in control_list.entries for symbol in entry.partners}
    named |= {symbol for meaning in FAMILIES.values() for symbol in meaning.metals}
    return {symbol: 1 << place for place, symbol in enumerate(sorted(named | set(control_list.symbols)))}


def partner_bits(partners: Sequence[str], bits: Mapping[str, int]) -> int:
    """The bits of some symbols; what no entry names is the last bit."""
    found = 0
    for symbol in partners:
        found |= bits.get(symbol.lower(), 1 << 62)
    return found


def codes(values: Sequence[str | None], vocabulary: Sequence[str]) -> Codes:
    """Positions in a vocabulary; -1 where nothing, or nothing known, is said."""
    places = {word: place for place, word in enumerate(vocabulary)}
    return np.fromiter((places.get(value or "", MISSING) for value in values), np.int8, len(values))


def columns_of(goods: Sequence[Good], control_list: ControlList, *, on: date) -> Columns:
    """The goods as columns; ``on`` is the day of those that name none."""
    size, bits = len(goods), metals(control_list)
    measured: dict[str, Integers] = {}
    for symbol in control_list.symbols:
        amounts = (good.contents.get(symbol) for good in goods)
        values = (contents.UNKNOWN if amount is None else contents.micro(amount) for amount in amounts)
        measured[symbol] = np.fromiter(values, np.int64, size)
    return Columns(
        np.fromiter(((good.on or on).toordinal() for good in goods), np.int64, size),
        codes([good.form for good in goods], FORMS),
        codes([good.family for good in goods], tuple(FAMILIES)),
        codes([good.processing_level for good in goods], LEVELS),
        measured,
        np.fromiter((partner_bits(good.partners, bits) for good in goods), np.int64, size),
    )


def columns_of_frame(frame: Any, control_list: ControlList) -> Columns:
    """A frame with the dictionary's columns as columns: one look at each distinct text, none at a single row.

    It reads ``on`` (days, datetime64), ``form``, ``family``, ``processing_level``, ``partners`` (`;`-lists) and
    ``la_pct`` to ``y_pct`` as whole millionths of a per cent (-1 = not measured).
    """
    bits = metals(control_list)
    epoch = date(1970, 1, 1).toordinal()
    measured = {
        symbol: np.ascontiguousarray(frame[f"{symbol}_pct"].to_numpy(np.int64))
        for symbol in control_list.symbols
    }
    return Columns(
        frame["on"].to_numpy("datetime64[D]").astype(np.int64) + epoch,
        _distinct(frame["form"], lambda word: _place(word, FORMS)).astype(np.int8),
        _distinct(frame["family"], lambda word: _place(word, tuple(FAMILIES))).astype(np.int8),
        _distinct(frame["processing_level"], lambda word: _place(word, LEVELS)).astype(np.int8),
        measured,
        _distinct(frame["partners"], lambda text: partner_bits([s for s in text.split(";") if s], bits), 0),
    )


def _place(word: str, vocabulary: Sequence[str]) -> int:
    return vocabulary.index(word) if word in vocabulary else MISSING


def _distinct(column: Any, meaning: Any, missing: int = MISSING) -> Integers:
    category = column.astype("category")
    meanings = [meaning(str(word)) for word in category.cat.categories]
    found: Integers = np.array([*meanings, missing], np.int64)[category.cat.codes.to_numpy()]
    return found
