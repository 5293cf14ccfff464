"""Drafts of the list: begun, changed, uploaded, compared, published for good."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licensing.documents.list_files import entries_csv, entries_workbook
from licensing.domain.classification import list_rows
from licensing.models import Entry, ListState, ListVersion, Threshold
from licensing.queries.control_list import in_force, version_in_force
from licensing.queries.list_drafts import changes_of
from licensing.queries.list_impact import impact_of
from licensing.queries.list_tables import tables_of
from licensing.services import list_versions
from licensing.services.list_rows import save
from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.core import clock
from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.registry.models import Lot
from reporting.models import Kind
from reporting.queries.list_exports import exports_otherwise
from tests import factories
from tests.conftest import acting, signed_in
from tests.licensing import issued

pytestmark = pytest.mark.django_db
KEPT = "/supervision/control-list/"


@pytest.fixture
def draft(emil: User) -> ListVersion:
    return list_versions.begin(by=acting(emil))


def raise_threshold(draft: ListVersion, emil: User, content: int) -> None:
    """The draft lets more dysprosium and terbium pass."""
    row = Threshold.objects.get(version=draft, combined=True)
    save(by=acting(emil), version_id=draft.pk, row=row, fields={"content_upct": content})


def test_a_draft_begins_as_the_list_in_force(draft: ListVersion) -> None:
    assert list_rows.digest(tables_of(draft)) == version_in_force().sha256
    assert changes_of(draft) == []
    assert Event.objects.filter(verb="list.draft_begun", subject_id=draft.pk).count() == 1


def test_publishing_puts_it_in_force_once(draft: ListVersion, emil: User) -> None:
    raise_threshold(draft, emil, 300_000)
    published = list_versions.publish(by=acting(emil), version_id=draft.pk, note="0.3 % announced")
    assert (published.number, version_in_force()) == (2, published)
    assert in_force().version == 2
    event = Event.objects.get(verb="list.published")
    assert event.data["version"] == 2
    assert event.data["sha256"] == list_rows.digest(tables_of(published))
    with pytest.raises(Refused) as refused:
        list_versions.publish(by=acting(emil), version_id=draft.pk, note="again")
    assert refused.value.code == "list_not_a_draft"


def test_what_cannot_be_published(draft: ListVersion, emil: User) -> None:
    def code(version: ListVersion, note: str) -> str:
        with pytest.raises(Refused) as refused:
            list_versions.publish(by=acting(emil), version_id=version.pk, note=note)
        return refused.value.code

    assert code(draft, "nothing changed") == "list_unchanged"
    assert code(draft, "  \x00 ") == "note_missing"
    other = list_versions.begin(by=acting(emil))
    raise_threshold(draft, emil, 300_000)
    raise_threshold(other, emil, 200_000)
    list_versions.publish(by=acting(emil), version_id=draft.pk, note="first")
    assert code(other, "second") == "list_moved_on"
    list_versions.discard(by=acting(emil), version_id=other.pk)
    assert code(other, "third") == "list_not_a_draft"


def test_only_who_keeps_reference_data_may(draft: ListVersion, dora: User, fatima: User, alma: User) -> None:
    for person in (dora, fatima, alma):
        with pytest.raises(PermissionDenied):
            list_versions.begin(by=acting(person))
        with pytest.raises(PermissionDenied):
            list_versions.publish(by=acting(person), version_id=draft.pk, note="x")
        with pytest.raises(PermissionDenied):
            list_versions.discard(by=acting(person), version_id=draft.pk)
    assert ListVersion.objects.get(pk=draft.pk).state == ListState.DRAFT


def entry_fields(draft: ListVersion, **changed: str) -> dict[str, Any]:
    row = Entry.objects.select_related("instrument").get(version=draft, control_code="1C905.a.4")
    said = {
        "instrument": row.instrument_id, "control_code": "1C905.a.4", "element": "dy", "form": "magnet", "family": "ndfeb",
        "partners": "", "levels": "bulk;primary_shape", "name_en": "NdFeB magnet with dysprosium", "name_zh": row.name_zh,
        "source": "x", "evidence": "seen", "valid_from": "", "valid_until": "", "reference_hs": "",
    }  # fmt: skip
    return said | changed


def test_a_row_is_changed_on_its_page(draft: ListVersion, emil: User) -> None:
    client = signed_in(emil)
    row = Entry.objects.get(version=draft, control_code="1C905.a.4")
    url = f"{KEPT}{draft.pk}/entries/{row.pk}/"
    assert client.get(url).status_code == 200
    said = entry_fields(draft, reference_hs="8505111000@2026-01-01..2026-12-31")
    assert client.post(url, said).status_code == 302
    columns = {one.column: one.is_now for one in changes_of(draft)}
    assert columns["reference_hs"] == "8505111000@2026-01-01..2026-12-31"
    assert columns["name_en"] == "NdFeB magnet with dysprosium"
    event = Event.objects.get(verb="list.row_changed")
    assert event.data["row"] == "1C905.a.4"
    assert "1C905.a.4" in client.get(f"{KEPT}{draft.pk}/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("control_code", "1C904.a.4"), ("control_code", "dysprosium"), ("partners", "iron"), ("levels", "anything"), ("reference_hs", "85x"), ("valid_until", "0001-01-01"), ("element", "fe")],
)  # fmt: skip
def test_a_row_that_cannot_be_is_told_at_its_field(
    draft: ListVersion, emil: User, field: str, value: str
) -> None:
    row = Entry.objects.get(version=draft, control_code="1C905.a.4")
    answer = signed_in(emil).post(
        f"{KEPT}{draft.pk}/entries/{row.pk}/", entry_fields(draft, **{field: value})
    )
    assert answer.status_code == 422
    assert f"id_{field}" in answer.content.decode()
    assert changes_of(draft) == []


TABLES = ("instruments", "suspensions", "entries", "thresholds", "regimes", "customs_meanings")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_its_pages(draft: ListVersion, emil: User, table: str) -> None:
    client = signed_in(emil)
    assert client.get(f"{KEPT}{draft.pk}/?table={table}").status_code == 200
    assert client.get(f"{KEPT}{draft.pk}/{table}/add/").status_code == 200
    assert client.post(f"{KEPT}{draft.pk}/{table}/add/", {"source": "x"}).status_code == 422


def test_a_setting_is_added_and_a_row_taken_out(draft: ListVersion, emil: User) -> None:
    client = signed_in(emil)
    said = {
        "role": "threshold", "form": "magnet", "family": "ndfeb", "elements": "Tb,Dy", "combined": "on", "content_pct": "0.3",
        "valid_from": "2026-07-01", "tag_en": "announced", "tag_zh": "公告", "evidence": "seen",
    }  # fmt: skip
    assert client.post(f"{KEPT}{draft.pk}/thresholds/add/", said).status_code == 302
    added = Threshold.objects.get(version=draft, tag_en="announced")
    assert (added.content_upct, added.elements) == (300_000, "tb;dy")
    assert client.post(f"{KEPT}{draft.pk}/thresholds/{added.pk}/remove/").status_code == 302
    assert changes_of(draft) == []
    instrument = draft.instruments.get(code="MOFCOM-GAC 2025 No. 18")
    client.post(f"{KEPT}{draft.pk}/instruments/{instrument.pk}/remove/")
    assert draft.instruments.filter(pk=instrument.pk).exists()


def test_a_published_version_takes_no_rows(emil: User) -> None:
    version = version_in_force()
    row = Entry.objects.get(version=version, control_code="1C905.a.4")
    client = signed_in(emil)
    answer = client.post(f"{KEPT}{version.pk}/entries/{row.pk}/", entry_fields(version))
    assert answer.status_code == 422
    client.post(f"{KEPT}{version.pk}/entries/{row.pk}/remove/")
    assert list_rows.digest(tables_of(version)) == version.sha256


def uploaded(client: Client, draft: ListVersion, name: str, data: bytes) -> Any:
    return client.post(f"{KEPT}{draft.pk}/upload/", {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_downloaded_can_be_uploaded(draft: ListVersion, emil: User, kind: str) -> None:
    client = signed_in(emil)
    data = client.get(f"{KEPT}{draft.pk}/entries.{kind}").content
    assert data == (entries_csv(draft) if kind == "csv" else data)
    assert uploaded(client, draft, f"entries.{kind}", data).status_code == 302
    assert changes_of(draft) == []
    assert Event.objects.filter(verb="list.entries_replaced").count() == 1
    assert entries_workbook(draft)[:2] == b"PK"


def test_a_file_with_a_changed_and_a_new_entry(draft: ListVersion, emil: User) -> None:
    text = entries_csv(draft).decode("utf-8-sig").replace("dysprosium metal", "dysprosium unwrought")
    text += "MOFCOM-GAC 2025 No. 18,1C905.d,Dy,magnet,ndfeb,,,anything,任何,2805301200,x,inferred,,\r\n"
    assert uploaded(signed_in(emil), draft, "entries.csv", text.encode()).status_code == 302
    found = {(one.key, one.change) for one in changes_of(draft)}
    assert found == {("1C905.a.1", "changed"), ("1C905.d", "added")}


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("1C905.b,dy,oxide", "1C905.b,dy,powder", "form"),
        ("1C905.b,dy,oxide", "1C904.b,dy,oxide", "1C904.b"),
        ("MOFCOM-GAC 2025 No. 18,1C905.b", "No such act,1C905.b", "instrument"),
        ("2846901500;", "28469015x;", "28469015x"),
        ("control_code", "code", "control_code"),
    ],
)
def test_a_faulty_file_changes_nothing(
    draft: ListVersion, emil: User, was: str, becomes: str, told: str
) -> None:
    text = entries_csv(draft).decode("utf-8-sig")
    assert was in text
    answer = uploaded(signed_in(emil), draft, "entries.csv", text.replace(was, becomes, 1).encode())
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert changes_of(draft) == []


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"a,b\r\n1,2\r\n", io.BytesIO(b"%PDF-1.4").getvalue()]
)
def test_what_is_no_table_is_refused(draft: ListVersion, emil: User, data: bytes) -> None:
    assert uploaded(signed_in(emil), draft, "entries.xlsx", data).status_code == 422
    assert changes_of(draft) == []


def test_the_impact_on_products_licences_and_exports(
    draft: ListVersion, emil: User, aurora: Organisation
) -> None:
    today = clock.today()
    freed = factories.product(aurora, "P-FREED", dy_pct="0.2", tb_pct="0")
    factories.product(aurora, "P-SAME", dy_pct="2", tb_pct="0")
    issued.licence(
        aurora,
        issued.line_terms(kg=1, line_no=1),
        issued.line_terms(kg=1, line_no=2, control_codes=("1C902.a.4",)),
        licence_no="L-1",
    )
    draft_filing = factories.filing(aurora, f"{today - timedelta(days=40):%Y-%m}")
    factories.line(draft_filing, 1, Kind.EXPORTED, freed, "12.5", date=today - timedelta(days=40))
    Lot.objects.create(
        organisation=aurora, product=freed, batch="RICH", dy_pct=Decimal(2)
    )  # controlled either way
    factories.line(draft_filing, 2, Kind.EXPORTED, freed, "7", date=today - timedelta(days=40), batch="RICH")
    type(draft_filing).objects.filter(pk=draft_filing.pk).update(status="submitted", submitted_at=clock.now())
    raise_threshold(draft, emil, 300_000)
    save(
        by=acting(emil),
        version_id=draft.pk,
        row=Entry.objects.get(version=draft, control_code="1C902.a.4"),
        fields={"valid_until": date(2026, 1, 31)},
    )
    impact = impact_of(draft)
    assert [(one.product.code, one.change.before, one.change.after) for one in impact.products] == [
        ("P-FREED", "licence_required", "not_controlled")
    ]
    assert impact.products[0].change.entry_before == "1C905.a.4"
    assert [(one.line.line_no, one.codes) for one in impact.lines] == [
        (2, [("1C902.a.4", "in_force", "repealed")])
    ]
    exports = exports_otherwise(draft.pk)
    assert (exports.lines_looked_at, exports.lines_changed) == (2, 1)
    assert (exports.first[0].product.code, exports.first[0].grams) == ("P-FREED", 12_500)
    client = signed_in(emil)
    assert "P-FREED" in client.get(f"{KEPT}{draft.pk}/impact/").content.decode()
    assert "12.5" in client.get(f"{KEPT}{draft.pk}/exports/", headers={"HX-Request": "true"}).content.decode()


def test_publishing_on_the_page(draft: ListVersion, emil: User, fatima: User) -> None:
    client = signed_in(emil)
    assert client.post(f"{KEPT}{draft.pk}/publish/", {"note": "nothing"}).status_code == 422
    raise_threshold(draft, emil, 300_000)
    assert client.get(f"{KEPT}{draft.pk}/publish/").status_code == 200
    assert client.post(f"{KEPT}{draft.pk}/publish/", {"note": "0.3 % announced"}).status_code == 302
    assert "0.3 % announced" in signed_in(fatima).get(KEPT).content.decode()
    assert (
        "Version 2 of the list"
        in Client().get("/control-list/", headers={"Accept-Language": "en"}).content.decode()
    )
    assert not Outbox.objects.filter(task__startswith="list.").exists()


def test_beginning_and_discarding_on_the_page(emil: User) -> None:
    client = signed_in(emil)
    client.post(f"{KEPT}begin/")
    draft = ListVersion.objects.get(state=ListState.DRAFT)
    client.post(f"{KEPT}{draft.pk}/discard/")
    client.post(f"{KEPT}{draft.pk}/discard/")
    assert ListVersion.objects.get(pk=draft.pk).state == ListState.DISCARDED
    assert Event.objects.filter(verb="list.draft_discarded").count() == 1
