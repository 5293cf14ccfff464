"""Two names slot by slot, as the register's matching reads them: what of them is the same, and what each part weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from portal.core.words import in_chinese
from portal.registry.domain.matching.evidence import PARTS
from portal.registry.domain.matching.slots import NameSlots, slots_of
from portal.registry.domain.matching.trade import FORMS, names_of
from reporting.models import Finding

__all__ = ["NamesBeside", "Slot", "names_beside"]

_OTHER: Final = ("listed_name", "names_elsewhere")


@dataclass(frozen=True)
class Slot:
    """One part of both names, and its weight in bits where it was weighed ("" else)."""

    part: str
    left: str
    right: str
    same: bool
    bits: str


@dataclass(frozen=True)
class NamesBeside:
    """Both names and their slots."""

    left: str
    right: str
    slots: list[Slot]


def names_beside(finding: Finding) -> NamesBeside | None:
    """The two names that a finding is about, or None for one that is about something else. No query."""
    left = str(finding.evidence.get("named") or "")
    right = next((str(finding.evidence[name]) for name in _OTHER if finding.evidence.get(name)), "")
    if not left or not right:
        return None
    one, other = slots_of(left), slots_of(right)
    told = (
        ("brand", _brand(one), _brand(other)), ("place", one.place, other.place),
        ("industry", _industry(one), _industry(other)), ("form", _form(one), _form(other)),
    )  # fmt: skip
    return NamesBeside(left, right, [_slot(finding, *row) for row in told])


def _slot(finding: Finding, part: str, left: str, right: str) -> Slot:
    bits = finding.evidence.get(f"{part}_bits")
    return Slot(
        _(PARTS[part]), left, right, bool(left) and left == right, "" if bits is None else f"{bits:+.1f}"
    )


def _brand(slot: NameSlots) -> str:
    return f"{slot.brand_han} {slot.brand}".strip()


def _industry(slot: NameSlots) -> str:
    return names_of(slot.industry, chinese=in_chinese())


def _form(slot: NameSlots) -> str:
    return _(FORMS[slot.form]) if slot.form in FORMS else ""
