"""Which queue a case belongs to and which flags stand on it: rules in force on a day, each with its conditions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

#: What a rule may ask about; each names the values of which one must be there.
FACTS: Final = ("kind", "purpose", "destination", "control_code", "flag", "province")
#: Flags that a rule may raise; the others are raised by what was found out about the case.
RAISED_BY_RULES: Final = ("closer_look", "end_use_ban")
Facts = Mapping[str, frozenset[str]]
_A_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Content:
    """What a rule says: in which place it is asked, on which conditions, and what it does. One of ``queue`` and ``flag``."""

    position: int
    wants: Mapping[str, Sequence[str]] = field(default_factory=dict)
    queue: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Rule:
    """``wants`` is fact -> values; a value ending in ``*`` stands for whatever begins so. No condition: always."""

    code: str
    queue: str = ""
    wants: Mapping[str, Sequence[str]] = field(default_factory=dict)
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None  # the last day
    flag: str = ""
    version: int = 1
    position: int = 0

    def in_force(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def fits(self, facts: Facts) -> bool:
        return all(
            any(_matches(wanted, given) for wanted in values for given in facts.get(fact, frozenset()))
            for fact, values in self.wants.items()
        )


@dataclass(frozen=True)
class Outcome:
    """The rule by which the case lies where it does (None: in no queue), and those that raise a flag on it."""

    rule: Rule | None
    raised: tuple[Rule, ...]

    @property
    def queue(self) -> str:
        """Its queue, empty for none."""
        return self.rule.queue if self.rule is not None else ""

    @property
    def flags(self) -> frozenset[str]:
        """The flags that rules raise."""
        return frozenset(rule.flag for rule in self.raised)


def outcome(facts: Facts, rules: Sequence[Rule], day: dt.date) -> Outcome:
    """What the rules make of a case; a rule that routes may ask for a flag that another raises."""
    raised = tuple(rule for rule in rules if rule.flag and rule.in_force(day) and rule.fits(facts))
    flags = facts.get("flag", frozenset()) | {rule.flag for rule in raised}
    return Outcome(route({**facts, "flag": flags}, [rule for rule in rules if not rule.flag], day), raised)


def route(facts: Facts, rules: Sequence[Rule], day: dt.date) -> Rule | None:
    """The rule that acts, in the order given."""
    return next((rule for rule in rules if rule.in_force(day) and rule.fits(facts)), None)


def last_day(valid_from: dt.date | None, valid_until: dt.date | None, end: dt.date) -> dt.date | None:
    """Until when a version holds that is to end on a day; what has not begun by then is taken back before its first day."""
    if valid_until is not None and valid_until <= end:
        return valid_until
    return end if valid_from is None or valid_from <= end else valid_from - _A_DAY


def changed(rules: Iterable[Rule], code: str, first: dt.date, content: Content | None) -> list[Rule]:
    """The rules as they are once from a day on the rule says what is given, or nothing any more."""
    made = [
        replace(rule, valid_until=last_day(rule.valid_from, rule.valid_until, first - _A_DAY))
        if rule.code == code
        else rule
        for rule in rules
    ]
    if content is not None:
        version = 1 + max((rule.version for rule in made if rule.code == code), default=0)
        new = Rule(code, content.queue, content.wants, first, None, content.flag, version, content.position)
        made.append(new)
    return sorted(made, key=lambda rule: (rule.position, rule.code, rule.version))


def _matches(wanted: str, given: str) -> bool:
    return given.startswith(wanted[:-1]) if wanted.endswith("*") else given == wanted
