"""A small nation to back up, the places it lives in, and where it is restored to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.audit.domain.heads import new_key
from portal.audit.tasks import seal
from portal.contact.services import documents
from portal.core import clock
from portal.core.actors import Actor
from portal.exchange.services.backups import Backup, backup
from portal.exchange.services.state_tables import extent_of, state_tables
from reporting.models import Filing, Line, Upload
from reporting.services import signing
from tests.conftest import acting
from tests.portal.audit import trails
from tests.portal.exchange.spare import ON_POSTGRESQL, Spares
from tests.reporting.filled import filled

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
def nation(place: Place, aurora: Organisation, alma: User, bruno: User, monkeypatch: Any) -> Filing:
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
def backed_up(nation: Filing, tmp_path: Path) -> tuple[Path, Backup]:
    file = tmp_path / "state.lodestone"
    return file, backup(by=SYSTEM, file=file)


def digests(alias: str) -> dict[str, str]:
    return {table.name: extent_of(table, alias).sha256 for table in state_tables()}
