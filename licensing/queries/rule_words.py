"""The conditions of a rule, said in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licensing.domain.routing import FACTS
from licensing.models import FlagCode, LicenceKind, Purpose
from portal.registry.countries import country_name

_SAID: dict[str, Promise | str] = {
    "kind": _("the licence is %(values)s"),
    "purpose": _("it is applied for as %(values)s"),
    "destination": _("the goods go to %(values)s, or a party sits there"),
    "control_code": _("a good falls under %(values)s"),
    "flag": _("it bears the flag %(values)s"),
    "province": _("the applicant sits in %(values)s"),
}


def _code(value: str) -> str:
    return (
        gettext("%(code)s and all below it") % {"code": value[:-1].rstrip(".")}
        if value.endswith("*")
        else value
    )


_VALUES: dict[str, Callable[[str], str]] = {
    "kind": lambda value: str(LicenceKind(value).label) if value in LicenceKind.values else value,
    "purpose": lambda value: str(Purpose(value).label) if value in Purpose.values else value,
    "destination": country_name,
    "control_code": _code,
    "flag": lambda value: (
        gettext("“%(flag)s”") % {"flag": FlagCode(value).label if value in FlagCode.values else value}
    ),
    "province": str,
}


def conditions(wants: Mapping[str, Sequence[str]]) -> list[str]:
    """A clause for each condition, all of which must hold; none for a rule that fits every case."""
    return [
        str(_SAID[fact]) % {"values": any_of([_VALUES[fact](value) for value in wants[fact]])}
        for fact in FACTS
        if wants.get(fact)
    ]


def asked(wants: Mapping[str, Sequence[str]]) -> str:
    """The conditions as the beginning of a sentence."""
    said = conditions(wants)
    if not said:
        return gettext("Every case:")
    joined = reduce(
        lambda first, last: gettext("%(first)s, and %(last)s") % {"first": first, "last": last}, said
    )
    return gettext("If %(conditions)s:") % {"conditions": joined}


def any_of(words: Sequence[str]) -> str:
    """The words as a choice between them."""
    if len(words) < 2:
        return "".join(words)
    first = gettext(", ").join(words[:-1])
    return gettext("%(first)s or %(last)s") % {"first": first, "last": words[-1]}
