"""Whenever a list or a party changes, cases and licences that live are screened again: once, and officers are told."""

from __future__ import annotations

import pytest

from licensing.models import Licence, LicenceHit, Undertaking
from licensing.queries.hits import open_likenesses
from licensing.services import applications, licence_screening, screening, submitting
from licensing.tasks.casework import screen_clients
from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.contact.models import Message
from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.registry.models import WatchEntry
from portal.registry.services import counterparties
from tests import factories
from tests.conftest import acting, signed_in
from tests.licensing import issued
from tests.licensing.applied import drafted, hugo

__all__ = ["hugo"]
pytestmark = pytest.mark.django_db


def listed(name: str = "Rheinmotor G.m.b.H.", **more: str) -> WatchEntry:
    values = {"list_name": "control", "entry": str(WatchEntry.objects.count() + 1), "effect": "deny"}
    return WatchEntry.objects.create(name=name, **(values | more))


def test_a_licence_that_nobody_applied_for_here_is_screened_once(aurora: Organisation, hugo: User) -> None:
    licence = issued.licence(aurora, end_user_name=("Somebody Else Ltd", "Rheinmotor GmbH"))
    assert screening.screen_again() == 1
    assert not LicenceHit.objects.exists()
    entry = listed()
    assert screening.screen_again() == 1
    hit = LicenceHit.objects.get()
    assert (hit.licence, hit.party, hit.entry) == (licence, "Rheinmotor GmbH", entry)
    assert hit.score >= 90
    event = Event.objects.filter(verb="watch_list.screened").last()
    assert event.data == {"cases": 0, "licences": 1, "count": 1}
    assert list(Message.objects.values_list("template", "recipient__username")) == [
        ("watch_list_screened", "hugo")
    ]
    assert screening.screen_again() == 0
    assert (LicenceHit.objects.count(), Message.objects.count()) == (1, 1)


def test_a_dead_licence_is_left_alone(aurora: Organisation) -> None:
    Licence.objects.filter(pk=issued.licence(aurora).pk).update(status="expired")
    listed()
    assert screening.screen_again() == 0


def test_an_officer_says_whether_it_is_the_same(aurora: Organisation, hugo: User, emil: User) -> None:
    issued.licence(aurora)
    listed()
    screening.screen_again()
    hit = LicenceHit.objects.get()
    client = signed_in(hugo)
    assert "Rheinmotor GmbH" in client.get("/casework/likenesses/").content.decode()
    page = f"/casework/licence-hits/{hit.pk}/"
    assert client.post(page, {"state": "cleared", "reason": ""}).status_code == 422
    assert client.post(page, {"state": "cleared", "reason": "Another house."}).status_code == 302
    hit.refresh_from_db()
    assert (hit.state, hit.decided_by) == ("cleared", hugo)
    assert Event.objects.get(verb="licence.hit_decided").data["state"] == "cleared"
    assert open_likenesses() == 0
    assert "Another house." in client.get(f"/supervision/licences/{hit.licence_id}/").content.decode()
    assert "No likeness waits" in client.get("/casework/likenesses/").content.decode()
    with pytest.raises(Refused):
        licence_screening.decide(by=acting(emil), hit_id=hit.pk, state="cleared", reason="x")


def test_what_was_decided_opens_again_when_the_likeness_is_another(aurora: Organisation, hugo: User) -> None:
    issued.licence(aurora)
    entry = listed("Rheinmotoren GmbH")
    screening.screen_again()
    hit = LicenceHit.objects.get()
    licence_screening.decide(by=acting(hugo), hit_id=hit.pk, state="cleared", reason="Another house.")
    WatchEntry.objects.filter(pk=entry.pk).update(name="Rheinmotor GmbH")
    screening.screen_again()
    hit.refresh_from_db()
    assert (hit.state, hit.name, hit.reason) == ("open", "Rheinmotor GmbH", "")


def test_a_client_whose_name_changes_is_screened_under_its_new_name(
    alma: User, bruno: User, aurora: Organisation
) -> None:
    client = factories.counterparty(aurora)
    draft = drafted(alma)
    applications.add_counterparty(
        by=acting(alma), application_id=draft.pk, counterparty_id=client.pk, role="intermediate"
    )
    draft.refresh_from_db()
    application = submitting.submit(
        by=acting(bruno), application_id=draft.pk, revision=draft.revision, undertakings=Undertaking.values
    )
    listed("Hypothetical Dynamics Ltd")
    screening.screen_again()
    assert not application.hits.exists()
    counterparties.edit(by=acting(alma), counterparty=client, fields={"city": "Köln"})
    assert not Outbox.objects.filter(task="licensing.screen_clients").exists()
    counterparties.edit(by=acting(alma), counterparty=client, fields={"name": "Hypothetical Dynamics Ltd"})
    assert Outbox.objects.get(task="licensing.screen_clients").argument == client.pk
    screen_clients(client.pk)
    hit = application.hits.get()
    assert (hit.party.name, hit.name, hit.score) == ("Rheinmotor GmbH", "Hypothetical Dynamics Ltd", 100)
    count = application.screenings.count()
    screen_clients(client.pk)
    assert screening.screen_again() == 0
    assert application.screenings.count() == count
