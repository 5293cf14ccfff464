"""Whether the party at the border is the one on the licence: the same, near enough for a person to look, or another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from portal.registry.domain.identifiers import normalise
from portal.registry.domain.name_forms import forms_of
from portal.registry.domain.similarity import Named, similar

Likeness = Literal["same", "near", "identity_differs", "other"]
NEAR: Final = 80.0  # of 100: what the register shows to somebody who types a name


def likeness(name: str, identity: str, names: Sequence[str], identities: Sequence[str]) -> Likeness:
    """How the party named at the border is like those on the licence.

    Identifiers first: the same number is the same party where the name is at least near, and different numbers of one
    kind are never the same party, whatever the names. Names are compared without case, width, brackets and double
    blanks; what differs in more is near or another.
    """
    alike = _names(name, names)
    kind, _colon, number = identity.partition(":")
    known = [text.partition(":") for text in identities]
    same_kind = [other for other_kind, _c, other in known if other_kind == kind and number]
    if same_kind and normalise(number) not in {normalise(other) for other in same_kind}:
        return "identity_differs" if alike != "other" else "other"
    if same_kind:
        return "near" if alike == "other" else "same"
    return alike


def _names(name: str, names: Sequence[str]) -> Likeness:
    asked = forms_of(name)
    if any(asked.whole and asked.whole == forms_of(other).whole for other in names):
        return "same"
    candidates = [Named(place, other) for place, other in enumerate(names)]
    return "near" if similar(Named("asked", name), candidates, limit=1, floor=NEAR) else "other"
