"""One likeness between a party and a watch list."""

from __future__ import annotations

from django.http import Http404

from licensing.models import ScreeningHit


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
