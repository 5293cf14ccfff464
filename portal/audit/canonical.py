"""The bytes of an event that are chained: one JSON array, keys sorted, instants in UTC to the microsecond."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = hashlib.sha256(b"lodestone trail").digest()

FIELDS = (
    "id",
    "at",
    "verb",
    "actor_id",
    "actor_name",
    "actor_organisation_id",
    "organisation_id",
    "subject_type",
    "subject_id",
    "data",
)


def event_bytes(row: tuple[Any, ...]) -> bytes:
    """Canonical bytes of one event given as the values of FIELDS in order."""
    values = [_plain(value) for value in row]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


def chain(previous: bytes, row: tuple[Any, ...]) -> bytes:
    """The digest that seals one event upon the one before it."""
    return hashlib.sha256(previous + event_bytes(row)).digest()
