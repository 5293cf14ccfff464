"""Reading extensions: an organisation's own, and what waits for the regulator."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from portal.accounts.models import Organisation
from reporting.models import Extension, ExtensionState, Obligation


def extensions_of(organisation: Organisation) -> QuerySet[Extension]:
    """What this organisation asked for or was given, with those for all, newest first."""
    rows = Extension.objects.filter(Q(organisation=organisation) | Q(organisation=None))
    return rows.select_related("asked_by").order_by("-period", "-asked_at")


def extensions_to_decide() -> QuerySet[Extension]:
    """Every extension, those waiting for a decision first, the longest waiting at the top."""
    waiting = Case(
        When(state=ExtensionState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    rows = Extension.objects.select_related("organisation", "asked_by", "decided_by")
    return rows.annotate(decided=waiting).order_by("decided", "asked_at")


def months_to_extend(organisation: Organisation) -> QuerySet[Obligation]:
    """The organisation's months not filed yet and without a request that waits, oldest first."""
    asked = Extension.objects.filter(organisation=organisation, state=ExtensionState.ASKED).values("period")
    rows = Obligation.objects.filter(organisation=organisation, submitted_at=None)
    return rows.exclude(period__in=asked).order_by("period")
