"""Sealing: every event gets its place in the chain, once, whoever seals and however many do at once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from portal.audit.canonical import FIELDS, GENESIS, chain
from portal.audit.models import Seal
from portal.audit.queries import unsealed_events
from portal.core.turns import await_turn

SEAL_AT_ONCE: Final = 5_000
ONE_SEALER: Final = 0x5EA1  # the number of the turn; any number that nobody else uses


def seal_events(*, since: datetime | None = None) -> int:
    """Chain every event that is not chained yet, oldest number first; how many. One sealer acts at a time.

    ``since`` looks at events from that instant on alone, and so does not walk through years to find the last minute's.
    """
    sealed, after = 0, 0
    while True:
        seals = _seal_batch(after, since)
        sealed += len(seals)
        if len(seals) < SEAL_AT_ONCE:
            return sealed
        after = seals[-1].event_id


@transaction.atomic
def _seal_batch(after: int, since: datetime | None) -> list[Seal]:
    await_turn(ONE_SEALER)
    last = Seal.objects.order_by("-sequence").first()
    sequence, digest = (last.sequence, bytes(last.digest)) if last else (0, GENESIS)
    waiting = unsealed_events().filter(pk__gt=after)
    if since is not None:
        waiting = waiting.filter(at__gte=since)
    seals = []
    for row in waiting.order_by("pk").values_list(*FIELDS)[:SEAL_AT_ONCE]:
        sequence += 1
        digest = chain(digest, row)
        seals.append(Seal(sequence=sequence, event_id=row[0], digest=digest))
    Seal.objects.bulk_create(seals, batch_size=SEAL_AT_ONCE)
    return seals
