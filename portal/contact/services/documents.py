"""Keeping the files that people hand in: under a name of our own, with the digest that proves it is the same file."""

from __future__ import annotations

import hashlib
import re
import secrets
import shlex
import subprocess  # nosec B404
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.contact.models import Document
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused

NOT_SCANNED, CLEAN = "not_scanned", "clean"
SCAN_SECONDS = 60

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]")


def store(*, by: Actor, organisation_id: int, name: str, data: bytes, content_type: str = "") -> Document:
    """The bytes are on disk and known by a row. Part of the caller's transaction: rolled back, a file is left unnamed."""
    stored_as = f"{clock.now():%Y%m}/{secrets.token_hex(16)}"
    path = Path(settings.MEDIA_ROOT) / stored_as
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(data)
    return Document.objects.create(
        organisation_id=organisation_id,
        stored_as=stored_as,
        original_name=safe_name(name),
        content_type=content_type[:100],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by_id=by.user_id,
        uploaded_at=clock.now(),
    )


def safe_name(name: str) -> str:
    """The name of a file as it may be shown and offered again: no path, no control or direction characters."""
    tidy = _UNPRINTABLE.sub("_", name.encode("utf-8", "replace").decode()).strip(" ._")
    return tidy[-200:] or "file"


def content_of(document: Document) -> bytes:
    """The bytes as they were handed in."""
    return (Path(settings.MEDIA_ROOT) / document.stored_as).read_bytes()


def scan(data: bytes) -> str:
    """``clean`` where the operator's scanner let the bytes pass, ``not_scanned`` where none is set.

    The command of ``DOCUMENT_SCANNER`` gets a file's name as its last word and answers 0 for clean, 1 for infected.
    Refused for what it calls infected, and where it does not answer: a scanner that is down lets nothing through.
    """
    command = shlex.split(settings.DOCUMENT_SCANNER)
    if not command:
        return NOT_SCANNED
    with tempfile.NamedTemporaryFile(dir=settings.VAR, prefix="scan-") as file:
        file.write(data)
        file.flush()
        try:
            # the operator's own command, without a shell, on a name of ours
            done = subprocess.run(  # noqa: S603  # nosec B603
                [*command, file.name], capture_output=True, timeout=SCAN_SECONDS, check=False
            ).returncode
        except (OSError, subprocess.SubprocessError):
            done = -1
    if done == 1:
        raise Refused(
            "file_infected",
            _("The scanner found something harmful in this file. It was not kept."),
            status=422,
        )
    if done != 0:
        raise Refused(
            "scanner_silent",
            _("The file cannot be scanned just now, so it was not kept. Please try again in a while."),
            status=503,
        )
    return CLEAN
