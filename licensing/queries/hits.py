"""Likenesses between parties and watch lists: one of them, those of a licence, and all that wait for a person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from licensing.models import HitState, Licence, LicenceHit, ScreeningHit
from licensing.queries.screening import LIVING, parties_alive
from portal.core import clock

SHOWN = 200


def hit_of(hit_id: int) -> ScreeningHit:
    """The likeness with its party, entry and case."""
    found = (
        ScreeningHit.objects.select_related("party", "entry", "application__organisation")
        .filter(pk=hit_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def licence_hit_of(hit_id: int) -> LicenceHit:
    """The likeness of a licence's party, with its entry."""
    found = LicenceHit.objects.select_related("licence__exporter", "entry").filter(pk=hit_id).first()
    if found is None:
        raise Http404
    return found


def hits_of_licence(licence: Licence) -> list[LicenceHit]:
    """Every likeness of those whom a licence names, those to look at first."""
    return list(licence.hits.select_related("entry", "decided_by").order_by("decided_at", "-score", "pk"))


def _of_cases() -> QuerySet[ScreeningHit]:
    return ScreeningHit.objects.filter(
        state=HitState.OPEN, application__in=parties_alive(clock.today()).order_by().values("pk")
    )


def _of_licences() -> QuerySet[LicenceHit]:
    return LicenceHit.objects.filter(
        state=HitState.OPEN, licence__status__in=LIVING, licence__expires_on__gte=clock.today()
    )


def open_likenesses() -> int:
    """How many wait for a person, on live cases and living licences."""
    return _of_cases().count() + _of_licences().count()


def waiting_likenesses() -> list[dict[str, Any]]:
    """Those that wait, the likeliest first."""
    cases = _of_cases().select_related("party", "entry", "application").order_by("-score", "pk")
    licences = _of_licences().select_related("entry", "licence").order_by("-score", "pk")
    rows: list[dict[str, Any]] = [
        {"hit": hit, "party": hit.party.name, "application": hit.application} for hit in cases[:SHOWN]
    ]
    rows += [{"hit": hit, "party": hit.party, "licence": hit.licence} for hit in licences[:SHOWN]]
    return sorted(rows, key=lambda row: -row["hit"].score)[:SHOWN]
