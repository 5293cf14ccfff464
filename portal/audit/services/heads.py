"""Signing the end of the chain, and keeping the signature where the database's writers cannot reach."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.audit.canonical import instant
from portal.audit.domain.heads import HeadFault, KeyUnreadable, SignedHead, parse, private_key, sign
from portal.audit.models import Seal
from portal.core import clock
from portal.core.errors import Refused

LONGEST_LINE: Final = 4_096


def sign_head() -> SignedHead | None:
    """Sign the chain's end and append it to the file AUDIT_HEADS; None where nothing was sealed since the last head.

    Refused (``trail_cut``, ``trail_rewritten``) where the chain no longer fits the last head: it is then left as the
    last that held. ImproperlyConfigured where there is no key.
    """
    key = signing_key()
    path = Path(settings.AUDIT_HEADS)
    with _opened(path) as file:
        last = _last_head(file)
        seal = Seal.objects.order_by("-sequence").first()
        if last is not None:
            _compare(last, seal)
        if seal is None or (last is not None and last.sequence == seal.sequence):
            return None
        head = sign(key, sequence=seal.sequence, digest=bytes(seal.digest), at=instant(clock.now()))
        file.write(head.line())
        file.flush()
        os.fsync(file.fileno())
        return head


def signing_key() -> Ed25519PrivateKey:
    """The portal's own key for heads. ImproperlyConfigured where it is missing or no Ed25519 key."""
    if not settings.AUDIT_KEY:
        raise ImproperlyConfigured(
            "AUDIT_KEY is not set, so the end of the trail cannot be signed. Make a key with: "
            "openssl genpkey -algorithm ed25519 -out audit-key.pem, and give its path as AUDIT_KEY_FILE."
        )
    try:
        return private_key(settings.AUDIT_KEY)
    except KeyUnreadable as error:
        raise ImproperlyConfigured("AUDIT_KEY must be an Ed25519 private key in PEM (PKCS #8).") from error


def _opened(path: Path) -> BinaryIO:
    """The file for reading its end and appending, held by one signer at a time until it is closed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _last_head(file: BinaryIO) -> SignedHead | None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LINE))
    lines = file.read().splitlines()
    if not lines:
        return None
    try:
        return parse(lines[-1], 0)
    except HeadFault as error:
        raise Refused(
            "head_unreadable",
            _("The last line of %(file)s cannot be read. Take it away by hand; signing goes on after it."),
            values={"file": settings.AUDIT_HEADS},
        ) from error


def _compare(last: SignedHead, end: Seal | None) -> None:
    """Whether the last head is still in the chain."""
    values = {"row": last.sequence, "at": last.at}
    if end is None or end.sequence < last.sequence:
        raise Refused(
            "trail_cut",
            _("The trail is cut: row %(row)s was signed at %(at)s and is no longer there."),
            values=values,
        )
    there = Seal.objects.filter(sequence=last.sequence).values_list("digest", flat=True).first()
    if there is None or bytes(there) != last.digest:
        raise Refused(
            "trail_rewritten",
            _("The trail was chained anew: row %(row)s is not the one that was signed at %(at)s."),
            values=values,
        )
