"""What a request carries through logs: a reference, never who or what."""

from __future__ import annotations

import secrets

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_reference() -> str:
    """A short reference that a person can read out over the telephone."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))
