"""Watch lists as their keeper sees them: searched, added to, imported after a look, retired with a reason."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.accounts.models import User
from portal.audit.models import Event
from portal.core import clock
from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.registry.models import WatchEntry
from portal.registry.queries.watch_list import entries_on
from portal.registry.services import watch_list
from tests.conftest import acting, signed_in

pytestmark = pytest.mark.django_db
KEPT = "/supervision/watch-lists/"
FILE = (
    "list,entry,name,aliases,country,id_number,reason,effect,valid_from,valid_until\n"
    "Entity list,7,Hypothetical Dynamics Ltd,HDL; 虚构动力,GB,,end use,deny,2026-01-01,\n"
    "Entity list,8,Kestrel Avionics,,,,,,,\n"
)


def upload(client: Client, text: str = FILE, name: str = "list.csv") -> Any:
    return client.post(f"{KEPT}import/", {"file": SimpleUploadedFile(name, text.encode())})


def entry(**more: Any) -> WatchEntry:
    values = {"list_name": "Entity list", "entry": "1", "name": "Falcon Motion Co", "effect": "deny"}
    return WatchEntry.objects.create(**(values | more))


def screenings_owed() -> int:
    return Outbox.objects.filter(task="licensing.screen_again").count()


def test_an_entry_is_added_and_stands_in_the_trail(emil: User) -> None:
    client = signed_in(emil)
    fields = {
        "list_name": "Entity list",
        "entry": "1",
        "name": "Falcon Motion Co",
        "country": "GB",
        "effect": "deny",
    }
    assert client.post(f"{KEPT}add/", fields).status_code == 302
    row = WatchEntry.objects.get()
    assert (row.name, row.country, row.effect) == ("Falcon Motion Co", "GB", "deny")
    event = Event.objects.get(verb="watch_list.entry_added")
    assert (event.subject_id, event.data) == (row.pk, {"list": "Entity list", "entry": "1"})
    assert screenings_owed() == 1
    again = client.post(f"{KEPT}add/", fields)
    assert again.status_code == 422
    assert "already exists" in again.content.decode()


def test_a_change_says_what_it_changed(emil: User) -> None:
    row = entry()
    client = signed_in(emil)
    fields = {"name": row.name, "effect": "review", "reason": "Order 5"}
    assert client.post(f"{KEPT}{row.pk}/change/", fields).status_code == 302
    event = Event.objects.get(verb="watch_list.entry_changed")
    assert event.data["changed"] == {"reason": ["", "Order 5"], "effect": ["deny", "review"]}
    page = client.get(f"{KEPT}{row.pk}/").content.decode()
    assert "effect: deny → review" in page
    client.post(f"{KEPT}{row.pk}/change/", fields)
    assert (
        Event.objects.filter(verb="watch_list.entry_changed").count() == 1
    )  # the same again changes nothing
    assert screenings_owed() == 1
    fields |= {"valid_from": "2026-05-02", "valid_until": "2026-05-01"}
    assert client.post(f"{KEPT}{row.pk}/change/", fields).status_code == 422


def test_an_entry_is_retired_with_its_reason_and_stays(emil: User) -> None:
    row = entry()
    client = signed_in(emil)
    refused = client.post(f"{KEPT}{row.pk}/retire/", {"reason": "  "})
    assert refused.status_code == 422
    assert client.post(f"{KEPT}{row.pk}/retire/", {"reason": "Taken off the list"}).status_code == 302
    row.refresh_from_db()
    assert row.valid_until == clock.today() - timedelta(days=1)
    assert not entries_on(clock.today()).exists()
    assert Event.objects.get(verb="watch_list.entry_retired").data["why"] == "Taken off the list"
    watch_list.retire(by=acting(emil), entry_id=row.pk, reason="again")
    assert Event.objects.filter(verb="watch_list.entry_retired").count() == 1
    assert "Taken off the list" in client.get(f"{KEPT}{row.pk}/").content.decode()


def test_a_file_is_looked_at_before_it_counts(emil: User) -> None:
    entry(entry="8", name="Kestrel")
    client = signed_in(emil)
    page = upload(client).content.decode()
    assert "error-summary" not in page, page[page.index("error-summary") :][:900]
    assert "New entries: 1. Changed: 1. As they are on record: 0." in page
    assert WatchEntry.objects.count() == 1
    rows = re.search(r'name="rows" value="([^"]+)"', page)
    assert rows is not None
    assert (
        client.post(f"{KEPT}import/", {"rows": rows[1] + "x"}).status_code == 302
    )  # touched: nothing happens
    assert WatchEntry.objects.count() == 1
    assert client.post(f"{KEPT}import/", {"rows": rows[1]}).status_code == 302
    assert WatchEntry.objects.get(entry="7").names == ("Hypothetical Dynamics Ltd", "HDL", "虚构动力")
    assert (WatchEntry.objects.get(entry="8").name, WatchEntry.objects.get(entry="8").effect) == (
        "Kestrel Avionics",
        "review",
    )
    event = Event.objects.get(verb="watch_list.changed")
    assert event.data == {"list": "Entity list", "count": 2, "entries": ["7", "8"]}
    assert screenings_owed() == 1
    client.post(f"{KEPT}import/", {"rows": rows[1]})
    assert Event.objects.filter(verb="watch_list.changed").count() == 1


def test_what_stands_against_a_file_is_told_by_row_and_nothing_is_kept(emil: User) -> None:
    client = signed_in(emil)
    faulty = upload(client, FILE.replace("deny", "forbid").replace("Kestrel Avionics", ""))
    told = faulty.content.decode()
    assert faulty.status_code == 422
    assert "row 2, effect" in told
    assert "row 3, name" in told
    twice = upload(client, FILE + "Entity list,8,Kestrel,,,,,,,\n").content.decode()
    assert "This entry stands in the file twice." in twice
    assert upload(client, "nothing\n1\n").status_code == 422
    assert not WatchEntry.objects.exists()


def test_entries_are_searched_and_downloaded(emil: User, dora: User) -> None:
    entry()
    entry(
        entry="2",
        name="Kestrel",
        aliases="红隼航空",
        effect="review",
        valid_until=clock.today() - timedelta(days=1),
    )
    client = signed_in(dora)
    for query, found in (
        ("q=falcon", {"Falcon"}),
        ("q=红隼", {"Kestrel"}),
        ("effect=review", {"Kestrel"}),
        ("state=in_force", {"Falcon"}),
        ("state=ended", {"Kestrel"}),
        ("state=to_come", set()),
        ("list=Entity list", {"Falcon", "Kestrel"}),
    ):
        page = client.get(f"{KEPT}?{query}").content.decode()
        assert {name for name in ("Falcon", "Kestrel") if f"{name}" in page.partition("<main")[2]} == found, (
            query
        )
    table = b"".join(client.get(f"{KEPT}entries.csv").streaming_content).decode("utf-8-sig")
    assert "Entity list,2,Kestrel,红隼航空" in table


def test_only_who_keeps_reference_data_changes_lists(dora: User, alma: User) -> None:
    row = entry()
    reader = signed_in(dora)
    assert "Change it" not in reader.get(f"{KEPT}{row.pk}/").content.decode()
    assert reader.post(f"{KEPT}{row.pk}/retire/", {"reason": "x"}).status_code == 403
    assert signed_in(alma).get(KEPT).status_code == 403
    for write in (
        lambda: watch_list.retire(by=acting(dora), entry_id=row.pk, reason="x"),
        lambda: watch_list.add(by=acting(dora), list_name="a", entry="b", fields={"name": "c"}),
        lambda: watch_list.put_entries(by=acting(alma), list_name="a", rows=[]),
    ):
        with pytest.raises(Refused) as refusal:
            write()
        assert refusal.value.code == "not_permitted"
