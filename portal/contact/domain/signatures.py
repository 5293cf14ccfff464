"""How a message of the portal is known as its own: HMAC-SHA256 over its time and its bytes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

HEADER: Final = "Lodestone-Signature"
WINDOW: Final = timedelta(
    minutes=5
)  # older than this, a receiver refuses it: somebody may be playing it again


def signature(secrets: Iterable[str], moment: int, body: bytes) -> str:
    """The header's value: the time, and one ``v1`` for each secret (two while one takes the place of another)."""
    signed = f"{moment}.".encode() + body
    marks = (hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets)
    return ",".join([f"t={moment}", *(f"v1={mark}" for mark in marks)])
