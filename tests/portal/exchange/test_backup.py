"""The whole state into one encrypted file, and out of it into an empty database: the same, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django import db
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction

from portal.accounts.models import Organisation, User
from portal.audit.domain.heads import new_key
from portal.audit.models import Event
from portal.audit.queries import verify
from portal.audit.tasks import seal
from portal.contact.services import documents
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.exchange.services import restoring
from portal.exchange.services.backups import Backup, backup
from portal.exchange.services.restoring import restore
from portal.exchange.services.state_tables import extent_of, state_tables
from portal.registry.models import Element
from reporting.domain.canonical import digest_of
from reporting.models import Filing, Line, Upload
from reporting.queries.receipts import canonical_of
from reporting.services import signing
from tests.conftest import acting
from tests.portal.audit import trails
from tests.portal.exchange.spare import ON_POSTGRESQL, Everything, Spares
from tests.reporting.filled import filled

pytestmark = pytest.mark.django_db(transaction=ON_POSTGRESQL)
VENDORS = ["sqlite", "postgresql"] if ON_POSTGRESQL else ["sqlite"]
ODD = "第一批\ttab\nline\r\\N \\. 'quote' \U0001f9f2 \x0b\x0c\x08"
UNREAD = {"quantity_kg": "1,5", "date": "31.2.", "b": [1.5, 0, True, 1e22], "a": ODD}
SYSTEM = Actor.system("test")


@pytest.fixture(scope="module")
def spares(tmp_path_factory: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Spares]:
    made = Spares(tmp_path_factory.mktemp("spares"))
    yield made
    with django_db_blocker.unblock():
        made.close()


@dataclass
class Place:
    """An installation's folder, and the settings that point to it."""

    settings: Any
    root: Path

    def take(self, name: str) -> Path:
        folder = self.root / name
        self.settings.MEDIA_ROOT = folder / "documents"
        self.settings.AUDIT_HEADS = folder / "heads.jsonl"
        return folder


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Place:
    settings.BACKUP_KEY = "a key for the tests that nobody guesses"
    settings.AUDIT_KEY = new_key()
    here = Place(settings, tmp_path)
    here.take("first").mkdir()
    return here


@pytest.fixture
def filing(place: Place, aurora: Organisation, alma: User, bruno: User, monkeypatch: Any) -> Filing:
    """A small nation: a signed filing with its receipt, odd texts, a document, a sealed and signed trail."""
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime(2026, 2, 5, 2, tzinfo=UTC))
        made = filled(aurora, by=alma)
        Line.objects.filter(filing=made, line_no=1).update(note=ODD)
        signing.submit(by=acting(bruno), filing_id=made.pk, revision=made.revision)
    made.refresh_from_db()
    document = documents.store(
        by=SYSTEM, organisation_id=aurora.pk, name="铽.csv", data=b"\x00 bytes " * 90_000
    )
    draft = filled(aurora, "2026-02")
    Line.objects.filter(filing=draft, line_no=1).update(unread=UNREAD)
    Upload.objects.create(filing=draft, document=document, at=clock.now(), by=alma)
    trails.write(30)
    seal()
    trails.write(3)
    return made


@pytest.fixture
def backed_up(filing: Filing, tmp_path: Path) -> tuple[Path, Backup]:
    file = tmp_path / "state.lodestone"
    return file, backup(by=SYSTEM, file=file)


def digests(alias: str) -> dict[str, str]:
    return {table.name: extent_of(table, alias).sha256 for table in state_tables()}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_restore_drill(
    vendor: str,
    spares: Spares,
    place: Place,
    filing: Filing,
    backed_up: tuple[Path, Backup],
    monkeypatch: Any,
) -> None:
    file, made = backed_up
    second = place.take("second")
    with spares.fresh(vendor) as alias:
        restored = restore(by=SYSTEM, file=file, using=alias)
        assert restored.content.tables == made.tables
        assert made.tables["reporting_line"].lines == 8
        assert (restored.trail.fault, restored.trail.heads) == (None, 1)
        monkeypatch.setattr(db.router, "routers", [Everything(alias)])
        assert Event.objects.latest("pk").verb == "backup.restored"
        signed = Filing.objects.get(pk=filing.pk)
        assert digest_of(canonical_of(signed)) == filing.sha256
        assert signed.receipt_no == filing.receipt_no
        assert Line.objects.get(filing=signed, line_no=1).note == ODD
        assert Line.objects.get(unread__isnull=False).unread == UNREAD
        document = Upload.objects.get().document
        assert documents.content_of(document) == b"\x00 bytes " * 90_000
        assert Authenticator.objects.get(user__username="bruno").wrap().validate_code("not one") is False
        assert User.objects.get(username="alma").check_password("correct-horse-battery-7")
    assert (second / "heads.jsonl").read_bytes() == (place.root / "first/heads.jsonl").read_bytes()


