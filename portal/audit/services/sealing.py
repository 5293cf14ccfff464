"""Sealing: every event gets its place in the chain, once, whoever seals and however many do at once."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from portal.audit.canonical import FIELDS, GENESIS, chain
from portal.audit.models import Seal
from portal.audit.queries import unsealed_events

SEAL_AT_ONCE: Final = 5_000
ONE_SEALER: Final = 0x5EA1  # the number of the advisory lock; any number that nobody else uses


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
    _wait_for_other_sealers()
    last = Seal.objects.order_by("-sequence").first()
    sequence, digest = (last.sequence, bytes(last.digest)) if last else (0, GENESIS)
    seals = []
    for row in unsealed_events().order_by("pk").values_list(*FIELDS)[:SEAL_AT_ONCE]:
        sequence += 1
        digest = chain(digest, row)
        seals.append(Seal(sequence=sequence, event_id=row[0], digest=digest))
    Seal.objects.bulk_create(seals, batch_size=500)
    return len(seals)


def _wait_for_other_sealers() -> None:
    """SQLite lets one transaction write at a time; PostgreSQL is asked for a lock that needs no right to any table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_SEALER])
