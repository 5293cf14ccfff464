"""Parties held against the watch lists: at submission, at decision, and again when a list changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.domain.screening import Hit, Listed, Screened, screen
from licensing.models import (
    Application,
    ApplicationParty,
    ApplicationStatus,
    HitState,
    Screening,
    ScreeningHit,
)
from licensing.queries.cases import officers
from licensing.queries.hits import open_likenesses
from licensing.queries.screening import parties_alive
from licensing.services import flags, licence_screening
from licensing.services.moves import happened, in_office, may, tell, words_given
from portal.audit.services import record
from portal.contact.services import mail
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
    """Every case that is alive and every licence that lives is held against the lists of the day; how many were.

    Whoever was held against the very same entries, under the same names, is left alone: a second call does nothing.
    Officers are told how many likenesses are new.
    """
    entries = list(entries_on(clock.today()))
    pks = list(parties_alive(clock.today()).values_list("pk", flat=True))
    before = open_likenesses()
    cases = sum(_screen_if_other(pk, entries) for pk in pks)
    licences = licence_screening.screen_licences(entries, _digest(entries))
    if cases or licences:
        _tell_officers(cases, licences, max(0, open_likenesses() - before))
    return cases + licences


def screen_clients(counterparty_id: int) -> int:
    """A client's record changed: the cases and licences that name it are screened under its present name too."""
    entries = list(entries_on(clock.today()))
    alive = parties_alive(clock.today()).filter(parties__counterparty_id=counterparty_id).distinct()
    return sum(_screen_if_other(pk, entries) for pk in list(alive.values_list("pk", flat=True)))


def _screen_if_other(application_id: int, entries: Sequence[WatchEntry]) -> bool:
    with transaction.atomic():
        application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
        last = application.screenings.last()
        other = last is None or last.digest != _held(entries, _asked(application))
        if other:
            _screen(application, entries, "list_changed")
        return other


def _asked(application: Application) -> list[tuple[ApplicationParty, Screened]]:
    """Each party as the application names it, and where its record says otherwise by now, as that does."""
    found = []
    for party in application.parties.select_related("counterparty"):
        named = Screened(party.name, party.name_local, party.country, party.id_number)
        found.append((party, named))
        record_now = party.counterparty
        if record_now is not None:
            now = Screened(record_now.name, record_now.name_local, record_now.country, record_now.id_number)
            if now != named:
                found.append((party, now))
    return found


@fence.lifted(reason="parties are held against every list when an exporter submits, who sees nothing of it")
def _screen(application: Application, entries: Sequence[WatchEntry], cause: str) -> Screening:
    listed = [Listed(entry.pk, entry.names, entry.country, entry.id_number) for entry in entries]
    asked = _asked(application)
    done = Screening.objects.create(
        application=application,
        cause=cause,
        entries=len(entries),
        digest=_held(entries, asked),
        at=clock.now(),
    )
    _put_hits(done, asked, listed)
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


def _put_hits(
    done: Screening, asked: Sequence[tuple[ApplicationParty, Screened]], listed: Sequence[Listed]
) -> None:
    """Hits not seen before; those decided keep what was decided, unless the likeness is another now."""
    best: dict[tuple[int, int], Hit] = {}
    for party, named in asked:
        for hit in screen(named, listed):
            known = best.get((party.pk, hit.key))
            if known is None or hit.score > known.score:
                best[party.pk, hit.key] = hit
    for (party_id, _key), hit in best.items():
        _put_hit(done, party_id, hit)


def _put_hit(done: Screening, party_id: int, hit: Hit) -> None:
    told = {"score": hit.score, "why": hit.reason, "name": hit.name, "country": hit.country}
    known = ScreeningHit.objects.filter(party_id=party_id, entry_id=hit.key).first()
    if known is None:
        ScreeningHit.objects.create(
            application_id=done.application_id, party_id=party_id, entry_id=hit.key, screening=done, **told
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


def _held(entries: Sequence[WatchEntry], asked: Sequence[tuple[ApplicationParty, Screened]]) -> str:
    """What was held against what, as one digest."""
    named = "\n".join(f"{one.name}|{one.name_local}|{one.country}|{one.id_number}" for _party, one in asked)
    return hashlib.sha256(f"{_digest(entries)}\n{named}".encode()).hexdigest()


def _tell_officers(cases: int, licences: int, new: int) -> None:
    """One event for the run; where likenesses are new, a mail to each officer."""
    with transaction.atomic():
        data = {"cases": cases, "licences": licences, "count": new}
        event = record("watch_list.screened", by=SCREENER, data=data)
        for officer in officers() if new else ():
            key = f"screened:{event.pk}:{officer.pk}"
            mail.send(template="watch_list_screened", to=officer, values={"new": new}, key=key)


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
