"""Trails for the tests: written, sealed, signed, and tampered with below the guards."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from portal.audit.canonical import FIELDS, GENESIS, chain
from portal.audit.domain.heads import SignedHead, sign
from portal.audit.models import Seal
from portal.audit.queries import chained_rows, plain_row
from portal.audit.services import record, seal_events
from portal.core.actors import Actor

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TABLES = ("audit_event", "audit_seal")


def write(count: int) -> None:
    """Some events of several kinds, not sealed yet."""
    for number in range(count):
        record(
            ("filing.submitted", "draft.saved", "identity.viewed")[number % 3],
            by=Actor.system(("sweep", "relay")[number % 2]),
            organisation_id=number % 5 or None,
            subject=("filing", number) if number % 4 else ("", None),
            data={"period": "2026-05", "version": number, "share": number / 8, "note": "第一批"},
        )


def sealed_in_parts(count: int, part: int) -> list[SignedHead]:
    """A trail sealed and signed every ``part`` events."""
    heads = []
    for _ in range(count // part):
        write(part)
        seal_events()
        end = Seal.objects.latest("sequence")
        heads.append(
            sign(KEY, sequence=end.sequence, digest=bytes(end.digest), at="2026-05-01T00:00:00.000000Z")
        )
    return heads


@contextmanager
def below_the_guards(*, keep: bool = False) -> Iterator[None]:
    """What an intruder with every right in the database can do; undone at the end unless it is to be kept."""
    with transaction.atomic():
        for statement in _guards("DISABLE", "DROP TRIGGER {}"):
            execute(statement)
        yield
        if not keep:
            transaction.set_rollback(True)
        elif connection.vendor == "postgresql":
            for statement in _guards("ENABLE", ""):
                execute(statement)


def _guards(switch: str, sqlite: str) -> list[str]:
    if connection.vendor == "postgresql":
        return [f"ALTER TABLE {table} {switch} TRIGGER USER" for table in TABLES]
    pairs = itertools.product(TABLES, ("update", "delete"))
    return [sqlite.format(f"{table}_no_{verb}") for table, verb in pairs]


def execute(statement: str, values: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values) or None)


def chain_anew(first: int) -> None:
    """Recompute every seal from place ``first`` on, as somebody who knows the code would; order and gaps mended."""
    rows = list(chained_rows())
    digest = rows[first - 2][2] if first > 1 else GENESIS
    execute("DELETE FROM audit_seal WHERE sequence >= %s", [first])
    kept = [row for row in rows[first - 1 :] if row[3] is not None]
    for place, (_sequence, event_id, _digest, stored) in enumerate(kept, start=first):
        assert stored is not None
        digest = chain(digest, plain_row(stored))
        Seal.objects.create(sequence=place, event_id=event_id, digest=digest)


def column_of(name: str) -> int:
    return FIELDS.index(name)
