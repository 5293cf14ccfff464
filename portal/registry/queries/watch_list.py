"""Watch lists as they stand on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from portal.registry.models import WatchEntry


def entries_on(day: date) -> QuerySet[WatchEntry]:
    """The entries in force that day."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    lasting = Q(valid_until=None) | Q(valid_until__gte=day)
    return WatchEntry.objects.filter(begun, lasting).order_by("pk")
