"""The whole state into one encrypted file, and out of it into an empty database: the same in every table."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django import db
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.audit.queries import verify
from portal.contact.services import documents
from portal.exchange.services.backups import Backup, backup
from portal.exchange.services.restoring import restore
from portal.exchange.services.state_tables import state_tables
from portal.registry.models import Element
from reporting.domain.canonical import digest_of
from reporting.models import Filing, Line, Upload
from reporting.queries.receipts import canonical_of
from tests.portal.audit import trails
from tests.portal.exchange.conftest import ODD, SYSTEM, UNREAD, VENDORS, Place, digests
from tests.portal.exchange.spare import ON_POSTGRESQL, Everything, Spares
from tests.reporting.filled import filled

pytestmark = pytest.mark.django_db(transaction=ON_POSTGRESQL)


@pytest.mark.holds("restore-works")
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_restore_drill(
    vendor: str,
    spares: Spares,
    place: Place,
    nation: Filing,
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
        signed = Filing.objects.get(pk=nation.pk)
        assert digest_of(canonical_of(signed)) == nation.sha256
        assert signed.receipt_no == nation.receipt_no
        assert Line.objects.get(filing=signed, line_no=1).note == ODD
        assert Line.objects.get(unread__isnull=False).unread == UNREAD
        document = Upload.objects.get().document
        assert documents.content_of(document) == b"\x00 bytes " * 90_000
        assert Authenticator.objects.get(user__username="bruno").wrap().validate_code("not one") is False
        assert User.objects.get(username="alma").check_password("correct-horse-battery-7")
    assert (second / "heads.jsonl").read_bytes() == (place.root / "first/heads.jsonl").read_bytes()


@pytest.mark.holds("restore-works")
@pytest.mark.parametrize("vendor", VENDORS)
def test_life_goes_on_in_a_restored_portal(
    vendor: str,
    spares: Spares,
    place: Place,
    nation: Filing,
    backed_up: tuple[Path, Backup],
    monkeypatch: Any,
) -> None:
    """The guards stand again, the next row has the next number, the same chain goes on."""
    place.take("second")
    with spares.fresh(vendor) as alias:
        restore(by=SYSTEM, file=backed_up[0], using=alias)
        monkeypatch.setattr(db.router, "routers", [Everything(alias)])
        with pytest.raises(IntegrityError), transaction.atomic(using=alias):
            Filing.objects.filter(pk=nation.pk).update(nil=True)
        with pytest.raises(IntegrityError), transaction.atomic(using=alias):
            Event.objects.filter(pk=Event.objects.earliest("pk").pk).update(verb="x")
        with pytest.raises(IntegrityError), transaction.atomic(using=alias):
            Line.objects.filter(filing=nation.pk).delete()
        last = Filing.objects.latest("pk").pk
        made = filled(Organisation.objects.get(), "2026-03")
        assert made.pk == last + 1
        monkeypatch.undo()
        assert verify(using=alias).fault is None


@pytest.mark.holds("restore-works")
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


@pytest.mark.holds("backups-encrypted")
def test_the_file_shows_nothing_of_what_is_in_it(backed_up: tuple[Path, Backup]) -> None:
    file, _made = backed_up
    data = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert not [
        word for word in (b"Southern Motors", b"alma", "铽".encode(), b"reporting_line") if word in data
    ]
    assert not list(file.parent.glob("*.part"))


def test_what_the_database_does_not_hold_back_is_named(nation: Filing, place: Place, tmp_path: Path) -> None:
    document = Upload.objects.get().document
    (Path(place.settings.MEDIA_ROOT) / document.stored_as).unlink()
    errors = StringIO()
    call_command("backup", str(tmp_path / "b"), stdout=StringIO(), stderr=errors)
    assert document.stored_as in errors.getvalue()


def test_both_commands_print_the_same_digests(
    spares: Spares, place: Place, nation: Filing, tmp_path: Path
) -> None:
    told, again = StringIO(), StringIO()
    call_command("backup", str(tmp_path / "b"), stdout=told)
    place.take("second")
    with spares.fresh("sqlite") as alias:
        call_command("restore", str(tmp_path / "b"), database=alias, stdout=again)
    tables = len(state_tables())
    assert told.getvalue().splitlines()[:tables] == again.getvalue().splitlines()[:tables]
    assert "The trail holds: " in again.getvalue()


def test_into_the_same_folder_after_the_database_alone_was_lost(
    spares: Spares, place: Place, backed_up: tuple[Path, Backup]
) -> None:
    with spares.fresh("sqlite") as alias:
        assert restore(by=SYSTEM, file=backed_up[0], using=alias).trail.fault is None
    assert len([path for path in Path(place.settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1


def test_a_trail_touched_before_the_backup_is_restored_and_told(
    spares: Spares, place: Place, nation: Filing, tmp_path: Path
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
    spares: Spares, place: Place, nation: Filing, tmp_path: Path
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


def test_heads_of_what_came_after_the_backup_stay_out(
    nation: Filing, place: Place, tmp_path: Path, spares: Spares
) -> None:
    """Between the moment of the tables and the reading of the file a head may be added."""
    heads = Path(place.settings.AUDIT_HEADS)
    with heads.open("ab") as file:
        file.write(heads.read_bytes().replace(b'"sequence":', b'"sequence":9'))
    backup(by=SYSTEM, file=tmp_path / "b")
    place.take("second")
    with spares.fresh("sqlite") as alias:
        assert restore(by=SYSTEM, file=tmp_path / "b", using=alias).trail.heads == 1
