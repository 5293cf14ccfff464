"""Which queue a case belongs to: the first rule in force whose every condition holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

#: What a rule may ask about; each names the values of which one must be there.
FACTS: Final = ("kind", "purpose", "destination", "control_code", "flag", "province")
Facts = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Rule:
    """``wants`` is fact -> values; a value ending in ``*`` stands for whatever begins so. No condition: always."""

    code: str
    queue: str
    wants: Mapping[str, Sequence[str]] = field(default_factory=dict)
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None  # the last day

    def in_force(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def fits(self, facts: Facts) -> bool:
        return all(
            any(_matches(wanted, given) for wanted in values for given in facts.get(fact, frozenset()))
            for fact, values in self.wants.items()
        )


def route(facts: Facts, rules: Sequence[Rule], day: dt.date) -> Rule | None:
    """The rule that acts, in the order given."""
    return next((rule for rule in rules if rule.in_force(day) and rule.fits(facts)), None)


def _matches(wanted: str, given: str) -> bool:
    return given.startswith(wanted[:-1]) if wanted.endswith("*") else given == wanted
