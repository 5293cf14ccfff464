"""Whether an entry applies to goods: no, unknown or yes, condition by condition, for many goods at once.

Every condition answers with 0 (no), 1 (unknown) or 2 (yes) for each good; the entry's answer is the least of them. What was
not measured or not said is unknown and never passes for no.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from licensing.domain.classification import contents
from licensing.domain.classification.control_list import Entry, Threshold
from licensing.domain.classification.goods import FAMILIES, FORMS, LEVELS, MISSING, Codes, Columns, Integers

NO: Final = np.int8(0)
UNKNOWN: Final = np.int8(1)
YES: Final = np.int8(2)
Flags = npt.NDArray[np.bool_]
_ASSEMBLY: Final = LEVELS.index("assembly")


class Condition(StrEnum):
    """What an entry asks, in the order in which the answer is given."""

    FORM = "form"
    LEVEL = "level"
    FAMILY = "family"
    PARTNERS = "partners"
    CONTENT = "content"
    DEFINITION = "definition"


@dataclass(frozen=True)
class Rule:
    """An entry with the settings of a day."""

    entry: Entry
    threshold: Threshold | None
    definition: Threshold | None

    @property
    def least(self) -> int:
        """The content from which the element counts; without a setting whatever was measured."""
        return max(self.threshold.content, 1) if self.threshold else 1

    @property
    def together(self) -> tuple[str, ...]:
        """The other elements whose content is added."""
        if self.threshold is None or not self.threshold.combined:
            return ()
        return tuple(symbol for symbol in self.threshold.elements if symbol != self.entry.element)


@dataclass(frozen=True)
class Subset:
    """Some of the goods."""

    goods: Columns
    rows: Integers
    bits: dict[str, int]

    @cached_property
    def _contents(self) -> dict[str, Integers]:
        return {}

    def content(self, symbol: str) -> Integers:
        """Millionths of a per cent, -1 where not measured."""
        if symbol not in self._contents:
            self._contents[symbol] = self.goods.contents[symbol][self.rows]
        return self._contents[symbol]

    @cached_property
    def form(self) -> Codes:
        return self.goods.form[self.rows]

    @cached_property
    def family(self) -> Codes:
        return self.goods.family[self.rows]

    @cached_property
    def level(self) -> Codes:
        """The processing level; what is an assembly by its form is one by its level."""
        stated = self.goods.level[self.rows]
        return np.where((self.form == FORMS.index("assembly")) & (stated < _ASSEMBLY), _ASSEMBLY, stated)

    @cached_property
    def partners(self) -> Integers:
        return self.goods.partners[self.rows]

    @cached_property
    def rare_earths(self) -> Integers:
        """All rare earths that were measured, added."""
        total = np.zeros(len(self.rows), np.int64)
        for symbol in self.goods.contents:
            total += np.maximum(self.content(symbol), 0)
        return total

    def has(self, symbols: tuple[str, ...]) -> Flags:
        """Whether all these metals are named."""
        wanted = sum(self.bits[symbol] for symbol in symbols)
        return np.asarray((self.partners & wanted) == wanted)

    def is_family(self, name: str) -> Flags:
        return np.asarray(self.family == tuple(FAMILIES).index(name))


def conditions(rule: Rule, goods: Subset) -> Iterator[tuple[Condition, Codes]]:
    """Each condition that the entry has, with its answers."""
    entry = rule.entry
    if (goods.form == MISSING).any():
        yield Condition.FORM, np.where(goods.form == MISSING, UNKNOWN, YES)
    if entry.levels:
        inside = np.array(
            [word in entry.levels for word in LEVELS] + [True]
        )  # not said: not known to be outside
        yield Condition.LEVEL, np.where(inside[goods.level], YES, NO)
    if entry.family:
        yield Condition.FAMILY, _family(entry, goods)
    if entry.partners:
        yield Condition.PARTNERS, _partners(rule, goods)
    if entry.element:
        yield Condition.CONTENT, _content(rule, goods)
    if entry.partners and rule.definition is not None:
        yield Condition.DEFINITION, _definition(rule, rule.definition, goods)


def answer(rule: Rule, goods: Subset) -> Codes:
    """Whether the entry applies: the least answer of its conditions."""
    found = np.full(len(goods.rows), YES)
    for _name, answers in conditions(rule, goods):
        np.minimum(found, answers, out=found)
    return found


def _family(entry: Entry, goods: Subset) -> Codes:
    """The family as it is said; where it is not, the other metals may tell."""
    named = (
        goods.has(FAMILIES[entry.family].metals)
        if entry.family in FAMILIES
        else np.zeros_like(goods.rows, bool)
    )
    unsaid = np.where(goods.partners == 0, UNKNOWN, np.where(named, YES, NO))
    place = tuple(FAMILIES).index(entry.family) if entry.family in FAMILIES else len(FAMILIES)
    return np.where(goods.family == MISSING, unsaid, np.where(goods.family == place, YES, NO))


def _implied(symbol: str, goods: Subset) -> Flags:
    """Whether the family's name says that the metal is in it."""
    found = np.zeros(len(goods.rows), bool)
    for name, meaning in FAMILIES.items():
        if symbol in meaning.metals:
            found |= goods.is_family(name)
    return found


