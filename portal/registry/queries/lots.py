"""Reading an organisation's lots."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.core.actors import Actor
from portal.registry.models import Lot


def lots_of(actor: Actor) -> QuerySet[Lot]:
    """The actor's organisation's lots with their products."""
    return Lot.objects.filter(organisation=actor.organisation).select_related("product")
