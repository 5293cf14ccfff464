"""What customs reads: its own checks, a licence by its number, the records of a declaration."""

from __future__ import annotations

from django.db.models import QuerySet

from licensing.models import Declaration, ExportCheck
from portal.core.actors import Actor


def checks_of(actor: Actor) -> QuerySet[ExportCheck]:
    """The office's own checks, the latest first."""
    rows = ExportCheck.objects.filter(office_id=actor.organisation_id or 0)
    return rows.select_related("exporter", "licence").order_by("-id")


def records_of(declaration_no: str) -> list[Declaration]:
    """The items of a declaration, by number."""
    rows = Declaration.objects.filter(declaration_no=declaration_no).select_related(
        "exporter", "licence", "line"
    )
    return list(rows.order_by("item_no")[:200])
