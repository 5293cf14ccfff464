"""Parties of licences that nobody applied for here, held against the watch lists; an officer says who is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.domain.screening import Listed, Screened, screen
from licensing.models import HitState, Licence, LicenceHit
from licensing.queries.screening import LIVING
from licensing.services.moves import may, words_given
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.registry.models import WatchEntry


def screen_licences(entries: Sequence[WatchEntry], digest: str) -> int:
    """Every living licence that no application granted is held against the entries, unless it was against these; how many."""
    listed = [Listed(entry.pk, entry.names, entry.country, entry.id_number) for entry in entries]
    rows = Licence.objects.filter(status__in=LIVING, expires_on__gte=clock.today(), granted_by=None)
    screened = 0
    for licence in rows.order_by("pk"):
        asked = parties_of(licence)
        held = hashlib.sha256("\n".join([digest, *(repr(one) for one in asked)]).encode()).hexdigest()
        if licence.screened != held:
            with transaction.atomic():
                for party in asked:
                    _put_hits(licence, party, listed)
                Licence.objects.filter(pk=licence.pk).update(screened=held)
            screened += 1
    return screened


def parties_of(licence: Licence) -> list[Screened]:
    """Everybody whom the licence names, with the number that stands beside the name where it is clear which."""
    found: dict[str, Screened] = {}
    for names, numbers in (
        (licence.consignee_name, licence.consignee_id),
        (licence.end_user_name, licence.end_user_id),
    ):
        named = [part.strip() for part in names.split(";") if part.strip()]
        known = [part.strip() for part in numbers.split(";") if part.strip()]
        for place, name in enumerate(named):
            number = known[place].rpartition(":")[2] if len(known) == len(named) else ""
            found.setdefault(name[:300], Screened(name[:300], id_number=number))
    return list(found.values())


def _put_hits(licence: Licence, party: Screened, listed: Sequence[Listed]) -> None:
    for hit in screen(party, listed):
        told = {"score": hit.score, "why": hit.reason, "name": hit.name}
        row, new = LicenceHit.objects.get_or_create(
            licence=licence, party=party.name, entry_id=hit.key, defaults={**told, "found_at": clock.now()}
        )
        if not new and (row.score != hit.score or row.name != hit.name):
            reopened = {"state": HitState.OPEN, "decided_by": None, "decided_at": None, "reason": ""}
            LicenceHit.objects.filter(pk=row.pk).update(**told, **reopened)


def decide(*, by: Actor, hit_id: int, state: str, reason: str) -> LicenceHit:
    """Whether the party is the one listed is said, with the reason. What follows for the licence is an order of its own."""
    may(by, Permission.CASE_HANDLE)
    if state not in {HitState.CLEARED, HitState.CONFIRMED}:
        raise Refused("unknown_code", _("Say whether it is the same party."), status=422)
    words = words_given(reason, 2_000)
    with transaction.atomic():
        hit = (
            LicenceHit.objects.select_for_update(of=("self",))
            .select_related("licence", "entry")
            .filter(pk=hit_id)
            .first()
        )
        if hit is None:
            raise Http404
        hit.state, hit.reason, hit.decided_by, hit.decided_at = state, words, by.user, clock.now()
        hit.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        data = {"licence_no": hit.licence.licence_no, "hit": hit.pk, "state": state}
        record("licence.hit_decided", by=by, subject=("licence", hit.licence_id), data=data)
    return hit
