"""The list that the product brings along, as the database holds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from licensing.domain.classification import list_rows
from licensing.models import Entry, Instrument, ListVersion, ReferenceCode, Suspension, Threshold
from licensing.queries.control_list import in_force, version_in_force
from licensing.queries.list_tables import tables_of

DATA = Path(__file__).resolve().parents[2] / "licensing" / "data"
pytestmark = pytest.mark.django_db


def test_version_1_is_what_the_files_say() -> None:
    version = version_in_force()
    assert version.number == 1
    assert (
        version.sha256
        == list_rows.digest(tables_of(version))
        == list_rows.digest(list_rows.read_folder(DATA))
    )
    assert Entry.objects.filter(version=version, instrument__code="MOFCOM-GAC 2025 No. 18").count() == 59


def test_the_list_is_built_once() -> None:
    assert in_force() is in_force()


def test_a_published_version_never_changes() -> None:
    version = version_in_force()
    instrument = Instrument.objects.filter(version=version)[0]
    writes = [
        lambda: ListVersion.objects.filter(pk=version.pk).update(note="other"),
        lambda: ListVersion.objects.filter(pk=version.pk).update(
            state="draft", number=None, published_at=None
        ),
        lambda: Entry.objects.filter(version=version).update(name_en="other"),
        lambda: Entry.objects.create(
            version=version, instrument=instrument, control_code="1C999", form="metal", evidence="seen"
        ),
        lambda: Threshold.objects.filter(version=version).update(content_upct=1),
        lambda: Suspension.objects.filter(version=version)._raw_delete("default"),
        lambda: ReferenceCode.objects.filter(version=version)._raw_delete("default"),
    ]
    for write in writes:
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            write()
