"""Reading who is who: parties with their records, what is proposed, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.core.months import Month
from portal.core.words import in_chinese
from portal.registry.domain.matching.evidence import PARTS
from portal.registry.domain.matching.parties import Traded
from portal.registry.domain.matching.slots import NameSlots, slots_of
from portal.registry.domain.matching.trade import FORMS, names_of
from portal.registry.models import (
    Counterparty,
    Family,
    PartyDecision,
    PartyMember,
    PartyProposal,
    Stage,
)

PAGE = 25


@dataclass(frozen=True)
class Evidence:
    """One part of what speaks for or against: its words, what each record says, and the bits it gave."""

    part: str
    left: str
    right: str
    bits: float


def exported_parties() -> Iterator[tuple[str, str, str]]:
    """Each record with the party it stands for: organisation, code, party. In order."""
    rows = PartyMember.objects.order_by("counterparty__organisation__uscc", "counterparty__code")
    for uscc, code, party in rows.values_list(
        "counterparty__organisation__uscc", "counterparty__code", "party"
    ).iterator(2_000):
        yield uscc or "", code, label_of(party)


def label_of(party: int) -> str:
    """How a party is called in files: its lowest record's number."""
    return f"P{party}"


def proposed(page: str | None) -> Page[PartyProposal]:
    """What waits for a decision, the likeliest first."""
    rows = PartyProposal.objects.select_related("left__organisation", "right__organisation")
    return Paginator(rows.order_by("-score", "pk"), PAGE).get_page(page)


def proposal_called(proposal_id: int) -> PartyProposal | None:
    """One proposal with both records, or None."""
    rows = PartyProposal.objects.select_related("left__organisation", "right__organisation")
    return rows.filter(pk=proposal_id).first()


def evidence_of(proposal: PartyProposal) -> list[Evidence]:
    """The proposal's evidence part by part, in words, in the order of ``PARTS``."""
    left, right = proposal.left, proposal.right
    traded = traded_with((left.pk, right.pk))
    said = {
        "brand": (_brand(left), _brand(right)),
        "place": (_slot(left).place or left.city, _slot(right).place or right.city),
        "industry": (_industry(left), _industry(right)),
        "form": (_form(left), _form(right)),
        "country": (left.country, right.country),
        "address": (left.address, right.address),
        "goods": (_goods(traded.get(left.pk)), _goods(traded.get(right.pk))),
        "months": (_months(traded.get(left.pk)), _months(traded.get(right.pk))),
    }
    return [
        Evidence(_(words), *said.get(part, ("", "")), float(proposal.bits[part]))
        for part, words in PARTS.items()
        if part in proposal.bits
    ]


def traded_with(records: Iterable[int] | None = None) -> dict[int, Traded]:
    """By record what was filed of trade with it: the floor that knows filings is named in the settings."""
    found: dict[int, Traded] = import_string(settings.TRADE_OF_RECORDS)(records)
    return found


def _goods(traded: Traded | None) -> str:
    if traded is None:
        return ""
    named = sorted({(stage, family) for _way, stage, family, _grade in traded.goods})
    return ", ".join(
        " ".join(
            str(label) for label in (Stage(stage).label, Family(family).label if family else "") if label
        )
        for stage, family in named
    )


def _months(traded: Traded | None) -> str:
    return "" if traded is None else f"{Month(traded.first)} – {Month(traded.last)}"


def _slot(record: Counterparty) -> NameSlots:
    return slots_of(record.name)


def _industry(record: Counterparty) -> str:
    return names_of(_slot(record).industry, chinese=in_chinese())


def _form(record: Counterparty) -> str:
    form = _slot(record).form
    return _(FORMS[form]) if form in FORMS else ""


def _brand(record: Counterparty) -> str:
    slot = _slot(record)
    return f"{slot.brand_han} {slot.brand}".strip()


@dataclass(frozen=True)
class Shared:
    """A party that several records stand for: its number, how many records and organisations, the record it is named by."""

    party: int
    records: int
    organisations: int
    named: Counterparty | None


def shared_parties(page: str | None) -> Page[Shared]:
    """Parties that more than one record stands for, those with most records first."""
    rows = (
        PartyMember.objects.values("party")
        .annotate(records=Count("pk"), organisations=Count("counterparty__organisation", distinct=True))
        .filter(records__gt=1)
        .order_by("-records", "party")
    )
    shown: Page[Any] = Paginator(rows, PAGE).get_page(page)
    named = Counterparty.objects.in_bulk([row["party"] for row in shown])
    shown.object_list = [
        Shared(row["party"], row["records"], row["organisations"], named.get(row["party"])) for row in shown
    ]
    return shown


def namesakes(page: Page[Shared]) -> list[Counterparty]:
    """The records by which the parties of a page are named."""
    return [row.named for row in page if row.named is not None]


def records_of(party: int) -> QuerySet[Counterparty]:
    """All records that stand for the party."""
    rows = Counterparty.objects.filter(membership__party=party).select_related("organisation")
    return rows.order_by("organisation__name_en", "code")


def decisions_about(party: int) -> QuerySet[PartyDecision]:
    """What was decided about records of the party, undone decisions too, the newest first."""
    member = PartyMember.objects.filter(party=party).values("pk")
    rows = PartyDecision.objects.filter(Q(left__in=member) | Q(right__in=member))
    return rows.select_related("left__organisation", "right__organisation", "by", "undone_by").order_by(
        "-at", "-pk"
    )


def party_of(counterparty_id: int) -> int | None:
    """The party that a record stands for, once it was matched."""
    return PartyMember.objects.filter(pk=counterparty_id).values_list("party", flat=True).first()
