"""Extensions: asked with a reason, decided by the administrator, or given to all; the due time follows at once."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import Event
from portal.contact.models import Message
from portal.contact.services import mail
from portal.core import clock
from portal.core.actors import Actor
from portal.core.clock import BEIJING, end_of_day
from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.core.months import Month
from reporting.models import Extension, Filing, Obligation
from reporting.services import extensions, obligations
from reporting.tasks import obligations as tasks
from tests import factories
from tests.conftest import acting, signed_in

MAY = Month.parse("2026-05")
LATER = date(2026, 6, 20)


@pytest.fixture(autouse=True)
def june(monkeypatch: pytest.MonkeyPatch, aurora, borealis) -> None:
    """It is 4 June 2026, and every month up to May is open."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 4, 10, tzinfo=BEIJING))
    obligations.open_months(by=Actor.system("test"), up_to=MAY)


def asked(by) -> Extension:
    return extensions.ask_extension(
        by=acting(by), period=MAY, until=LATER, reason="The stock-taking takes longer."
    )


def due(organisation) -> datetime:
    return Obligation.objects.get(organisation=organisation, period=MAY).due_at


def refused(code: str, call) -> None:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.code == code


def test_a_granted_extension_moves_the_due_time_of_that_organisation_alone(
    aurora, borealis, alma, emil
) -> None:
    extension = asked(alma)
    assert due(aurora) == end_of_day(date(2026, 6, 10))
    extensions.decide_extension(by=acting(emil), extension_id=extension.pk, grant=True)
    assert due(aurora) == end_of_day(LATER)
    assert due(borealis) == end_of_day(date(2026, 6, 10))
    assert Event.objects.filter(verb="extension.granted", organisation_id=aurora.pk).count() == 1
    assert Outbox.objects.filter(task="reporting.tell_extension", argument=extension.pk).count() == 1


def test_another_day_may_be_granted_than_was_asked_for(aurora, alma, emil) -> None:
    other = date(2026, 6, 15)
    extensions.decide_extension(by=acting(emil), extension_id=asked(alma).pk, grant=True, until=other)
    assert due(aurora) == end_of_day(other)


def test_a_refusal_needs_a_reason_and_changes_no_due_time(aurora, alma, emil) -> None:
    extension = asked(alma)
    decide = lambda reason: extensions.decide_extension(  # noqa: E731
        by=acting(emil), extension_id=extension.pk, grant=False, reason=reason
    )
    refused("reason_missing", lambda: decide(" "))
    decide("Nothing has changed since last month.")
    assert due(aurora) == end_of_day(date(2026, 6, 10))
    refused("extension_decided", lambda: decide("again"))


def test_asking_twice_or_for_a_month_already_filed_is_refused(aurora, alma, bruno) -> None:
    asked(alma)
    refused("extension_already_asked", lambda: asked(bruno))
    factories.filing(aurora, "2026-04", status="submitted", submitted_at=clock.now())
    obligations.refresh()
    april = {"period": Month.parse("2026-04"), "until": LATER, "reason": "r"}
    refused("extension_not_needed", lambda: extensions.ask_extension(by=acting(alma), **april))


@pytest.mark.parametrize(
    ("until", "reason", "code"),
    [
        (date(2026, 6, 10), "r", "extension_not_later"),
        (date(2027, 6, 10), "r", "extension_too_long"),
        (LATER, "  ", "reason_missing"),
    ],
)
def test_a_day_that_is_no_later_or_far_off_and_an_empty_reason_are_refused(alma, until, reason, code) -> None:
    refused(code, lambda: extensions.ask_extension(by=acting(alma), period=MAY, until=until, reason=reason))


