"""A company's name in the four parts that Chinese law gives it: place, brand, industry, legal form.

Latin names are read into the same parts, so that a Chinese name and its English rendering can be held against each other
part by part. The legal form is cut by longest match (no spaces needed), the industry by a dictionary of the trade, the
place by the register of administrative divisions; what remains is the brand, which is what tells companies apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from portal.registry.domain.matching import trade
from portal.registry.domain.matching.places import (
    chinese_places,
    longest_place,
    provinces,
    sound_of,
    sounds_of_places,
)
from portal.registry.domain.name_forms import simplified

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_BRACKETED = re.compile(r"[(\[【《<](.*?)[)\]】》>]")
_WORDS = re.compile(r"[a-z0-9]+")
SHORTEST_WITH_A_SWAP: Final = (
    6  # letters; in a shorter name of a place two letters changed about may be a brand
)
_PLACE_KIND = re.compile("^(?:省|市|自治区|县|区)")


@dataclass(frozen=True, slots=True)
class NameSlots:
    """``brand``: how the brand sounds (pinyin or Latin letters, joined); ``brand_han``: as it is written in Chinese.

    ``core`` is the whole name but for the legal form, in the letters of its script, without blanks; ``words`` are the same
    letters with the words in alphabetical order, for names that put them in another. ``place`` is the
    sound of the place, ``industry`` a set of concepts as bits (see ``trade.CONCEPTS``), ``form`` a code of the legal
    form; each is empty (0) where the name does not say it.
    """

    core: str
    words: str
    brand: str
    brand_han: str
    place: str
    industry: int
    form: str


@lru_cache(maxsize=200_000)
def slots_of(name: str) -> NameSlots:
    """Read one name. Remembered, because registers name the same parties again and again."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    han = simplified("".join(_HAN.findall(folded)))
    return _chinese(folded, han) if len(han) > 1 else _latin(anyascii(folded).casefold())


def _chinese(folded: str, han: str) -> NameSlots:
    rest, form = trade.cut_chinese_form(han)
    bracketed = simplified("".join(_HAN.findall("".join(_BRACKETED.findall(folded)))))
    if (
        bracketed in chinese_places()
    ):  # a brand may sound like a place: what stands in brackets is meant as one
        place, rest = bracketed, rest.replace(bracketed, "", 1)
    else:
        place, rest = _leading_place(rest)
    brand, industry = trade.cut_chinese_industry(rest)
    if place and not brand and not bracketed:  # called by a place and a trade alone: the place is the brand
        place, brand = "", place
    latin = "".join(_WORDS.findall(_HAN.sub(" ", folded)))
    sound = latin + (sound_of(brand) if brand else "")
    core = latin + trade.cut_chinese_form(han)[0]
    return NameSlots(
        core,
        core,
        sound or trade.concepts_of(industry),
        brand,
        sound_of(place) if place else "",
        industry,
        form,
    )


def _leading_place(han: str) -> tuple[str, str]:
    """The place at the beginning of a name (a province and its city count as the city); and what follows."""
    found, rest = _place_at_start(han)
    if found in provinces() or han[len(found) :] != rest:
        nearer, further = _place_at_start(rest)
        if nearer and trade.cut_chinese_industry(further)[0]:
            return nearer, further
    return found, rest


def _place_at_start(han: str) -> tuple[str, str]:
    places = chinese_places()
    sizes = range(min(longest_place(), len(han) - 1), 1, -1)
    size = next((size for size in sizes if han[:size] in places), 0)
    return han[:size], _PLACE_KIND.sub("", han[size:]) if size else han


def _latin(text: str) -> NameSlots:
    plain = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text).replace("&", " and ").replace("'", "")
    words = trade.joined_phrases(_WORDS.findall(plain))
    words, form = trade.cut_latin_form(words)
    core, in_order = "".join(words), "".join(sorted(words))
    place, words = _leading_latin_place(words)
    kept = [word for word in words if not trade.known_latin(word)]
    industry = 0
    for word in words:
        industry |= trade.LATIN.get(trade.known_latin(word), 0)
    brand = "".join(kept)
    if place and not brand:
        place, brand = "", place
    return NameSlots(core, in_order, brand or trade.concepts_of(industry), "", place, industry, form)


def _leading_latin_place(words: Sequence[str]) -> tuple[str, list[str]]:
    """A place of one or two words at the beginning, unless nothing else would be left."""
    for size in (2, 1):
        place = _place_written("".join(words[:size])) if len(words) > size else ""
        if place:
            return place, list(words[size:])
    return "", list(words)


@lru_cache(maxsize=100_000)
def _place_written(word: str) -> str:
    """The sound of the place that a word is, or is with two letters changed about; or ''."""
    sounds = sounds_of_places()
    swaps = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1))
    near = swaps if len(word) >= SHORTEST_WITH_A_SWAP else ()
    return sounds.get(word) or next((sounds[other] for other in near if other in sounds), "")
