"""What would have to be said or measured so that an open condition is answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from licensing.domain.classification.evaluate import Condition, Rule
from licensing.domain.classification.goods import FAMILIES, Good


def places(condition: Condition, rule: Rule, good: Good, rare_earths: Sequence[str]) -> list[str]:
    """Names of what is missing: ``form``, ``family``, ``partners``, ``contents.tb``."""
    if condition == Condition.PARTNERS:
        others = [symbol for symbol in rule.entry.partners if symbol not in rare_earths]
        unsaid = ["partners"] if others and not good.partners else []
        return unsaid + _unmeasured((s for s in rule.entry.partners if s in rare_earths), good)
    if condition == Condition.CONTENT:
        return _unmeasured((rule.entry.element, *rule.together), good)
    if condition == Condition.DEFINITION:
        own = _unmeasured((rule.entry.element, *(s for s in rule.entry.partners if s in rare_earths)), good)
        named = [symbol for meaning in FAMILIES.values() for symbol in meaning.rare_earths]
        return own or _unmeasured((s for s in named if s != rule.entry.element), good)[:1]
    return [condition.value]


def _unmeasured(symbols: Iterable[str], good: Good) -> list[str]:
    return [f"contents.{symbol}" for symbol in symbols if symbol not in good.contents]