def test_only_the_administrator_decides_and_only_producers_ask(alma, ada, dora, fatima) -> None:
    extension = asked(alma)
    for person in (alma, dora, fatima):
        with pytest.raises(PermissionDenied):
            extensions.decide_extension(by=acting(person), extension_id=extension.pk, grant=True)
        with pytest.raises(PermissionDenied):
            extensions.grant_to_all(by=acting(person), period=MAY, until=LATER, reason="r")
    for person in (ada, dora):
        with pytest.raises(PermissionDenied):
            asked(person)


def test_an_outage_extends_the_month_for_all_and_everybody_who_owes_it_is_told(
    aurora, borealis, alma, bruno, carla, emil
) -> None:
    Filing.objects.filter(pk=factories.filing(borealis).pk).update(
        status="submitted", submitted_at=clock.now()
    )
    obligations.refresh()
    extension = extensions.grant_to_all(
        by=acting(emil), period=MAY, until=LATER, reason="The portal was down."
    )
    assert {due(aurora), due(borealis)} == {end_of_day(LATER)}
    tasks.apply_extension(extension.pk)
    tasks.apply_extension(extension.pk)
    messages = list(Message.objects.filter(template="extension_decided"))
    assert {message.recipient.username for message in messages} == {"alma", "bruno"}
    letter = mail.compose(messages[0])
    assert "20 June 2026" in letter.subject
    assert "The portal was down." in letter.text
    refused(
        "extension_given",
        lambda: extensions.grant_to_all(by=acting(emil), period=MAY, until=LATER, reason="r"),
    )


def test_months_opened_later_know_the_extension_for_all(aurora, emil) -> None:
    Obligation.objects.all().delete()
    extensions.grant_to_all(by=acting(emil), period=MAY, until=LATER, reason="r")
    obligations.open_months(by=Actor.system("test"), up_to=MAY)
    assert due(aurora) == end_of_day(LATER)


def test_the_one_who_asked_is_told_what_was_decided(alma, bruno, emil) -> None:
    extension = asked(alma)
    tasks.tell_extension(extension.pk)
    assert not Message.objects.exists()
    extensions.decide_extension(
        by=acting(emil), extension_id=extension.pk, grant=False, reason="Not this time."
    )
    tasks.tell_extension(extension.pk)
    letters = [mail.compose(message) for message in Message.objects.all()]
    assert len(letters) == 2
    assert all("Not this time." in letter.text for letter in letters)


def test_the_pages_from_asking_to_deciding(aurora, alma, emil) -> None:
    producer, office = signed_in(alma), signed_in(emil)
    assert producer.get("/extensions/?period=2026-05").status_code == 200
    assert (
        producer.post("/extensions/", {"period": "2026-05", "until": "2026-06-09", "reason": "r"}).status_code
        == 422
    )
    values = {"period": "2026-05", "until": "2026-06-20", "reason": "Our stock-taking."}
    assert producer.post("/extensions/", values).status_code == 302
    assert "Our stock-taking." in producer.get("/extensions/").content.decode()
    extension = Extension.objects.get()
    shown = office.get("/supervision/extensions/").content.decode()
    assert "Aurora Magnets" in shown
    page = f"/supervision/extensions/{extension.pk}/"
    assert office.get(page).status_code == 200
    assert office.post(page, {"decision": "refuse", "reason": ""}).status_code == 422
    assert office.post(page, {"decision": "grant", "until": "2026-06-20", "reason": ""}).status_code == 302
    assert office.post(page, {"decision": "grant", "until": "2026-06-20"}).status_code == 422
    assert due(aurora) == end_of_day(LATER)


def test_the_page_that_extends_for_everybody(aurora, borealis, emil) -> None:
    office = signed_in(emil)
    assert office.get("/supervision/extensions/for-all/").status_code == 200
    values = {"period": "2026-05", "until": "2026-06-20", "reason": "Outage on 3 June."}
    assert office.post("/supervision/extensions/for-all/", values).status_code == 302
    assert office.post("/supervision/extensions/for-all/", values).status_code == 422
    assert Extension.objects.count() == 1
    assert due(borealis) == end_of_day(LATER)
