"""What was decided before about the same good, the same party, the same destination."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from licensing.models import Application, ApplicationParty
from portal.registry.domain.name_forms import forms_of

LOOKED_AT = 400
SHOWN = 10


@dataclass(frozen=True)
class Precedent:
    """An earlier case and in what it is alike."""

    application: Application
    same_good: bool
    same_party: bool
    same_destination: bool

    @property
    def weight(self) -> int:
        return 4 * self.same_party + 2 * self.same_good + self.same_destination


def precedents_of(application: Application) -> list[Precedent]:
    """The decided cases most like this one, the latest of equals first. Few queries, whatever their number."""
    codes = {code for line in application.lines.all() for code in line.codes}
    parties = {_key(party) for party in application.parties.all()}
    earlier = Application.objects.exclude(pk=application.pk).exclude(decided_at=None)
    alike = Q(destination=application.destination) if application.destination else Q(pk__in=[])
    for code in codes:
        alike |= Q(lines__control_codes__contains=code)
    numbers = {number for party in application.parties.all() if (number := party.id_number)}
    names = {party.name for party in application.parties.all()}
    alike |= Q(parties__id_number__in=numbers) | Q(parties__name__in=names)
    rows = (
        earlier.filter(alike)
        .distinct()
        .select_related("organisation", "licence")
        .prefetch_related("lines", "parties")
        .order_by("-decided_at")[:LOOKED_AT]
    )
    found = [
        Precedent(
            row,
            bool(codes & {code for line in row.lines.all() for code in line.codes}),
            bool(parties & {_key(party) for party in row.parties.all()}),
            bool(application.destination) and row.destination == application.destination,
        )
        for row in rows
    ]
    return sorted((one for one in found if one.weight), key=lambda one: -one.weight)[:SHOWN]


def _key(party: ApplicationParty) -> str:
    """What makes two parties the same here: their identity number, else their name in its plain form."""
    return party.id_number or forms_of(party.name).whole
