"""The bytes of an event that are chained: one JSON array, keys sorted, instants in UTC to the microsecond.

``docs/trail.md`` describes the form for those who recompute the chain without us.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

GENESIS: Final = hashlib.sha256(b"lodestone trail").digest()

FIELDS: Final = (
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
_AT: Final = FIELDS.index("at")
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def event_bytes(row: Sequence[Any]) -> bytes:
    """Canonical bytes of one event given as the values of FIELDS; ``at`` is an aware datetime, or ``instant`` of one."""
    values = row
    if not isinstance(row[_AT], str):
        values = list(row)
        values[_AT] = instant(row[_AT])
    return _encode(values).encode("utf-8", "surrogatepass")


def instant(moment: datetime) -> str:
    """A moment as it is chained and signed: UTC to the microsecond, with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def chain(previous: bytes, row: Sequence[Any]) -> bytes:
    """The digest that seals one event upon the one before it."""
    return hashlib.sha256(previous + event_bytes(row)).digest()


def portable(value: Any) -> Any:
    """A JSON value that every database gives back as it was stored: what an event's data is made of.

    PostgreSQL writes large floats as whole numbers, knows no negative zero and no character zero. TypeError for what
    JSON does not hold.
    """
    if isinstance(value, dict):
        return {str(portable(key)): portable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [portable(item) for item in value]
    if isinstance(value, float):
        return _portable_float(value)
    if isinstance(value, str):
        return str(value).replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if value is None or isinstance(value, (bool, int)):
        return value
    raise TypeError(f"An event's data cannot hold {type(value).__name__}")


def _portable_float(value: float) -> float | int:
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - not a number
        raise TypeError("An event's data cannot hold a number that is none")
    if value.is_integer():
        return int(value)
    return value
