"""The verdict on goods with its explanation: every entry considered, and why it did or did not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from licensing.domain.classification.columns import VERDICTS, considered, groups, rule_of
from licensing.domain.classification.contradictions import Contradiction, contradictions
from licensing.domain.classification.control_list import ControlList, Standing, Status
from licensing.domain.classification.evaluate import NO, UNKNOWN, YES, Condition, Rule, Subset, conditions
from licensing.domain.classification.goods import FAMILIES, Good, columns_of, metals
from licensing.domain.classification.missing import places
from licensing.domain.classification.words import Words, because, day, elements

FAMILY_ELEMENTS: Final = tuple(symbol for meaning in FAMILIES.values() for symbol in meaning.rare_earths)
APPLIES: Final = {int(NO): "no", int(UNKNOWN): "unknown", int(YES): "yes"}


@dataclass(frozen=True)
class Considered:
    """One entry held against a good."""

    control_code: str
    instrument: str
    status: Status
    applies: str
    because: Words
    missing: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether the entry was in force that day."""
        return self.status.standing == Standing.IN_FORCE


@dataclass(frozen=True)
class Verdict:
    """The verdict on one good. ``missing`` names what would decide it: ``form``, ``family``, ``contents.tb``."""

    id: str
    on: date
    verdict: str
    entries: tuple[Considered, ...]
    contradictions: tuple[Contradiction, ...]
    missing: tuple[str, ...]
    because: Words
    list_version: int

    @property
    def control_codes(self) -> tuple[str, ...]:
        """Codes of the entries in force that apply."""
        return tuple(one.control_code for one in self.entries if one.decides and one.applies == "yes")

    @property
    def entry(self) -> str | None:
        """The code of the deciding entry."""
        return next(iter(self.control_codes), None)

    def plain(self) -> dict[str, Any]:
        """The verdict as the API and the command give it."""
        return {
            "id": self.id,
            "on": self.on.isoformat(),
            "verdict": self.verdict,
            "entry": self.entry,
            "because": {"en": self.because.en, "zh": self.because.zh},
            "entries": [
                {
                    "control_code": one.control_code,
                    "instrument": one.instrument,
                    "status": one.status.standing.value,
                    "unconfirmed": one.status.unconfirmed,
                    "applies": one.applies,
                    "because": {"en": one.because.en, "zh": one.because.zh},
                }
                for one in self.entries
            ],
            "contradictions": [
                {"code": one.code, "en": one.words.en, "zh": one.words.zh} for one in self.contradictions
            ],
            "missing": list(self.missing),
            "list_version": self.list_version,
        }


def classify(goods: Sequence[Good], control_list: ControlList, *, on: date) -> list[Verdict]:
    """The verdicts in the order of the goods; ``on`` is the day of those that name none."""
    held: list[list[Considered]] = [[] for _ in goods]
    for day_of, form, subset in groups(columns_of(goods, control_list, on=on), metals(control_list)):
        for _place, entry in considered(control_list, form):
            status = control_list.status_of_entry(entry, day_of)
            if status.standing != Standing.REPEALED:
                _hold(rule_of(control_list, entry, day_of), subset, goods, control_list, status, held)
    return [
        _verdict(good, good.on or on, entries, control_list)
        for good, entries in zip(goods, held, strict=True)
    ]


REMEMBERED: Final = 500  # verdicts of one version in one process


def verdict_on(good: Good, control_list: ControlList, *, on: date) -> Verdict:
    """The verdict on one good, worked out once: the same product leaves many times, and a version never changes."""
    contents = tuple((symbol, str(amount)) for symbol, amount in good.contents.items())
    said = (
        good.id, good.on or on, good.form, good.family, good.grade, good.processing_level, contents, good.partners,
        good.hs_code, good.description,
    )  # fmt: skip
    found: Verdict | None = control_list.verdicts.get(said)
    if found is None:
        (found,) = classify([good], control_list, on=on)
        if len(control_list.verdicts) >= REMEMBERED:
            control_list.verdicts.clear()
        control_list.verdicts[said] = found
    return found