def _partners(rule: Rule, goods: Subset) -> Codes:
    """The metals that the entry names beside its element. A rare earth among them is known by its content."""
    found = np.full(len(goods.rows), YES)
    unnamed = np.where(goods.partners == 0, UNKNOWN, NO)  # who names the other metals names them all
    for symbol in rule.entry.partners:
        named = goods.has((symbol,))
        if symbol in goods.goods.contents:
            amount = goods.content(symbol)
            measured = np.where(amount >= rule.least, YES, NO)
            answers = np.where(amount >= 0, measured, np.where(named, YES, unnamed))
        else:
            answers = np.where(named | _implied(symbol, goods), YES, unnamed)
        np.minimum(found, answers, out=found)
    return found


def named_after(entry: Entry, goods: Subset) -> Flags:
    """Whether the good's family is named after the entry's element and has the entry's metals."""
    found = np.zeros(len(goods.rows), bool)
    for name, meaning in FAMILIES.items():
        if entry.element in meaning.rare_earths and set(entry.partners) <= set(meaning.metals):
            found |= goods.is_family(name)
    return found


def _definition(rule: Rule, definition: Threshold, goods: Subset) -> Codes:
    """Whether the element is what defines the alloy: its share of the rare earths, or the family's own name."""
    entry = rule.entry
    defining = [entry.element, *(symbol for symbol in entry.partners if symbol in goods.goods.contents)]
    own = sum(np.maximum(goods.content(symbol), 0) for symbol in defining)
    measured = np.logical_and.reduce([goods.content(symbol) >= 0 for symbol in defining])
    enough = (own > 0) & (own * contents.HUNDRED >= definition.content * goods.rare_earths)
    found = np.where(measured, np.where(enough, YES, NO), np.where(enough, YES, UNKNOWN))
    # nothing beside the metals that the entry names
    exactly = goods.partners == sum(goods.bits[symbol] for symbol in entry.partners)
    for name, meaning in FAMILIES.items():
        if not meaning.rare_earths or entry.element in meaning.rare_earths:
            continue
        # an alloy of another family is defined by that family's rare earth, unless its measured share says otherwise
        open_share = goods.content(meaning.rare_earths[0]) < 0
        stated = goods.is_family(name)
        found = np.where(stated & (open_share | ~measured), NO, found)
        unsaid = (goods.family == MISSING) & goods.has(meaning.metals) & ~exactly
        found = np.where(unsaid & open_share & (found == YES), UNKNOWN, found)
    return np.where(named_after(entry, goods), YES, found)


def _content(rule: Rule, goods: Subset) -> Codes:
    """The measured content beside the setting; with others where the setting takes them together."""
    amount, least = goods.content(rule.entry.element), rule.least
    known = amount >= 0
    found = np.where(known, np.where(amount >= least, YES, NO), UNKNOWN)
    if rule.together:
        others = [goods.content(symbol) for symbol in rule.together]
        total = np.maximum(amount, 0) + sum(np.maximum(other, 0) for other in others)
        another = np.logical_or.reduce([other >= least for other in others])
        unmeasured = np.logical_or.reduce([other < 0 for other in others])
        # both count where neither reaches the setting by itself; else the one that does is the entry
        shared = np.where(total >= least, YES, np.where(unmeasured, UNKNOWN, NO))
        found = np.where((amount > 0) & (amount < least) & ~another, shared, found)
    by_name = named_after(rule.entry, goods) if rule.entry.family or rule.entry.partners else False
    return np.where(~known & by_name, YES, found)