@pytest.mark.parametrize("vendor", VENDORS)
def test_life_goes_on_in_a_restored_portal(
    vendor: str,
    spares: Spares,
    place: Place,
    filing: Filing,
    backed_up: tuple[Path, Backup],
    monkeypatch: Any,
) -> None:
    """The guards stand again, the next row has the next number, the same chain goes on."""
    place.take("second")
    with spares.fresh(vendor) as alias:
        restore(by=SYSTEM, file=backed_up[0], using=alias)
        monkeypatch.setattr(db.router, "routers", [Everything(alias)])
        with pytest.raises(IntegrityError), transaction.atomic(using=alias):
            Filing.objects.filter(pk=filing.pk).update(nil=True)
        with pytest.raises(IntegrityError), transaction.atomic(using=alias):
            Event.objects.filter(pk=Event.objects.earliest("pk").pk).update(verb="x")
        with pytest.raises(IntegrityError), transaction.atomic(using=alias):
            Line.objects.filter(filing=filing.pk).delete()
        last = Filing.objects.latest("pk").pk
        made = filled(Organisation.objects.get(), "2026-03")
        assert made.pk == last + 1
        monkeypatch.undo()
        assert verify(using=alias).fault is None


def test_from_one_kind_of_database_to_the_other_and_back(
    spares: Spares, place: Place, backed_up: tuple[Path, Backup], tmp_path: Path
) -> None:
    first_digests = digests("default")
    place.take("second")
    with spares.fresh("sqlite") as between:
        restored = restore(by=SYSTEM, file=backed_up[0], using=between)
        again = backup(by=SYSTEM, file=tmp_path / "again.lodestone", using=between)
        differing = {name for name, extent in again.tables.items() if restored.content.tables[name] != extent}
        assert differing == {"audit_event"}  # the restoration itself is in the trail
        place.take("third")
        with spares.fresh(VENDORS[-1]) as last:
            back = restore(by=SYSTEM, file=tmp_path / "again.lodestone", using=last)
            assert back.content.tables == again.tables
            assert back.trail.fault is None
    assert {name for name, digest in digests("default").items() if digest != first_digests[name]} == set()


def test_the_file_shows_nothing_of_what_is_in_it(backed_up: tuple[Path, Backup]) -> None:
    file, _made = backed_up
    data = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert not [
        word for word in (b"Southern Motors", b"alma", "铽".encode(), b"reporting_line") if word in data
    ]
    assert not list(file.parent.glob("*.part"))


def test_what_the_database_does_not_hold_back_is_named(filing: Filing, place: Place, tmp_path: Path) -> None:
    document = Upload.objects.get().document
    (Path(place.settings.MEDIA_ROOT) / document.stored_as).unlink()
    errors = StringIO()
    call_command("backup", str(tmp_path / "b"), stdout=StringIO(), stderr=errors)
    assert document.stored_as in errors.getvalue()


def test_both_commands_print_the_same_digests(
    spares: Spares, place: Place, filing: Filing, tmp_path: Path
) -> None:
    told, again = StringIO(), StringIO()
    call_command("backup", str(tmp_path / "b"), stdout=told)
    place.take("second")
    with spares.fresh("sqlite") as alias:
        call_command("restore", str(tmp_path / "b"), database=alias, stdout=again)
    tables = len(state_tables())
    assert told.getvalue().splitlines()[:tables] == again.getvalue().splitlines()[:tables]
    assert "The trail holds: " in again.getvalue()


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


def test_into_the_same_folder_after_the_database_alone_was_lost(
    spares: Spares, place: Place, backed_up: tuple[Path, Backup]
) -> None:
    with spares.fresh("sqlite") as alias:
        assert restore(by=SYSTEM, file=backed_up[0], using=alias).trail.fault is None
    assert len([path for path in Path(place.settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1


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


def test_a_trail_touched_before_the_backup_is_restored_and_told(
    spares: Spares, place: Place, filing: Filing, tmp_path: Path
) -> None:
    with trails.below_the_guards(keep=True):
        trails.execute(
            "UPDATE audit_event SET verb = 'x' WHERE id = (SELECT event_id FROM audit_seal WHERE sequence = 5)"
        )
    backup(by=SYSTEM, file=tmp_path / "b")
    place.take("second")
    out = StringIO()
    with spares.fresh("sqlite") as alias, pytest.raises(CommandError, match="touched before") as caught:
        call_command("restore", str(tmp_path / "b"), database=alias, stdout=out)
    assert caught.value.returncode == 1
    assert "Every table has the digest it had." in out.getvalue()


def test_what_migrations_put_there_gives_way(
    spares: Spares, place: Place, filing: Filing, tmp_path: Path
) -> None:
    Element.objects.filter(symbol="nd").delete()
    values = {"name_en": "Neodymium", "name_zh": "钕", "atomic_weight": "144.242", "oxide": "Nd2O3"}
    numbers = {"metal_fraction_of_oxide": "0.857363", "position": 99}
    Element.objects.create(symbol="nd", **values, **numbers)
    backup(by=SYSTEM, file=tmp_path / "b")
    place.take("second")
    with spares.fresh("sqlite") as alias:
        Element.objects.using(alias).update_or_create(
            symbol="nd", defaults={**values, **numbers, "position": 4}
        )
        restore(by=SYSTEM, file=tmp_path / "b", using=alias)
        assert Element.objects.using(alias).get(symbol="nd").position == 99


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


def test_heads_of_what_came_after_the_backup_stay_out(
    filing: Filing, place: Place, tmp_path: Path, spares: Spares
) -> None:
    """Between the moment of the tables and the reading of the file a head may be added."""
    heads = Path(place.settings.AUDIT_HEADS)
    with heads.open("ab") as file:
        file.write(heads.read_bytes().replace(b'"sequence":', b'"sequence":9'))
    backup(by=SYSTEM, file=tmp_path / "b")
    place.take("second")
    with spares.fresh("sqlite") as alias:
        assert restore(by=SYSTEM, file=tmp_path / "b", using=alias).trail.heads == 1