def _hold(
    rule: Rule,
    subset: Subset,
    goods: Sequence[Good],
    control_list: ControlList,
    status: Status,
    held: list[list[Considered]],
) -> None:
    """Hold one entry against the goods of a day and a form."""
    asked = list(conditions(rule, subset)) or [(Condition.CONTENT, np.full(len(subset.rows), YES))]
    names = [name for name, _answers in asked]
    table = np.stack([answers for _name, answers in asked])
    least = table.min(axis=0)
    first = table.argmin(axis=0)
    said: dict[
        tuple[Any, ...], tuple[Words, tuple[str, ...]]
    ] = {}  # goods that say the same get the same words
    for column, row in enumerate(subset.rows.tolist()):
        good, found = goods[row], int(least[column])
        answers = tuple(table[:, column].tolist())
        key = (int(first[column]), answers, _facts(rule, good))
        if key not in said:
            open_ones = (
                name for name, value in zip(names, answers, strict=True) if found == value == UNKNOWN
            )
            missing = tuple(
                place for name in open_ones for place in places(name, rule, good, control_list.symbols)
            )
            said[key] = because(rule, names[key[0]], found, good, control_list, status), missing
        words, missing = said[key]
        held[row].append(
            Considered(rule.entry.control_code, rule.entry.instrument, status, APPLIES[found], words, missing)
        )


def _facts(rule: Rule, good: Good) -> tuple[Any, ...]:
    """Everything about a good that the words about one entry may name."""
    named = (rule.entry.element, *rule.together, *rule.entry.partners, *FAMILY_ELEMENTS)
    measured = tuple(good.contents.get(symbol) for symbol in named)
    return measured, good.family, good.processing_level, bool(good.partners)


def _verdict(good: Good, on: date, entries: list[Considered], control_list: ControlList) -> Verdict:
    order = {"yes": 0, "unknown": 1, "no": 2}
    entries = sorted(entries, key=lambda one: (not one.decides, order[one.applies], one.control_code))
    deciding = [one for one in entries if one.decides]
    best = min((order[one.applies] for one in deciding), default=2)
    verdict = VERDICTS[2 - best]
    open_ones = [place for one in deciding if one.applies == "unknown" for place in one.missing]
    missing = tuple(dict.fromkeys(open_ones)) if best == 1 else ()
    if best == 1 and good.form is None:
        missing = ("form", *(place for place in missing if place != "form"))
    words = _summary(verdict, on, entries, missing, control_list)
    found = contradictions(good, control_list, on)
    return Verdict(good.id, on, verdict, tuple(entries), tuple(found), missing, words, control_list.version)


def _summary(
    verdict: str, on: date, entries: list[Considered], missing: tuple[str, ...], control_list: ControlList
) -> Words:
    """The deciding fact."""
    when = day(on)
    if verdict == "licence_required":
        first = entries[0]
        return Words(f"{first.control_code}: {first.because.en}", f"{first.control_code}：{first.because.zh}")
    if verdict == "assay_required":
        symbols = [place.removeprefix("contents.") for place in missing if place.startswith("contents.")]
        names = elements(symbols, control_list)
        others = [place for place in missing if not place.startswith("contents.")]
        words = Words("", "")
        if symbols:
            words = Words(
                f"A content that decides was not measured: {names.en}.", f"缺少决定性含量的检测：{names.zh}。"
            )
        if others:
            said = {
                "form": Words("form", "形态"),
                "family": Words("family", "材料类别"),
                "partners": Words("other metals", "其他金属"),
            }
            places = [said[place] for place in others]
            words += Words(
                f"Not said: {', '.join(place.en for place in places)}.",
                f"未说明：{'、'.join(place.zh for place in places)}。",
            )
        return words
    words = Words(f"No entry in force on {when.en} applies.", f"{when.zh}有效的条目均不适用。")
    for one in entries:
        if not one.decides and one.applies == "yes":
            words += Words(
                f"{one.control_code} would: {one.because.en}", f"{one.control_code}本应适用：{one.because.zh}"
            )
        elif one.decides and ("is below" in one.because.en or "do not reach" in one.because.en):
            words += Words(f"{one.control_code}: {one.because.en}", f"{one.control_code}：{one.because.zh}")
    return words
