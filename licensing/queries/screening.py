"""Whom to screen again, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from licensing.domain.screening import REASONS
from licensing.models import Application, LicenceStatus, ScreeningHit
from licensing.states import LIVE_APPLICATIONS

LIVING = (LicenceStatus.VALID, LicenceStatus.SUSPENDED, LicenceStatus.EXHAUSTED)


def parties_alive(day: date) -> QuerySet[Application]:
    """Cases not decided yet, and those whose licence lives on that day."""
    alive = Q(status__in=sorted(LIVE_APPLICATIONS)) | Q(
        licence__status__in=LIVING, licence__expires_on__gte=day
    )
    return Application.objects.filter(alive).order_by("pk")


def shown_hits(application: Application) -> list[dict[str, Any]]:
    """Every likeness with its score and why, those to look at first."""
    rows: Sequence[ScreeningHit] = list(
        application.hits.select_related("party", "entry", "decided_by", "screening").order_by(
            "decided_at", "-score", "pk"
        )
    )
    return [
        {
            "hit": row,
            "why": _(REASONS[row.why]),  # type: ignore[index]
            "country": _country_words(row.country),
        }
        for row in rows
    ]


def _country_words(code: str) -> str:
    """What the countries say about a likeness."""
    return {
        "same": _("The country is the same."),
        "other": _("The country is another: ten points were taken off."),
    }.get(code, _("One of the countries is not known."))
