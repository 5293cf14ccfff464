"""What an application lacks before it can be submitted, and what the office will probably ask about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

#: Papers without which no application is taken (Order 792; the ministry's guide), one of each tuple.
NEEDED_PAPERS: Final = (
    ("contract",),
    ("technical_description", "test_report"),
    ("end_user_certificate",),
    ("introduction",),
)
WORDS_ENOUGH: Final = 20  # characters of an end use that says something


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of goods, as far as completeness goes."""

    line_no: int
    quantity_g: int | None
    value_fen: int | None
    verdict: str  # licence_required, not_controlled, assay_required
    has_hs_code: bool = True


@dataclass(frozen=True, slots=True)
class Party:
    """One party: its role, and what is known of it."""

    role: str  # consignee, end_user, intermediate
    name: str
    country: str
    address: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """An application as far as completeness goes."""

    kind: str
    purpose: str
    end_use: str
    contract_no: str
    has_reason: bool
    months: int | None
    goods: Sequence[Goods] = ()
    parties: Sequence[Party] = ()
    papers: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing: a code, the step where it is mended, the line it is about. ``blocks`` or is asked later."""

    code: str
    step: str
    blocks: bool
    line_no: int | None = None


def lacks(case: Case) -> list[Lack]:
    """Everything missing first, then the requests that are to be expected."""
    found = [*_goods(case), *_parties(case), *_use(case), *_papers(case)]
    return sorted(found, key=lambda lack: not lack.blocks)


def _goods(case: Case) -> list[Lack]:
    if not case.goods:
        return [Lack("goods_missing", "goods", blocks=True)]
    found = []
    for line in case.goods:
        if not line.quantity_g or line.quantity_g <= 0:
            found.append(Lack("quantity_missing", "goods", True, line.line_no))
        if line.verdict == "assay_required":
            found.append(Lack("assay_missing", "goods", False, line.line_no))
        if line.verdict == "not_controlled":
            found.append(Lack("not_controlled", "goods", False, line.line_no))
        if not line.has_hs_code:
            found.append(Lack("hs_code_missing", "goods", False, line.line_no))
        if line.value_fen is None:
            found.append(Lack("value_missing", "goods", False, line.line_no))
    return found


def _parties(case: Case) -> list[Lack]:
    found = []
    for role in ("consignee", "end_user"):
        named = [party for party in case.parties if party.role == role]
        if not named:
            found.append(Lack(f"{role}_missing", "parties", blocks=True))
        if role == "end_user" and case.kind == "individual" and len(named) > 1:
            found.append(Lack("one_end_user", "parties", blocks=True))
        if any(not party.country for party in named):
            found.append(Lack("country_missing", "parties", blocks=True))
        if any(not party.address for party in named):
            found.append(Lack("address_missing", "parties", blocks=False))
        if any(not party.id_number for party in named):
            found.append(Lack("identity_missing", "parties", blocks=False))
    return list(dict.fromkeys(found))


def _use(case: Case) -> list[Lack]:
    found = []
    if not case.end_use.strip():
        found.append(Lack("end_use_missing", "use", blocks=True))
    elif len(case.end_use.strip()) < WORDS_ENOUGH:
        found.append(Lack("end_use_short", "use", blocks=False))
    if not case.contract_no.strip():
        found.append(Lack("contract_no_missing", "use", blocks=True))
    if case.purpose != "new" and not case.has_reason:
        found.append(Lack("reason_missing", "use", blocks=True))
    if case.months is None:
        found.append(Lack("months_missing", "use", blocks=True))
    return found


def _papers(case: Case) -> list[Lack]:
    return [
        Lack(f"{needed[0]}_missing", "documents", blocks=True)
        for needed in NEEDED_PAPERS
        if not case.papers & set(needed)
    ]
