"""The whole state in one encrypted file: every table as one moment saw it, the documents, the signed heads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.domain.heads import HeadFault, parse
from portal.audit.models import Seal
from portal.audit.services import record
from portal.contact.models import Document
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.exchange.domain.archive import ArchiveWriter, Extent
from portal.exchange.domain.sealed_file import SealedWriter
from portal.exchange.services.state_tables import read_rows, schema_of, state_tables

FORM: Final = "lodestone-backup-1"
TABLE: Final = "table/"
DOCUMENT: Final = "document/"
HEADS: Final = "heads"
KEY_LENGTH: Final = 24
_READ: Final = 2**18


@dataclass(frozen=True)
class Backup:
    """What a backup holds: rows and digest by table, documents, and documents that a row names and no file holds."""

    tables: Mapping[str, Extent]
    documents: int
    document_bytes: int
    missing: list[str]
    size: int

    @property
    def rows(self) -> int:
        return sum(extent.lines for extent in self.tables.values())


def backup(*, by: Actor, file: Path, using: str = DEFAULT_DB_ALIAS) -> Backup:
    """Write the state into ``file``, which must not exist yet; it appears when it is whole.

    Refused (``file_exists``) where it is there already. ImproperlyConfigured without a key. One trail event.
    """
    key = backup_key()
    if file.exists():
        raise Refused("file_exists", _("%(file)s is there already."), values={"file": file})
    part = file.with_name(file.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            sealed = SealedWriter(out, key)
            archive, missing = _write(sealed, using)
            sealed.close()
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    made = made_of(archive.manifest, missing, file.stat().st_size)
    figures = {"rows": made.rows, "documents": made.documents, "bytes": made.size}
    record("backup.made", by=by, subject=("backup", None), data=figures, using=using)
    return made


def made_of(manifest: Mapping[str, Extent], missing: list[str], size: int) -> Backup:
    """The manifest as figures."""
    tables = {name.removeprefix(TABLE): extent for name, extent in manifest.items() if name.startswith(TABLE)}
    documents = [extent.size for name, extent in manifest.items() if name.startswith(DOCUMENT)]
    return Backup(tables, len(documents), sum(documents), missing, size)


def backup_key() -> str:
    """The secret that closes and opens backups. ImproperlyConfigured where it is missing or can be guessed."""
    key: str = settings.BACKUP_KEY
    if len(key) < KEY_LENGTH:
        raise ImproperlyConfigured(
            f"BACKUP_KEY must have {KEY_LENGTH} characters or more. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))', give it as BACKUP_KEY or as a file named by "
            "BACKUP_KEY_FILE, and keep a copy away from this machine: without it no backup opens."
        )
    return key


def _write(sealed: SealedWriter, using: str) -> tuple[ArchiveWriter, list[str]]:
    with one_moment(using):
        description = {
            "form": FORM,
            "made_at": clock.now().isoformat(),
            "database": connections[using].vendor,
            "schema": schema_of(using),
        }
        archive = ArchiveWriter(sealed, description)
        for table in state_tables():
            archive.section(TABLE + table.name, table.about())
            read_rows(table, archive, using)
        end = Seal.objects.using(using).order_by("-sequence").values_list("sequence", flat=True).first() or 0
        known = set(Document.objects.using(using).values_list("stored_as", flat=True).iterator())
    _write_heads(archive, end)
    present = _write_documents(archive)
    archive.close()
    return archive, sorted(known - present)


@contextmanager
def one_moment(using: str) -> Iterator[None]:
    """Everything read inside is read as of one moment, and nobody waits for it; nothing is written."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SET LOCAL row_security = off")  # fail rather than leave rows out
            yield
        return
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")  # Django's own transactions would keep writers out
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_heads(archive: ArchiveWriter, end: int) -> None:
    """The heads of seals up to ``end``; later ones are of events that this backup does not hold."""
    archive.section(HEADS)
    path = Path(settings.AUDIT_HEADS)
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            if _sequence(line) <= end:
                archive.write(line)


def _sequence(line: bytes) -> int:
    try:
        return parse(line, 0).sequence
    except HeadFault:
        return 0  # kept as it is: what is wrong with it is told by the verification


def _write_documents(archive: ArchiveWriter) -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    for name in names:
        archive.section(DOCUMENT + name)
        with (root / name).open("rb") as file:
            while block := file.read(_READ):
                archive.write(block)
    return set(names)


def details(tables: Mapping[str, Any]) -> Iterator[str]:
    """One line a table, the same from a backup and from its restoration."""
    for name, extent in sorted(tables.items()):
        yield f"{extent.sha256}  {extent.lines:>9}  {name}"
