"""Reading the trail, and proving that it was not touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from portal.audit.canonical import FIELDS, GENESIS, chain
from portal.audit.models import Event, Seal


@dataclass(frozen=True)
class Verification:
    """What a walk along the chain found. ``fault`` is None where every sealed row holds."""

    sealed: int
    unsealed: int
    fault: str | None = None
    row: int | None = None


def events_of(organisation_id: int) -> QuerySet[Event]:
    """An organisation's own trail, newest first."""
    return Event.objects.filter(organisation_id=organisation_id).order_by("-pk")


def events_about(subject_type: str, subject_ids: list[int]) -> QuerySet[Event]:
    """What was done to some subjects, newest first."""
    return Event.objects.filter(subject_type=subject_type, subject_id__in=subject_ids).order_by("-pk")


def verify() -> Verification:
    """Walk the whole chain and compare every digest; the first row that does not hold is named."""
    unsealed = Event.objects.filter(~Exists(Seal.objects.filter(event_id=OuterRef("pk")))).count()
    digest, expected = GENESIS, 0
    for sequence, event_id, sealed, *row in _sealed_rows():
        expected += 1
        if sequence != expected:
            return Verification(expected - 1, unsealed, "seal_missing", expected)
        if row[0] is None:
            return Verification(expected - 1, unsealed, "event_missing", event_id)
        digest = chain(digest, tuple(row))
        if digest != bytes(sealed):
            return Verification(expected - 1, unsealed, "event_changed", event_id)
    return Verification(expected, unsealed)


def _sealed_rows() -> Iterator[list[Any]]:
    """Seal and event side by side in the chain's order, read in one pass with bounded memory."""
    batch, after = 20_000, 0
    while True:
        seals = list(Seal.objects.filter(sequence__gt=after).order_by("sequence").values_list()[:batch])
        if not seals:
            return
        after = seals[-1][0]
        events = {row[0]: row for row in _events([seal[1] for seal in seals])}
        missing: tuple[Any, ...] = (None,) * len(FIELDS)
        for seal in seals:
            yield [*seal, *events.get(seal[1], missing)]


def _events(ids: list[int]) -> Iterator[tuple[Any, ...]]:
    step = len(ids) if connection.vendor == "postgresql" else 500
    for start in range(0, len(ids), step):
        yield from Event.objects.filter(pk__in=ids[start : start + step]).values_list(*FIELDS)


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many events are sealed, the last seal's digest in hex, how many wait to be sealed."""

    sealed: int
    digest: str
    waiting: int


def head() -> Head:
    """The state of the chain without walking it."""
    last = Seal.objects.order_by("-sequence").first()
    waiting = Event.objects.filter(~Exists(Seal.objects.filter(event_id=OuterRef("pk"))))
    if last is None:
        return Head(0, "", waiting.count())
    return Head(last.sequence, bytes(last.digest).hex(), waiting.count())
