"""Which filings an actor may see."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from portal.core.actors import Actor
from portal.core.months import Month
from portal.core.permissions import Permission
from reporting.models import Filing


def visible_filings(actor: Actor) -> QuerySet[Filing]:
    """An organisation's own filings, drafts included; for the regulator every filing that was submitted."""
    rows = Filing.objects.select_related("organisation")
    if actor.may(Permission.SUPERVISE):
        return rows.real().exclude(submitted_at=None)
    if actor.may(Permission.FILING_VIEW) and actor.organisation_id is not None:
        return rows.filter(organisation_id=actor.organisation_id)
    return rows.none()


def visible_filing(actor: Actor, filing_id: int) -> Filing:
    """One of them; Http404 for any other, so that nobody learns what exists elsewhere."""
    filing = visible_filings(actor).filter(pk=filing_id).first()
    if filing is None:
        raise Http404
    return filing


def versions_of(filing: Filing) -> QuerySet[Filing]:
    """Every version of the same organisation and month, newest first."""
    return Filing.objects.filter(organisation_id=filing.organisation_id, period=filing.period).order_by(
        "-version"
    )


def filing_in_force(organisation_id: int, period: Month) -> Filing | None:
    """The highest filed version of a month, if any."""
    return Filing.objects.in_force().filter(organisation_id=organisation_id, period=period).first()


def open_draft(organisation_id: int, period: Month) -> Filing | None:
    """The version of a month that is being worked on, if any."""
    return Filing.objects.open().filter(organisation_id=organisation_id, period=period).first()
