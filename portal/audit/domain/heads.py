"""A head says, under a signature, which digest the chain had at a moment. One JSON object a line.

Kept where whoever can write the database cannot: a trail whose end was cut off, or chained anew, no longer fits its
heads. The form is described in ``docs/trail.md``.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORM: Final = "lodestone-head-1"
DIGEST_BYTES: Final = 32
_PARTS: Final = {"at", "digest", "form", "key", "sequence", "signature"}

Keys = Mapping[str, Ed25519PublicKey]  # by name_of


class KeyUnreadable(ValueError):
    """What was given as a key is none."""


class HeadFault(Exception):
    """A line of a file of heads does not hold. ``code``: unreadable, unknown_key, forged, out_of_order."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code, line)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class SignedHead:
    """The digest of seal number ``sequence`` as it was at ``at``; ``key`` names who signed."""

    sequence: int
    digest: bytes
    at: str
    key: str
    signature: bytes

    def message(self) -> bytes:
        """The bytes that are signed: the line's JSON object without its signature."""
        return _encode(self._signed_parts())

    def line(self) -> bytes:
        """The line of the file, its end included."""
        signature = base64.b64encode(self.signature).decode()
        return _encode({**self._signed_parts(), "signature": signature}) + b"\n"

    def _signed_parts(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "digest": self.digest.hex(),
            "form": FORM,
            "key": self.key,
            "sequence": self.sequence,
        }


def sign(key: Ed25519PrivateKey, *, sequence: int, digest: bytes, at: str) -> SignedHead:
    """A head signed with the key."""
    name = name_of(key.public_key())
    unsigned = SignedHead(sequence, digest, at, name, b"")
    return SignedHead(sequence, digest, at, name, key.sign(unsigned.message()))


def read_heads(lines: Iterable[bytes], keys: Keys) -> Iterator[SignedHead]:
    """The heads of a file in its order, each with a signature that holds. HeadFault names the line that does not."""
    last = 0
    for number, line in enumerate(lines, start=1):
        head = parse(line, number)
        key = keys.get(head.key)
        if key is None:
            raise HeadFault("unknown_key", number)
        try:
            key.verify(head.signature, head.message())
        except InvalidSignature as error:
            raise HeadFault("forged", number) from error
        if head.sequence < last:
            raise HeadFault("out_of_order", number)
        last = head.sequence
        yield head


def parse(line: bytes, number: int) -> SignedHead:
    """One line as a head, its signature not looked at yet."""
    try:
        parts = json.loads(line)
        if set(parts) != _PARTS or parts["form"] != FORM or type(parts["sequence"]) is not int:
            raise HeadFault("unreadable", number)
        digest = bytes.fromhex(parts["digest"])
        signature = base64.b64decode(parts["signature"], validate=True)
        head = SignedHead(parts["sequence"], digest, str(parts["at"]), str(parts["key"]), signature)
    except (ValueError, TypeError) as error:
        raise HeadFault("unreadable", number) from error
    if len(digest) != DIGEST_BYTES:
        raise HeadFault("unreadable", number)
    return head


def new_key() -> str:
    """A fresh private key as PEM."""
    key = Ed25519PrivateKey.generate()
    encryption = forms.NoEncryption()
    return key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, encryption).decode()


def private_key(pem: str) -> Ed25519PrivateKey:
    """The private key of a PEM text (its line ends may have become spaces). KeyUnreadable for anything else."""
    try:
        key = forms.load_pem_private_key(_unfold(pem).encode(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnreadable(str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable(type(key).__name__)
    return key


def public_key(pem: bytes) -> Ed25519PublicKey:
    """The public key of a PEM text. KeyUnreadable for anything else."""
    try:
        key = forms.load_pem_public_key(pem)
    except ValueError as error:
        raise KeyUnreadable(str(error)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnreadable(type(key).__name__)
    return key


def as_pem(key: Ed25519PublicKey) -> str:
    """The public key as auditors are given it."""
    return key.public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo).decode()


def name_of(key: Ed25519PublicKey) -> str:
    """The name by which heads refer to a key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(key.public_bytes(forms.Encoding.Raw, forms.PublicFormat.Raw)).hexdigest()[:16]


def _unfold(pem: str) -> str:
    """An environment variable often loses its line ends."""
    begin, middle, end = "-----BEGIN PRIVATE KEY-----", pem, "-----END PRIVATE KEY-----"
    if "\n" not in pem.strip() and begin in pem and end in pem:
        middle = pem.partition(begin)[2].partition(end)[0].replace(" ", "\n")
        return f"{begin}{middle}{end}\n"
    return middle


def _encode(parts: Mapping[str, Any]) -> bytes:
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()
