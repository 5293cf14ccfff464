"""Routing rules in words: what each asks of a case, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.models import FlagCode, LicenceKind, Purpose, RoutingRule
from portal.registry.countries import country_name

__all__ = ["rules_in_words"]

_FACTS: Final[dict[str, Promise]] = {
    "kind": gettext_lazy("Kind of licence"),
    "purpose": gettext_lazy("New, renewal or amendment"),
    "destination": gettext_lazy("Destination, or country of a party"),
    "control_code": gettext_lazy("Entry of the control list"),
    "flag": gettext_lazy("Flag"),
    "province": gettext_lazy("Province of the applicant"),
}


def _of(choices: Any) -> Callable[[str], str]:
    return lambda value: str(choices(value).label) if value in choices.values else value


_VALUES: Final[dict[str, Callable[[str], str]]] = {
    "kind": _of(LicenceKind), "purpose": _of(Purpose), "flag": _of(FlagCode), "destination": country_name,
}  # fmt: skip


def rules_in_words(rules: Iterable[RoutingRule]) -> list[dict[str, Any]]:
    """Each rule with its conditions: what is looked at, and what must be there, one of several."""
    return [
        {
            "rule": rule,
            "conditions": [
                {"fact": str(_FACTS.get(fact, fact)), "values": [_value(fact, value) for value in values]}
                for fact, values in rule.wants.items()
            ],
        }
        for rule in rules
    ]


def _value(fact: str, value: str) -> str:
    if value.endswith("*"):
        return _("whatever begins with %(start)s") % {"start": value[:-1]}
    return _VALUES[fact](value) if fact in _VALUES else value
