"""Turns: what only one transaction at a time may do, though there is no row yet that it could lock."""

from __future__ import annotations

import hashlib

from django.db import connection


def turn_of(*what: object) -> int:
    """The number of a turn that is told by words and numbers, the same in every process."""
    return int.from_bytes(hashlib.sha256(repr(what).encode()).digest()[:8], "big", signed=True)


def await_turn(number: int) -> None:
    """Go on when no other transaction has this turn; it ends with the transaction.

    PostgreSQL asks for no right to any table here. SQLite lets one transaction write at a time in any case.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
