"""What is said of a good and does not go together. A contradiction warns; it neither clears nor condemns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from licensing.domain.classification.control_list import ControlList, CustomsMeaning
from licensing.domain.classification.goods import FAMILIES, FORMS, Good
from licensing.domain.classification.words import FAMILY_WORDS, FORM_WORDS, Words, elements


@dataclass(frozen=True)
class Contradiction:
    """A stable code and the words of both languages."""

    code: str
    words: Words


NEGATED_BEFORE: Final = re.compile(
    r"(?:\b(?:no|without|free of|zero|non)[\s-]*|无|不含|未含|不添加|零)$", re.IGNORECASE
)
NEGATED_AFTER: Final = re.compile(r"^[\s-]*free\b", re.IGNORECASE)
FAMILY_MENTIONS: Final = {
    "ndfeb": re.compile(r"\bnd-?fe-?b\b|neodymium[\s-]iron|钕铁硼", re.IGNORECASE),
    "smco": re.compile(r"\bsm-?co\b|\bsm2co17\b|\bsmco5\b|samarium[\s-]cobalt|钐钴", re.IGNORECASE),
}
ASSEMBLY_MENTIONS: Final = re.compile(r"\brotors?\b|\bstators?\b|转子|定子", re.IGNORECASE)


def contradictions(good: Good, control_list: ControlList, on: date) -> list[Contradiction]:
    """Everything about the good that does not go together."""
    return [
        *_of_customs_code(good, control_list, on),
        *_of_family(good, control_list),
        *_of_words(good, control_list),
    ]


def _meaning(good: Good, control_list: ControlList, on: date) -> CustomsMeaning | None:
    """The most precise meaning of the customs code that day."""
    fitting = [
        meaning
        for meaning in control_list.customs_meanings
        if good.hs_code.startswith(meaning.code.hs_code) and meaning.code.holds(on)
    ]
    return max(fitting, key=lambda meaning: len(meaning.code.hs_code), default=None)


def _of_customs_code(good: Good, control_list: ControlList, on: date) -> Iterator[Contradiction]:
    if not good.hs_code:
        return
    meaning = _meaning(good, control_list, on)
    if meaning is None:
        return
    says = Words(
        f"{good.hs_code} is the code of {meaning.name_en}", f"商品编码{good.hs_code}对应“{meaning.name_zh}”"
    )
    if meaning.form and good.form in FORMS and meaning.form != good.form:
        form = FORM_WORDS[good.form or ""]
        yield Contradiction(
            "hs_form",
            Words(
                f"{says.en}, but the form is said to be: {form.en}.", f"{says.zh}，但申明的形态为{form.zh}。"
            ),
        )
    if not meaning.rare_earth and (good.family in ("ndfeb", "smco") or any(good.contents.values())):
        yield Contradiction(
            "hs_no_rare_earth",
            Words(f"{says.en}, but the goods hold rare earths.", f"{says.zh}，但货物含有稀土元素。"),
        )
    absent = [symbol for symbol in meaning.elements if good.contents.get(symbol) == 0]
    if meaning.elements and len(absent) == len(meaning.elements):
        names = elements(absent, control_list)
        yield Contradiction(
            "hs_element",
            Words(
                f"{says.en}, but no {names.en} is said to be in the goods.",
                f"{says.zh}，但申明不含{names.zh}。",
            ),
        )


def _of_family(good: Good, control_list: ControlList) -> Iterator[Contradiction]:
    meaning = FAMILIES.get(good.family or "")
    if meaning is None or not meaning.rare_earths:
        return
    family = FAMILY_WORDS[good.family or ""]
    for symbol in meaning.rare_earths:
        if good.contents.get(symbol) == 0 and not any(
            good.contents.get(other) for other in ("pr", "ce", "la")
        ):
            name = elements([symbol], control_list)
            yield Contradiction(
                "family_element",
                Words(
                    f"The family is {family.en}, but no {name.en} was measured.",
                    f"类别为{family.zh}，但检测不含{name.zh}。",
                ),
            )
    for other, what in FAMILIES.items():
        foreign = [symbol for symbol in what.rare_earths if (good.contents.get(symbol) or 0) >= 10]
        if other != good.family and foreign:
            name, theirs = elements(foreign, control_list), FAMILY_WORDS[other]
            yield Contradiction(
                "family_contents",
                Words(
                    f"The family is {family.en}, but the {name.en} in it is as in {theirs.en}.",
                    f"类别为{family.zh}，但{name.zh}含量与{theirs.zh}相符。",
                ),
            )


def _of_words(good: Good, control_list: ControlList) -> Iterator[Contradiction]:
    text = good.description
    if not text:
        return
    for symbol, pattern in _mentions(control_list.elements).items():
        if good.contents.get(symbol) == 0 and _is_mentioned(pattern, text):
            name = elements([symbol], control_list)
            yield Contradiction(
                "description_element",
                Words(
                    f"The description mentions {name.en}, but the contents say that there is none.",
                    f"描述中提到{name.zh}，但申明含量为零。",
                ),
            )
    for family, pattern in FAMILY_MENTIONS.items():
        if good.family in FAMILIES and good.family != family and _is_mentioned(pattern, text):
            said, meant = FAMILY_WORDS[good.family or ""], FAMILY_WORDS[family]
            yield Contradiction(
                "description_family",
                Words(
                    f"The description speaks of {meant.en}, but the family is said to be {said.en}.",
                    f"描述中提到{meant.zh}，但申明的类别为{said.zh}。",
                ),
            )
    inside = good.form == "magnet" and good.processing_level in (None, "bulk", "primary_shape")
    if inside and ASSEMBLY_MENTIONS.search(text):
        yield Contradiction(
            "description_assembly",
            Words(
                "The description speaks of a rotor or stator, but the goods are said to be magnets.",
                "描述中提到转子或定子，但申明的形态为永磁材料。",
            ),
        )


@lru_cache(maxsize=8)
def _mentions(names: tuple[object, ...]) -> dict[str, re.Pattern[str]]:
    found = {}
    for name in names:
        english, chinese = name.name_en, name.name_zh  # type: ignore[attr-defined]
        found[name.symbol] = re.compile(rf"\b{english}\b|{chinese}", re.IGNORECASE)  # type: ignore[attr-defined]
    return found


def _is_mentioned(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the text speaks of it otherwise than to say that there is none."""
    return any(
        not NEGATED_BEFORE.search(text[: match.start()]) and not NEGATED_AFTER.match(text[match.end() :])
        for match in pattern.finditer(text)
    )
