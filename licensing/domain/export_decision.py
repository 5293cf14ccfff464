"""Permit, hold or deny: the rules by which goods at the border are judged against a licence, all but the balance.

The balance and the uses are the ledger's, which judges and takes in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from licensing.domain.declared import Asked
from licensing.domain.parties import likeness

PERMIT, HOLD, DENY = "permit", "hold", "deny"

HOLDS: Final = frozenset(
    {
        "assay_required",
        "consignee_near",
        "consignee_identity_differs",
        "consignee_missing",
        "end_user_near",
        "end_user_identity_differs",
        "line_ambiguous",
        "destination_missing",
    }
)
"""Codes for which a person looks, rather than the answer being no."""

NOTES: Final = frozenset({"not_controlled", "already_drawn", "customs_code_contradicts"})
"""Codes that only tell something."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a licence says of who may receive what where."""

    consignee_names: tuple[str, ...] = ()
    consignee_ids: tuple[str, ...] = ()
    end_user_names: tuple[str, ...] = ()
    end_user_ids: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    customs_office: str = ""
    transport_mode: str = ""


def decision_of(codes: Sequence[str]) -> str:
    """The answer that these codes give together: one no is a no."""
    grave = [code for code in codes if code not in NOTES]
    if not grave:
        return PERMIT
    return HOLD if all(code in HOLDS for code in grave) else DENY


def faults_of(asked: Asked, grant: Grant) -> list[str]:
    """What speaks against the goods leaving under the licence, by parties, destination and way."""
    return [*_destination(asked, grant), *_parties(asked, grant), *_way(asked, grant)]


def _destination(asked: Asked, grant: Grant) -> Iterator[str]:
    if grant.destinations and not asked.item.destination:
        yield "destination_missing"
    elif grant.destinations and asked.item.destination not in grant.destinations:
        yield "destination_other"


def _parties(asked: Asked, grant: Grant) -> Iterator[str]:
    if grant.consignee_names:
        if not asked.item.consignee_name.strip():
            yield "consignee_missing"
        else:
            found = likeness(
                asked.item.consignee_name, asked.consignee_id, grant.consignee_names, grant.consignee_ids
            )
            yield from _told("consignee", found)
    if grant.end_user_names and asked.end_user_name.strip():
        found = likeness(asked.end_user_name, asked.end_user_id, grant.end_user_names, grant.end_user_ids)
        yield from _told("end_user", found)


def _told(role: str, found: str) -> Iterator[str]:
    if found != "same":
        yield f"{role}_{found}"


def _way(asked: Asked, grant: Grant) -> Iterator[str]:
    """Conditions that a licence may have; where the question does not say, customs knows them and watches."""
    if grant.customs_office and asked.customs_office and asked.customs_office != grant.customs_office:
        yield "customs_office_other"
    if grant.transport_mode and asked.transport_mode and asked.transport_mode != grant.transport_mode:
        yield "transport_other"
