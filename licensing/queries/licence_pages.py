"""Licences and letters as pages show them: the exporter's own, every one for the regulator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from licensing.models import Letter, Licence
from licensing.queries.licences import balance, holds_on, movements_of, visible_licences
from licensing.queries.rejudgements import rejudged
from portal.core import clock
from portal.core.actors import Actor
from portal.core.permissions import Permission

MOVES_SHOWN = 50


def licences_of(actor: Actor, words: str = "") -> QuerySet[Licence]:
    """Licences that the actor may see, the latest first, those whose number holds the words."""
    rows = visible_licences(actor)
    if words:
        rows = rows.filter(licence_no__icontains=words)
    return rows.prefetch_related("lines").order_by("-issued_on", "-pk")


def licence_seen_by(actor: Actor, licence_id: int) -> Licence:
    """One of them; Http404 for any other."""
    found = visible_licences(actor).select_related("predecessor").filter(pk=licence_id).first()
    if found is None:
        raise Http404
    return found


def letter_seen_by(actor: Actor, letter_id: int) -> Letter:
    """A letter that was written to the actor's organisation, or any for the regulator."""
    rows = Letter.objects.select_related(
        "application__organisation", "licence__exporter", "request__line"
    ).filter(pk=letter_id)
    letter = rows.first()
    if letter is None:
        raise Http404
    whose = letter.application.organisation_id if letter.application else letter.licence.exporter_id  # type: ignore[union-attr]
    if not actor.may(Permission.SUPERVISE) and whose != actor.organisation_id:
        raise Http404
    return letter


def status_on(licence: Licence, day: date) -> str:
    """How the licence stands on a day: its row's state, or what its dates say already."""
    return holds_on(licence, day) or ("exhausted" if licence.status == "exhausted" else "valid")


def rows_of(licences: Sequence[Licence]) -> list[dict[str, Any]]:
    """Licences with how they stand today and what is left of them."""
    today = clock.today()
    return [
        {
            "licence": row,
            "status": status_on(row, today),
            "left_g": sum(line.balance_g for line in row.lines.all()),
            "granted_g": sum(line.authorised_g for line in row.lines.all()),
        }
        for row in licences
    ]


def licence_page(licence: Licence) -> dict[str, Any]:
    """The licence with the balance of each line, its latest movements and letters."""
    return {
        "licence": licence,
        "status": status_on(licence, clock.today()),
        "lines": balance(licence),
        "movements": list(movements_of(licence)[:MOVES_SHOWN]),
        "letters": Letter.objects.filter(licence=licence).order_by("-pk"),
        "rejudged": rejudged(licence),
        "successor": Licence.objects.filter(predecessor=licence).first(),
    }


def licence_called(number: str) -> Licence | None:
    """The licence of this number, however its letters are written; None where there is none."""
    return Licence.objects.filter(licence_no__iexact=number.strip()[:60]).first() if number.strip() else None
