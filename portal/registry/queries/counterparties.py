"""Reading an organisation's counterparties, and which of them a new one looks like."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from portal.core.actors import Actor
from portal.registry.domain.similarity import Likeness, Named, similar
from portal.registry.models import Counterparty


def counterparties_of(actor: Actor, words: str = "", *, retired: bool = False) -> QuerySet[Counterparty]:
    """The actor's organisation's counterparties that hold the words, in the order of their codes."""
    rows = Counterparty.objects.filter(organisation=actor.organisation, retired_at__isnull=not retired)
    for word in words.split():
        rows = rows.filter(
            Q(code__icontains=word)
            | Q(name__icontains=word)
            | Q(name_local__icontains=word)
            | Q(id_number__icontains=word)
            | Q(city__icontains=word)
        )
    return rows.order_by("code")


def counterparty_of(actor: Actor, counterparty_id: int) -> Counterparty:
    """One of them; Http404 for any other."""
    row = Counterparty.objects.filter(organisation=actor.organisation, pk=counterparty_id).first()
    if row is None:
        raise Http404
    return row


def lookalikes(
    actor: Actor, asked: Named, *, besides: int | None = None
) -> list[tuple[Counterparty, Likeness]]:
    """The counterparties already listed that the one being typed looks like, best first, with the reason."""
    rows = Counterparty.objects.filter(organisation=actor.organisation).order_by("code")
    known = {row.pk: row for row in rows if row.pk != besides}
    named = [Named(row.pk, row.name, row.name_local, row.id_number) for row in known.values()]
    return [(known[int(found.key)], found) for found in similar(asked, named)]
