"""Matching the records of all organisations to real parties, and what people decide of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Kind
from portal.audit.services import record, record_all
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.words import storable
from portal.registry.domain.identifiers import verify
from portal.registry.domain.matching.parties import Decided, Proposal, Record, parties, proposals
from portal.registry.models import Counterparty, PartyDecision, PartyMember, PartyProposal
from portal.registry.queries.parties import traded_with

AT_ONCE: Final = 2_000
LONGEST: Final = 2_000


def match(*, by: Actor) -> dict[str, int]:
    """Every record stands for a party, and what is likely is proposed; how many records, parties and proposals there are.

    Made anew from the registers and the decisions in force, so it may run twice, and undoing a decision undoes all of it.
    """
    with transaction.atomic():
        records, decisions = _records(), _decisions()
        known = parties(records, decisions)
        _keep_members(known.of)
        found = proposals(records, known, decisions)
        _keep_proposals(found)
        counts = {"records": len(records), "parties": len(set(known.of.values())), "proposals": len(found)}
        record("parties.matched", by=by, subject=("party", None), data=counts)
    return counts


def decide(*, by: Actor, left_id: int, right_id: int, same: bool, reason: str) -> PartyDecision:
    """Two records are one party, or are not, and why; the parties are matched again.

    Refused: no reason, a decision that stands already (undo it first), two valid numbers of one kind that differ. Raises
    Http404 for a record that is none.
    """
    words = storable(reason).strip()[:LONGEST]
    if not words:
        raise Refused("reason_missing", _("Say why, so that a colleague can follow it."), status=422)
    low, high = sorted((left_id, right_id))
    if low == high or Counterparty.objects.filter(pk__in=(low, high)).count() != 2:
        raise Http404
    if same and _numbers_differ(low, high):
        raise Refused(
            "numbers_differ", _("Their identity numbers are valid and differ: they are two parties.")
        )
    asked = PartyProposal.objects.filter(left_id=low, right_id=high).first()
    try:
        with transaction.atomic():
            decision = PartyDecision.objects.create(
                left_id=low,
                right_id=high,
                same=same,
                reason=words,
                score=asked.score if asked else None,
                by=by.user,
                at=clock.now(),
            )
            verb = "party.joined" if same else "party.kept_apart"
            record(verb, by=by, subject=("party_decision", decision.pk), data={"left": low, "right": high})
            publish("parties.decided", decision.pk)
    except IntegrityError as error:
        raise Refused("decided_already", _("This was decided already. Undo that decision first.")) from error
    return decision


@transaction.atomic
def undo(*, by: Actor, decision_id: int) -> PartyDecision:
    """The decision stands no longer; the parties are matched again as if it had not been made. Twice is once."""
    decision = PartyDecision.objects.select_for_update(of=("self",)).filter(pk=decision_id).first()
    if decision is None:
        raise Http404
    if decision.undone_at is None:
        decision.undone_at, decision.undone_by = clock.now(), by.user
        decision.save(update_fields=["undone_at", "undone_by"])
        record("party.decision_undone", by=by, subject=("party_decision", decision.pk))
        publish("parties.decided", decision.pk)
    return decision


def identities_viewed(*, by: Actor, records: Iterable[Counterparty]) -> None:
    """The trail of each organisation whose records were shown says who at the regulator saw them, without their names."""
    owners = sorted({row.organisation_id for row in records})
    if by.is_regulator and owners:
        record_all(
            "identity.viewed",
            by=by,
            subject_type="organisation",
            subjects=[(owner, owner) for owner in owners],
        )


def _records() -> list[Record]:
    traded = traded_with()
    rows = Counterparty.objects.filter(organisation__kind=Kind.ENTERPRISE).order_by("pk").values_list(
        "pk", "name", "name_local", "country", "id_type", "id_number", "address", "city", "organisation_id"
    )  # fmt: skip
    return [
        Record(
            pk,
            (name, local),
            country,
            *_valid(kind, number, country),
            address=f"{city} {address}".strip(),
            owner=owner,
            traded=traded.get(pk),
        )
        for pk, name, local, country, kind, number, address, city, owner in rows.iterator(AT_ONCE)
    ]


def _valid(kind: str, number: str, country: str) -> tuple[str, str]:
    """The kind and the number where it proves something: one that fails its check or its form proves nothing."""
    if not kind or not number:
        return "", ""
    verdict = verify(kind, number, country)
    return ("", "") if verdict.warns else (kind, verdict.normalised)


def _decisions() -> list[Decided]:
    rows = PartyDecision.objects.filter(undone_at=None).order_by("pk")
    return [
        Decided(left, right, same) for left, right, same in rows.values_list("left_id", "right_id", "same")
    ]


def _numbers_differ(low: int, high: int) -> bool:
    rows = Counterparty.objects.filter(pk__in=(low, high)).values_list("id_type", "id_number", "country")
    (kind, number), (other_kind, other_number) = (_valid(*row) for row in rows)
    return bool(number) and kind == other_kind and number != other_number


def _keep_members(of: dict[int, int]) -> None:
    kept = dict(PartyMember.objects.values_list("counterparty_id", "party"))
    PartyMember.objects.filter(pk__in=[key for key in kept if key not in of]).delete()
    moved = [
        PartyMember(counterparty_id=key, party=party) for key, party in of.items() if kept.get(key) != party
    ]
    PartyMember.objects.bulk_create(
        moved,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["counterparty"],
        update_fields=["party"],
    )


def _keep_proposals(found: list[Proposal]) -> None:
    kept = {(row.left_id, row.right_id): row for row in PartyProposal.objects.all()}
    wanted = {(min(one.left, one.right), max(one.left, one.right)): one for one in found}
    gone = [row.pk for pair, row in kept.items() if pair not in wanted]
    PartyProposal.objects.filter(pk__in=gone).delete()
    moment = clock.now()
    PartyProposal.objects.bulk_create(
        (
            PartyProposal(left_id=left, right_id=right, score=one.score, bits=one.bits, first_seen=moment)
            for (left, right), one in wanted.items()
            if (left, right) not in kept or kept[left, right].bits != one.bits
        ),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["left", "right"],
        update_fields=["score", "bits"],
    )
