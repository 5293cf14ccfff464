"""Writing the trail, and sealing what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.audit.canonical import FIELDS, GENESIS, chain
from portal.audit.models import Event, Seal
from portal.core import clock
from portal.core.actors import Actor

SEAL_AT_ONCE = 5_000


def record(
    verb: str,
    *,
    by: Actor,
    organisation_id: int | None = None,
    subject: tuple[str, int | None] = ("", None),
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Put one event into the trail, in the caller's transaction.

    ``organisation_id`` says whose trail it belongs to (the actor's own by default). ``data`` holds codes and values,
    never a client's name: the trail is read by more people than the data is.
    """
    return Event.objects.create(
        at=clock.now(),
        verb=verb,
        actor_id=by.user_id,
        actor_name=by.name or (by.user.label if by.user is not None else "system"),
        actor_organisation_id=by.organisation_id,
        organisation_id=organisation_id if organisation_id is not None else by.organisation_id,
        subject_type=subject[0],
        subject_id=subject[1],
        data=dict(data or {}),
    )


def seal_events() -> int:
    """Chain every event that is not chained yet, oldest id first; the number sealed. One sealer acts at a time."""
    sealed = 0
    while True:
        count = _seal_batch()
        sealed += count
        if count < SEAL_AT_ONCE:
            return sealed


@transaction.atomic
def _seal_batch() -> int:
    last = Seal.objects.select_for_update().order_by("-sequence").first()
    sequence, digest = (last.sequence, bytes(last.digest)) if last else (0, GENESIS)
    unsealed = Event.objects.filter(~Exists(Seal.objects.filter(event_id=OuterRef("pk")))).order_by("pk")
    seals = []
    for row in unsealed.values_list(*FIELDS)[:SEAL_AT_ONCE]:
        sequence += 1
        digest = chain(digest, row)
        seals.append(Seal(sequence=sequence, event_id=row[0], digest=digest))
    Seal.objects.bulk_create(seals, batch_size=500)
    return len(seals)
