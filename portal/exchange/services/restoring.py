"""A backup into an empty portal, all or nothing: afterwards every table has the digest that it had."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.domain.heads import HeadFault, SignedHead, parse
from portal.audit.queries import Verification, verify
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.exchange.domain.archive import ArchiveReader, Extent, Section, Tally
from portal.exchange.domain.sealed_file import SealedFault, opened
from portal.exchange.services import guards
from portal.exchange.services.backups import DOCUMENT, FORM, HEADS, TABLE, Backup, backup_key, made_of
from portal.exchange.services.state_tables import (
    SEEDED,
    clear,
    extent_of,
    is_empty,
    reset_sequences,
    schema_of,
    state_tables,
    write_rows,
)

_FAULTS: Final = {
    "not_a_backup": _("%(file)s is no backup of Lodestone."),
    "other_version": _(
        "%(file)s was made by another version of Lodestone, in a form that this one does not read."
    ),
    "wrong_key": _("%(file)s was closed with another BACKUP_KEY, or its beginning is damaged."),
    "damaged": _("%(file)s is damaged or was cut off. Nothing was restored."),
}


@dataclass(frozen=True)
class Restored:
    """What was restored, and what the walk along the trail said."""

    content: Backup
    trail: Verification


def restore(*, by: Actor, file: Path, using: str = DEFAULT_DB_ALIAS) -> Restored:
    """Put a backup into an empty, migrated database and an empty folder of documents.

    The whole file is read and authenticated before anything is written. Refused in words where it does not open, where
    the database is not empty or has another shape, where documents or heads lie in the way: then nothing was changed.
    """
    manifest = _inspected(file, using)
    _refuse_files_in_the_way(manifest)
    staging = Path(settings.MEDIA_ROOT).parent / f".restoring-{secrets.token_hex(8)}"
    staging.mkdir(parents=True, mode=0o700)
    placed: list[Path] = []
    try:
        with _words_for_the_database(), transaction.atomic(using=using):
            _keep_others_out(using)
            _refuse_unless_empty(using)
            _write(file, staging, using)
            _compare(manifest, using)
            trail = verify(_heads_in(staging / HEADS), using=using)
            content = made_of(manifest, [], file.stat().st_size)
            record(
                "backup.restored", by=by, subject=("backup", None), data={"rows": content.rows}, using=using
            )
            _place_files(staging, placed)
        return Restored(content, trail)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _reading(file: Path) -> Iterator[ArchiveReader]:
    key = backup_key()
    try:
        with file.open("rb") as sealed:
            yield ArchiveReader(opened(sealed, key))
    except SealedFault as fault:
        raise Refused(fault.code, _FAULTS[fault.code], values={"file": file}) from fault
    except OSError as error:
        values = {"file": error.filename or file, "reason": error.strerror}
        raise Refused("unreadable", _("%(file)s: %(reason)s"), values=values) from error


def _inspected(file: Path, using: str) -> Mapping[str, Extent]:
    """The manifest of a file that is whole, of this version, and fits the database."""
    expected = {TABLE + table.name: table.about() for table in state_tables()}
    with _reading(file) as archive:
        if archive.description.get("form") != FORM:
            raise SealedFault("other_version")
        theirs, ours = set(archive.description["schema"]), set(schema_of(using))
        found = {section.name: section.about for section in archive.sections()}
        for name in found:
            _place(name)
        tables = {name: about for name, about in found.items() if name.startswith(TABLE)}
        if theirs != ours or tables != expected:
            raise Refused(
                "other_schema",
                _(
                    "The backup and this database are not of the same version of Lodestone. Only in the backup: %(theirs)s. "
                    "Only here: %(ours)s. Restore with the version that made the backup, then migrate."
                ),
                values={"theirs": _some(theirs - ours), "ours": _some(ours - theirs)},
            )
        return archive.manifest


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)[:5]) or "-"


def _refuse_unless_empty(using: str) -> None:
    full = [table.name for table in state_tables() if table.name not in SEEDED and not is_empty(table, using)]
    if full:
        raise Refused(
            "not_empty",
            _("The database is not empty (%(tables)s). A backup is restored into a new, migrated database."),
            values={"tables": ", ".join(full[:5])},
        )


def _refuse_files_in_the_way(manifest: Mapping[str, Extent]) -> None:
    for name, extent in manifest.items():
        place = _place(name)
        if place is not None and _stands_there(place) and _extent_of_file(place) != extent:
            raise Refused(
                "file_in_the_way",
                _("%(file)s is there and is not the one in the backup. Move it away first."),
                values={"file": place},
            )


def _stands_there(place: Path) -> bool:
    return place.exists() and place.stat().st_size > 0


def _place(name: str) -> Path | None:
    """Where a section's file belongs; None for a table."""
    if name == HEADS:
        return Path(settings.AUDIT_HEADS)
    if name.startswith(DOCUMENT):
        path = PurePosixPath(name.removeprefix(DOCUMENT))
        if path.is_absolute() or ".." in path.parts:
            raise SealedFault("damaged")
        return Path(settings.MEDIA_ROOT) / path
    return None


def _extent_of_file(path: Path) -> Extent:
    tally = Tally()
    with path.open("rb") as file:
        while block := file.read(2**18):
            tally.add(block)
    return tally.extent()


@contextmanager
def _words_for_the_database() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise Refused(
            "database_refused",
            _("The database refused the restoration; nothing was changed. It said: %(reason)s"),
            values={"reason": str(error).splitlines()[0]},
        ) from error


def _keep_others_out(using: str) -> None:
    """Nobody writes while a backup is restored, and it may take longer than a page may. SQLite has one writer anyway."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            names = ", ".join(f'"{table.name}"' for table in state_tables())
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def _write(file: Path, staging: Path, using: str) -> None:
    tables = {table.name: table for table in state_tables()}
    with _reading(file) as archive, guards.aside(list(tables), using):
        for name in SEEDED & tables.keys():
            clear(tables[name], using)
        for section in archive.sections():
            if section.name.startswith(TABLE):
                write_rows(tables[section.name.removeprefix(TABLE)], section.blocks, using)
            else:
                _stage(section, staging)
        reset_sequences(using)


def _stage(section: Section, staging: Path) -> None:
    path = staging / section.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        path.chmod(0o600)
        out.writelines(section.blocks)


def _compare(manifest: Mapping[str, Extent], using: str) -> None:
    """Read every table again: what stands in the database now is what was backed up."""
    differing = [
        table.name for table in state_tables() if extent_of(table, using) != manifest[TABLE + table.name]
    ]
    if differing:
        raise Refused(
            "not_the_same",
            _("These tables would not be the same as in the backup: %(tables)s. Nothing was restored."),
            values={"tables": ", ".join(differing)},
        )


def _heads_in(path: Path) -> Iterator[SignedHead]:
    """The heads that came with the backup; who signed them is asked by ``verify-trail --head``."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            with suppress(HeadFault):
                yield parse(line, number)


def _place_files(staging: Path, placed: list[Path]) -> None:
    """Move documents and heads to where they belong, and note each."""
    for source in sorted(path for path in staging.rglob("*") if path.is_file()):
        name = source.relative_to(staging).as_posix()
        place = _place(name)
        if place is None or _stands_there(place) or (name == HEADS and not source.stat().st_size):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        placed.append(place)
        shutil.move(source, place)
