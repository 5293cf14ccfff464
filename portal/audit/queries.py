"""Reading the trail, and proving that it was not touched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.audit.canonical import FIELDS, GENESIS, chain
from portal.audit.domain.heads import SignedHead
from portal.audit.models import Event, Seal

AT_ONCE: Final = 20_000
_AT: Final = FIELDS.index("at")
_AT_AS_TEXT: Final = {
    "postgresql": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "sqlite": "substr(e.at, 1, 10) || 'T' || substr(e.at, 12)",
}
_decode = json.JSONDecoder().decode


@dataclass(frozen=True)
class Verification:
    """What a walk along the chain found. ``fault`` is None where every sealed row holds.

    ``row`` is the number of the event at fault (of the seal, where that one is missing), ``sequence`` its place in the
    chain, ``signed`` the last place that a head vouches for.
    """

    sealed: int
    unsealed: int
    fault: str | None = None
    row: int | None = None
    sequence: int | None = None
    signed: int = 0
    heads: int = 0


def events_of(organisation_id: int) -> QuerySet[Event]:
    """An organisation's own trail, newest first."""
    return Event.objects.filter(organisation_id=organisation_id).order_by("-pk")


def events_about(subject_type: str, subject_ids: list[int]) -> QuerySet[Event]:
    """What was done to some subjects, newest first."""
    return Event.objects.filter(subject_type=subject_type, subject_id__in=subject_ids).order_by("-pk")


def unsealed_events(using: str = DEFAULT_DB_ALIAS) -> QuerySet[Event]:
    """Events that wait for their place in the chain."""
    sealed = Seal.objects.using(using).filter(event_id=OuterRef("pk"))
    return Event.objects.using(using).filter(~Exists(sealed))


def verify(heads: Iterable[SignedHead] = (), *, using: str = DEFAULT_DB_ALIAS) -> Verification:
    """Walk the whole chain and compare every digest; the first row that does not hold is named.

    ``heads``, in their order and with signatures that hold, must each be found in the chain as they were signed:
    ``head_differs`` says that rows between the last good head and this one were chained anew, ``tail_cut`` that the
    chain ends before the head.
    """
    walk = _Walk(unsealed_events(using).count(), iter(heads))
    for sequence, event_id, sealed, row in chained_rows(using):
        place = walk.held + 1
        if sequence != place:
            return walk.ended("seal_missing", place, place)
        if row is None:
            return walk.ended("event_missing", event_id, place)
        if _chained(walk.digest, row) != sealed:
            return walk.ended("event_changed", event_id, place)
        if not walk.fits_heads(place, sealed):
            return walk.ended("head_differs", event_id, place)
        walk.held, walk.digest = place, sealed
    if walk.due is not None:
        return walk.ended("tail_cut", walk.held + 1, walk.held + 1)
    return walk.ended()


class _Walk:
    """How far a verification has come along the chain, and along the heads beside it."""

    def __init__(self, unsealed: int, heads: Iterator[SignedHead]) -> None:
        self.unsealed = unsealed
        self.held, self.digest = 0, GENESIS
        self.signed, self.seen = 0, 0
        self._heads = heads
        self.due = next(heads, None)

    def fits_heads(self, place: int, digest: bytes) -> bool:
        """Whether every head of this place has this digest."""
        while self.due is not None and self.due.sequence <= place:
            if self.due.sequence < place or self.due.digest != digest:
                return False
            self.signed, self.seen = place, self.seen + 1
            self.due = next(self._heads, None)
        return True

    def ended(
        self, fault: str | None = None, row: int | None = None, sequence: int | None = None
    ) -> Verification:
        return Verification(self.held, self.unsealed, fault, row, sequence, self.signed, self.seen)


def chained_rows(using: str = DEFAULT_DB_ALIAS) -> Iterator[tuple[int, int, bytes, tuple[Any, ...] | None]]:
    """(sequence, event's number, digest, the event's stored values or None) in the chain's order.

    Read in batches with bounded memory, no row becomes an object. ``at`` and ``data`` come as text: see ``plain_row``.
    """
    as_text = _AT_AS_TEXT[connections[using].vendor]
    columns = ", ".join(as_text if name == "at" else f"e.{name}" for name in FIELDS)
    statement = (
        f"SELECT s.sequence, s.event_id, s.digest, {columns} FROM audit_seal s "  # noqa: S608 - own names
        "LEFT JOIN audit_event e ON e.id = s.event_id WHERE s.sequence > %s ORDER BY s.sequence LIMIT %s"
    )
    after = 0
    while True:
        rows = _batch(statement, [after, AT_ONCE], using)
        for row in rows:
            yield row[0], row[1], bytes(row[2]), row[3:] if row[3] is not None else None
        if len(rows) < AT_ONCE:
            return
        after = rows[-1][0]


def _batch(statement: str, values: list[int], using: str) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        if connections[using].vendor != "postgresql":
            cursor.execute(statement, values)
            return list(cursor.fetchall())
        with transaction.atomic(using=using):
            # PostgreSQL would start helpers for every batch; that costs four times what the batch does
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            cursor.execute(statement, values)
            return list(cursor.fetchall())


def _chained(previous: bytes, stored: tuple[Any, ...]) -> bytes | None:
    """The digest that the stored event gives; None where it is not even an event any more."""
    try:
        return chain(previous, plain_row(stored))
    except (ValueError, TypeError):
        return None


def plain_row(stored: tuple[Any, ...]) -> list[Any]:
    """An event's stored values as they are chained. ValueError where ``data`` is no JSON any more."""
    row = list(stored)
    moment, _, fraction = str(row[_AT]).removesuffix("Z").partition(".")
    row[_AT] = f"{moment}.{fraction or '000000'}Z"
    row[-1] = _decode(row[-1])
    return row


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many events are sealed, the last seal's digest in hex, how many wait to be sealed."""

    sealed: int
    digest: str
    waiting: int


def head() -> Head:
    """The state of the chain without walking it."""
    last = Seal.objects.order_by("-sequence").first()
    waiting = unsealed_events().count()
    if last is None:
        return Head(0, "", waiting)
    return Head(last.sequence, bytes(last.digest).hex(), waiting)
