"""Parties held against the watch lists: at submission, at decision, and again when a list changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.domain.screening import Listed, Screened, screen
from licensing.models import (
    Application,
    ApplicationParty,
    ApplicationStatus,
    HitState,
    Screening,
    ScreeningHit,
)
from licensing.queries.screening import parties_alive
from licensing.services import flags
from licensing.services.moves import happened, in_office, may, tell, words_given
from portal.core import clock, fence
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.registry.models import WatchEffect, WatchEntry
from portal.registry.queries.watch_list import entries_on

SCREENER = Actor.system("screening")


def screen_application(application: Application, *, cause: str) -> Screening:
    """Every party was held against the lists of the day; likenesses not seen before wait for a person."""
    entries = list(entries_on(clock.today()))
    return _screen(application, entries, cause)


def screen_again() -> int:
    """A watch list changed: every case that is alive and every licence that lives is screened; how many."""
    entries = list(entries_on(clock.today()))
    applications = list(parties_alive(clock.today()))
    for application in applications:
        with transaction.atomic():
            _screen(application, entries, "list_changed")
    return len(applications)


@fence.lifted(reason="parties are held against every list when an exporter submits, who sees nothing of it")
def _screen(application: Application, entries: Sequence[WatchEntry], cause: str) -> Screening:
    listed = [Listed(entry.pk, entry.names, entry.country, entry.id_number) for entry in entries]
    done = Screening.objects.create(
        application=application, cause=cause, entries=len(entries), digest=_digest(entries), at=clock.now()
    )
    for party in application.parties.all():
        _put_hits(done, party, listed)
    effects = set(
        ScreeningHit.objects.filter(application=application)
        .exclude(state=HitState.CLEARED)
        .values_list("entry__effect", flat=True)
    )
    if effects:
        flags.raise_flag(application, "watch_list", rule="screening")
    if WatchEffect.NO_GENERAL in effects and application.kind == "general":
        flags.raise_flag(application, "no_general", rule="screening")
    return done


def _put_hits(done: Screening, party: ApplicationParty, listed: Sequence[Listed]) -> None:
    """Hits not seen before; those decided keep what was decided, unless the likeness is another now."""
    asked = Screened(party.name, party.name_local, party.country, party.id_number)
    for hit in screen(asked, listed):
        told = {"score": hit.score, "why": hit.reason, "name": hit.name, "country": hit.country}
        known = ScreeningHit.objects.filter(party=party, entry_id=hit.key).first()
        if known is None:
            ScreeningHit.objects.create(
                application_id=done.application_id, party=party, entry_id=hit.key, screening=done, **told
            )
        elif known.score != hit.score or known.name != hit.name:
            reopened = {"state": HitState.OPEN, "decided_by": None, "decided_at": None, "reason": ""}
            ScreeningHit.objects.filter(pk=known.pk).update(screening=done, **told, **reopened)


def _digest(entries: Sequence[WatchEntry]) -> str:
    text = "\n".join(
        f"{row.list_name}|{row.entry}|{'|'.join(row.names)}|{row.country}|{row.id_number}|{row.effect}"
        for row in entries
    )
    return hashlib.sha256(text.encode()).hexdigest()


def decide_hit(*, by: Actor, hit_id: int, state: str, reason: str) -> ScreeningHit:
    """Whether the party is the one listed is said, with the reason.

    A party confirmed on a list that bars general licences stops the statutory clock; one that is cleared lets it go on.
    """
    may(by, Permission.CASE_HANDLE)
    if state not in {HitState.CLEARED, HitState.CONFIRMED}:
        raise Refused("unknown_code", _("Say whether it is the same party."), status=422)
    words = words_given(reason, 2_000)
    with transaction.atomic():
        hit = (
            ScreeningHit.objects.select_for_update(of=("self",))
            .select_related("entry")
            .filter(pk=hit_id)
            .first()
        )
        if hit is None:
            raise Http404
        application = in_office(by, hit.application_id)
        hit.state, hit.reason, hit.decided_by, hit.decided_at = state, words, by.user, clock.now()
        hit.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        _clock(application, hit, by)
        if not application.hits.exclude(state=HitState.CLEARED).exists():
            flags.lower_all(application, ("watch_list", "no_general"), by=by, reason=words)
        tell("application.hit_decided", by, application, hit=hit.pk, state=state)
    return hit


def _clock(application: Application, hit: ScreeningHit, by: Actor) -> None:
    key = f"watch:{hit.pk}"
    stopped = application.events.filter(key=key).last()
    is_still = stopped is not None and stopped.what == "stopped"
    stops = hit.state == HitState.CONFIRMED and hit.entry.effect == WatchEffect.NO_GENERAL
    if application.status in {
        ApplicationStatus.DECIDED,
        ApplicationStatus.CLOSED,
        ApplicationStatus.WITHDRAWN,
    }:
        return
    if stops and not is_still:
        happened(application, "stopped", by=by, key=key, cause="watch_list")
    elif is_still and not stops:
        happened(application, "resumed", by=by, key=key, cause="watch_list")
