"""What cannot be restored is refused in words, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django import db
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connections

from portal.accounts.models import Organisation
from portal.core.errors import Refused
from portal.exchange.services import restoring
from portal.exchange.services.backups import Backup, backup
from portal.exchange.services.restoring import restore
from tests.portal.exchange.conftest import SYSTEM, VENDORS, Place, digests
from tests.portal.exchange.spare import ON_POSTGRESQL, Spares

pytestmark = pytest.mark.django_db(transaction=ON_POSTGRESQL)


def refused(code: str, file: Path, alias: str, place: Place) -> str:
    """The words of the refusal; nothing was written, in the database or beside it."""
    before, folder = digests(alias), place.root / "second"
    with pytest.raises(Refused) as caught:
        restore(by=SYSTEM, file=file, using=alias)
    assert caught.value.code == code
    assert digests(alias) == before
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert list(folder.glob(".restoring*")) == []
    return caught.value.words()


@pytest.mark.holds("backups-encrypted")
def test_what_does_not_open_is_refused_in_words_and_nothing_written(
    spares: Spares, place: Place, backed_up: tuple[Path, Backup], tmp_path: Path
) -> None:
    data = backed_up[0].read_bytes()
    place.take("second")

    def spoilt(content: bytes) -> Path:
        file = tmp_path / "spoilt"
        file.write_bytes(content)
        return file

    with spares.fresh(VENDORS[-1]) as alias:
        assert "is no backup" in refused("not_a_backup", spoilt(b"PK\x03\x04 not ours"), alias, place)
        assert "another version" in refused(
            "other_version", spoilt(data.replace(b"1\n", b"2\n", 1)), alias, place
        )
        for end in (0, 10):
            refused("not_a_backup", spoilt(data[:end]), alias, place)
        for end in (19, 40, 60, len(data) // 2, len(data) - 16, len(data) - 1):
            assert "cut off" in refused("damaged", spoilt(data[:end]), alias, place)
        for place_of_byte in (51, 52, len(data) // 3, len(data) - 1):
            flipped = bytearray(data)
            flipped[place_of_byte] ^= 1
            refused("damaged", spoilt(bytes(flipped)), alias, place)
        refused("damaged", spoilt(data + b"x"), alias, place)
        refused("unreadable", tmp_path / "absent", alias, place)
        place.settings.BACKUP_KEY = "another key for the tests, not that one"
        assert "BACKUP_KEY" in refused("wrong_key", backed_up[0], alias, place)


def test_a_database_in_use_is_refused(
    spares: Spares, place: Place, backed_up: tuple[Path, Backup], tmp_path: Path
) -> None:
    place.take("second")
    with spares.fresh("sqlite") as alias:
        Organisation.objects.using(alias).create(name_en="Somebody", kind="customs")
        assert "accounts_organisation" in refused("not_empty", backed_up[0], alias, place)
        with pytest.raises(CommandError, match="not empty"):
            call_command("restore", str(backed_up[0]), database=alias)


def test_a_database_of_another_version_is_refused(
    spares: Spares, place: Place, backed_up: tuple[Path, Backup]
) -> None:
    place.take("second")
    with spares.fresh("sqlite") as alias:
        with connections[alias].cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'audit' AND name = '0002_append_only'")
        assert "Only in the backup: audit.0002_append_only" in refused(
            "other_schema", backed_up[0], alias, place
        )


def test_other_documents_and_heads_in_the_way_are_left_alone(
    spares: Spares, place: Place, backed_up: tuple[Path, Backup]
) -> None:
    place.take("second").mkdir()
    heads = Path(place.settings.AUDIT_HEADS)
    heads.write_text("of another chain\n")
    with spares.fresh("sqlite") as alias, pytest.raises(Refused, match="file_in_the_way"):
        restore(by=SYSTEM, file=backed_up[0], using=alias)
    assert heads.read_text() == "of another chain\n"


@pytest.mark.holds("restore-works")
def test_a_failure_at_the_very_end_leaves_nothing(
    spares: Spares, place: Place, backed_up: tuple[Path, Backup], monkeypatch: Any
) -> None:
    place.take("second")
    place_files = restoring._place_files

    def place_and_fail(*arguments: Any) -> None:
        place_files(*arguments)
        raise db.OperationalError("disk full")

    monkeypatch.setattr(restoring, "_place_files", place_and_fail)
    with spares.fresh(VENDORS[-1]) as alias:
        assert "disk full" in refused("database_refused", backed_up[0], alias, place)


def test_a_backup_never_overwrites(backed_up: tuple[Path, Backup]) -> None:
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", str(backed_up[0]))


@pytest.mark.parametrize("key", ["", "short"])
def test_a_key_that_can_be_guessed_is_no_key(key: str, place: Place, tmp_path: Path) -> None:
    place.settings.BACKUP_KEY = key
    with pytest.raises(ImproperlyConfigured, match="BACKUP_KEY"):
        backup(by=SYSTEM, file=tmp_path / "b")
    with pytest.raises(CommandError, match="BACKUP_KEY"):
        call_command("restore", str(tmp_path / "b"))
    assert list(tmp_path.glob("b*")) == []
