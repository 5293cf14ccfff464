"""A file that only its key opens: written and read in one pass, each piece sealed with AES-256-GCM.

Layout: the mark, 16 bytes of salt, 16 bytes by which the key is known, then pieces of 1 MiB, each followed by its tag. The
key of the pieces comes from the secret and the salt by scrypt. A piece's nonce is its number and whether it is the last:
pieces cannot be swapped, and a file cut anywhere, between two pieces too, does not open. The mark, salt and key's name are
authenticated with every piece.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MARK: Final = b"LODESTONE BACKUP "
VERSION: Final = b"1\n"
PIECE: Final = 2**20
TAG: Final = 16
SALT: Final = 16
KNOWN: Final = 16
_HEAD: Final = len(MARK) + len(VERSION) + SALT + KNOWN


class SealedFault(Exception):
    """The file does not open. ``code``: not_a_backup, other_version, wrong_key, damaged."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SealedWriter:
    """Seals what is written. Without ``close`` the file does not open again."""

    def __init__(self, file: BinaryIO, secret: str) -> None:
        salt = secrets.token_bytes(SALT)
        self._cipher, known = _key(secret, salt)
        self._head = MARK + VERSION + salt + known
        self._file, self._number = file, 0
        self._waiting = bytearray()
        file.write(self._head)

    def write(self, data: bytes) -> None:
        """Take more bytes; whole pieces go to the file."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def close(self) -> None:
        """Seal the last piece."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, self._head))
        self._number += 1


def opened(file: BinaryIO, secret: str) -> Iterator[bytes]:
    """The bytes that were written, piece by piece. SealedFault where the file is another's, cut or changed."""
    head = file.read(_HEAD)
    if not head.startswith(MARK):
        raise SealedFault("not_a_backup")
    if not head.startswith(MARK + VERSION):
        raise SealedFault("other_version")
    if len(head) < _HEAD:
        raise SealedFault("damaged")
    cipher, known = _key(secret, head[-SALT - KNOWN : -KNOWN])
    if not hmac.compare_digest(known, head[-KNOWN:]):
        raise SealedFault("wrong_key")
    number, piece = 0, file.read(PIECE + TAG)
    while True:
        following = file.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, head)
        except InvalidTag as error:
            raise SealedFault("damaged") from error
        if not following:
            return
        number, piece = number + 1, following


def _key(secret: str, salt: bytes) -> tuple[AESGCM, bytes]:
    made = Scrypt(salt=salt, length=32 + KNOWN, n=2**15, r=8, p=1).derive(secret.encode())
    return AESGCM(made[:32]), made[32:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
