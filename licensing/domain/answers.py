"""The answer to customs under the office's signature: whoever has the public key can tell it from any other.

Signed are the bytes of the answer without ``signature``: JSON, keys sorted, no blanks, UTF-8.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.audit.domain.heads import name_of, private_key

FORM: Final = "lodestone-export-check-1"


@lru_cache(maxsize=4)
def key_of(pem: str) -> Ed25519PrivateKey:
    """The private key of a PEM text, read once. KeyUnreadable for anything else."""
    return private_key(pem)


def signed(key: Ed25519PrivateKey, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with its form, the key's name and the signature over all of it."""
    whole = {**answer, "form": FORM, "key": name_of(key.public_key())}
    return {**whole, "signature": base64.b64encode(key.sign(_bytes(whole))).decode()}


def holds(key: Ed25519PublicKey, answer: Mapping[str, Any]) -> bool:
    """Whether the signature is the key's over exactly this answer."""
    whole = {name: value for name, value in answer.items() if name != "signature"}
    try:
        key.verify(base64.b64decode(str(answer.get("signature", "")), validate=True), _bytes(whole))
    except (InvalidSignature, ValueError):
        return False
    return answer.get("form") == FORM


def _bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
