"""What a licence's code holds: its facts as JSON, and an Ed25519 signature over them, checked without asking anybody.

The text is ``payload.signature``, each base64url without padding. It stands behind the ``#`` of the address in the
code, so that a phone that opens the address does not send it to the server. See ``docs/licence.md``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.audit.domain.heads import name_of

FORM: Final = "lodestone-licence-1"


class Forged(ValueError):
    """A text whose signature does not hold, or that is none."""


def signed(key: Ed25519PrivateKey, facts: Mapping[str, Any]) -> str:
    """The facts with the form, the key's name and the signature, as the code holds them."""
    whole = {**facts, "form": FORM, "key": name_of(key.public_key())}
    payload = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return f"{_text(payload)}.{_text(key.sign(payload))}"


def read(text: str, keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """The facts, where one of the keys signed them. Raises Forged for anything else."""
    payload_text, _, signature_text = text.strip().rpartition("#")[2].partition(".")
    try:
        payload, signature = _bytes(payload_text), _bytes(signature_text)
        facts = json.loads(payload)
        keys[facts["key"]].verify(signature, payload)
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise Forged from error
    if facts.get("form") != FORM:
        raise Forged
    return dict(facts)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
