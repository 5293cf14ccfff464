"""Messages to an organisation's own system: signed, sent once each, tried again, given up, told."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from portal.accounts.models import Organisation, User
from portal.contact.domain.patience import WAITS
from portal.contact.models import HOOK_TEST, HookEvent, HookMessage, HookOutcome, Webhook
from portal.contact.services import hook_messages, webhooks
from portal.core import clock
from portal.core.errors import Refused
from portal.core.models import Outbox
from tests.conftest import acting
from tests.portal.contact.post import deliver, perform_owed
from tests.portal.contact.receiver import Receiver, receiving, says

ALL = HookEvent.values


class Now:
    """A clock that the test moves."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment = datetime.fromisoformat("2026-06-05T10:00:00+08:00")
        patch.setattr(clock, "now", lambda: self.moment)

    def after(self, wait: timedelta) -> None:
        self.moment += wait


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    return Now(monkeypatch)


@pytest.fixture
def loopback(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]


def hooked(ada: User, receiver: Receiver, *events: str, secret: str = "") -> tuple[Webhook, str]:
    return webhooks.add(
        by=acting(ada), url=receiver.url(host="127.0.0.1"), events=events or ALL, secret=secret
    )


def announced(of: Organisation, key: str = "k1", **data: Any) -> int:
    return hook_messages.announce(event="filing.received", key=key, told={of.pk: data})


def marks(secret: str, header: str, body: bytes) -> bool:
    """Whether one of the header's signatures is this secret's."""
    parts = [part.split("=", 1) for part in header.split(",")]
    moment = next(value for name, value in parts if name == "t")
    right = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return right in [value for name, value in parts if name == "v1"]


def test_an_event_is_sent_signed_and_taken(ada: User, aurora: Organisation, loopback: None, now: Now) -> None:
    with receiving() as receiver:
        webhook, secret = hooked(ada, receiver)
        announced(aurora, filing=7)
        perform_owed()
    ((headers, body),) = receiver.came
    said = json.loads(body)
    assert (said["event"], said["organisation"], said["data"]) == (
        "filing.received",
        aurora.uscc,
        {"filing": 7},
    )
    assert said["id"] == headers["Lodestone-Event-Id"]
    assert headers["Lodestone-Event"] == "filing.received"
    assert headers["Lodestone-Signature"].startswith(f"t={int(now.moment.timestamp())},v1=")
    assert marks(secret, headers["Lodestone-Signature"], body)
    assert not marks("whsec_of-somebody-else-entirely", headers["Lodestone-Signature"], body)
    message = webhook.messages.get()
    assert (message.outcome, message.status, message.attempts) == (HookOutcome.TAKEN, 204, 1)


def test_the_secret_is_in_no_column(ada: User, loopback: None) -> None:
    with receiving() as receiver:
        webhook, secret = hooked(ada, receiver)
    webhook.refresh_from_db()
    assert secret not in str(vars(webhook))


def test_an_event_announced_twice_is_one_message(ada: User, aurora: Organisation, loopback: None) -> None:
    with receiving() as receiver:
        hooked(ada, receiver)
        assert (announced(aurora), announced(aurora), announced(aurora, "k2")) == (1, 0, 1)
        perform_owed()
    assert len(receiver.came) == 2


def test_a_task_that_runs_twice_sends_once(ada: User, aurora: Organisation, loopback: None) -> None:
    with receiving() as receiver:
        hooked(ada, receiver)
        announced(aurora)
        message = HookMessage.objects.get()
        hook_messages.send(message.pk)
        hook_messages.send(message.pk)
    assert len(receiver.came) == 1


def test_only_what_was_chosen_is_sent(ada: User, aurora: Organisation, loopback: None) -> None:
    with receiving() as receiver:
        hooked(ada, receiver, "question.asked")
        assert announced(aurora) == 0


def test_another_organisation_is_told_nothing(ada: User, borealis: Organisation, loopback: None) -> None:
    with receiving() as receiver:
        hooked(ada, receiver)
        assert announced(borealis) == 0


def test_where_nobody_listens_one_query_is_asked(
    aurora: Organisation, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        announced(aurora)


def test_who_refuses_then_takes_gets_it_again_after_a_while(
    ada: User, aurora: Organisation, loopback: None, now: Now
) -> None:
    with receiving() as receiver:
        webhook, _secret = hooked(ada, receiver)
        receiver.answer = says("503 Service Unavailable", words=b"later")
        announced(aurora)
        perform_owed()
        message = webhook.messages.get()
        assert (message.outcome, message.status, message.fault) == (HookOutcome.WAITING, 503, "refused")
        assert message.answer == "later"
        assert message.next_try_at == now.moment + WAITS[0]
        perform_owed()  # not due yet
        assert len(receiver.came) == 1
        again = Outbox.objects.get(due_at=now.moment + WAITS[0])
        assert (again.task, again.argument) == (hook_messages.TASK, message.pk)
        now.after(WAITS[0])
        receiver.answer = says("200 OK")
        hook_messages.send(message.pk)
    message.refresh_from_db()
    assert (message.outcome, message.attempts) == (HookOutcome.TAKEN, 2)
    first, second = receiver.came
    assert first[1] == second[1]
    assert first[0]["Lodestone-Event-Id"] == second[0]["Lodestone-Event-Id"]
    assert first[0]["Lodestone-Signature"] != second[0]["Lodestone-Signature"]


@pytest.mark.parametrize(("status", "fault"), [("404 Not Found", "refused"), ("301 Moved", "redirect")])
def test_a_refusal_or_a_redirect_is_no_taking(
    ada: User, aurora: Organisation, loopback: None, status: str, fault: str
) -> None:
    with receiving() as receiver:
        webhook, _secret = hooked(ada, receiver)
        receiver.answer = says(status, "Location: http://169.254.169.254/")
        announced(aurora)
        perform_owed()
    message = webhook.messages.get()
    assert (message.outcome, message.fault) == (HookOutcome.WAITING, fault)


@pytest.mark.holds("webhooks-no-private-networks")
def test_without_the_setting_nothing_reaches_this_machine(
    ada: User, aurora: Organisation, settings: Any
) -> None:
    with receiving() as receiver:
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
        webhook, _secret = hooked(ada, receiver)
        settings.WEBHOOK_NETWORKS = []
        announced(aurora)
        perform_owed()
    assert not receiver.came
    assert webhook.messages.get().fault == "not_https"
    with pytest.raises(Refused) as refused:
        webhooks.add(by=acting(ada), url="https://127.0.0.1/", events=ALL)
    assert refused.value.code == "address_not_public"


def test_after_three_days_it_is_given_up_and_who_keeps_it_is_told_and_after_seven_it_is_stopped(
    ada: User, alma: User, aurora: Organisation, loopback: None, now: Now
) -> None:
    with receiving() as receiver:
        webhook, _secret = hooked(ada, receiver)
        receiver.answer = says("500 Oops")
        tried_to_the_end(aurora, "k1", now)
        webhook.refresh_from_db()
        assert webhook.state == "failing"
        assert [letter.to for letter in deliver()] == [[ada.email]]
        now.after(timedelta(days=7))
        tried_to_the_end(aurora, "k2", now)
        webhook.refresh_from_db()
        assert webhook.state == "disabled"
        (letter,) = deliver()
        assert letter.to == [ada.email]
        assert f"/webhooks/{webhook.pk}/" in letter.body
        assert announced(aurora, "k3") == 0
    assert sum(WAITS, timedelta()) < timedelta(days=3)
    assert len(mail.outbox) == 2


def tried_to_the_end(of: Organisation, key: str, now: Now) -> None:
    announced(of, key)
    message = HookMessage.objects.order_by("-pk")[0]
    for wait in (*WAITS, timedelta()):
        hook_messages.send(message.pk)
        now.after(wait)
    message.refresh_from_db()
    assert (message.outcome, message.attempts) == (HookOutcome.GIVEN_UP, len(WAITS) + 1)


def test_one_message_taken_ends_the_failing(
    ada: User, aurora: Organisation, loopback: None, now: Now
) -> None:
    with receiving() as receiver:
        webhook, _secret = hooked(ada, receiver)
        Webhook.objects.update(failing_since=now.moment)
        announced(aurora)
        perform_owed()
    webhook.refresh_from_db()
    assert webhook.state == "active"


def test_a_new_secret_signs_at_once_and_the_former_one_for_a_day(
    ada: User, aurora: Organisation, loopback: None, now: Now
) -> None:
    with receiving() as receiver:
        webhook, former = hooked(ada, receiver)
        _webhook, secret = webhooks.rotate(by=acting(ada), webhook_id=webhook.pk)
        announced(aurora, "k1")
        perform_owed()
        now.after(timedelta(hours=25))
        announced(aurora, "k2")
        perform_owed()
    (during, body), (after, later) = receiver.came
    assert marks(secret, during["Lodestone-Signature"], body)
    assert marks(former, during["Lodestone-Signature"], body)
    assert marks(secret, after["Lodestone-Signature"], later)
    assert not marks(former, after["Lodestone-Signature"], later)


def test_what_happens_during_a_pause_is_sent_afterwards(
    ada: User, aurora: Organisation, loopback: None
) -> None:
    with receiving() as receiver:
        webhook, _secret = hooked(ada, receiver)
        webhooks.pause(by=acting(ada), webhook_id=webhook.pk)
        announced(aurora)
        perform_owed()
        assert not receiver.came
        webhooks.resume(by=acting(ada), webhook_id=webhook.pk)
        perform_owed()
    assert len(receiver.came) == 1


def test_what_was_removed_is_told_nothing_and_stands_again_when_restored(
    ada: User, aurora: Organisation, loopback: None
) -> None:
    with receiving() as receiver:
        webhook, _secret = hooked(ada, receiver)
        announced(aurora, "k1")
        webhooks.remove(by=acting(ada), webhook_id=webhook.pk)
        announced(aurora, "k2")
        perform_owed()
        assert not receiver.came
        webhooks.restore(by=acting(ada), webhook_id=webhook.pk)
        announced(aurora, "k3")
        perform_owed()
    assert len(receiver.came) == 1


def test_a_message_can_be_sent_again_and_a_test_sent(ada: User, aurora: Organisation, loopback: None) -> None:
    with receiving() as receiver:
        webhook, _secret = hooked(ada, receiver, "filing.received")
        announced(aurora)
        perform_owed()
        webhooks.send_again(by=acting(ada), webhook_id=webhook.pk, message_id=webhook.messages.get().pk)
        webhooks.send_test(by=acting(ada), webhook_id=webhook.pk)
        perform_owed()
    first, second, test = receiver.came
    assert first[1] == second[1]
    assert (test[0]["Lodestone-Event"], json.loads(test[1])["data"]) == (HOOK_TEST, {})


def test_old_messages_are_forgotten_but_not_what_waits(
    ada: User, aurora: Organisation, loopback: None, now: Now
) -> None:
    with receiving() as receiver:
        hooked(ada, receiver)
        announced(aurora, "k1")
        perform_owed()
        announced(aurora, "k2")
        now.after(hook_messages.KEPT + timedelta(days=1))
        assert hook_messages.prune() == 1
    assert HookMessage.objects.get().outcome == HookOutcome.WAITING


def test_secrets_are_encrypted_anew_when_the_key_changes(
    ada: User, aurora: Organisation, loopback: None, settings: Any
) -> None:
    with receiving() as receiver:
        webhook, secret = hooked(ada, receiver)
        webhooks.rotate(by=acting(ada), webhook_id=webhook.pk)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
        assert webhooks.rekey(by=acting(ada)) == 1
        settings.SECRET_KEY_FALLBACKS = []
        announced(aurora)
        perform_owed()
    ((headers, body),) = receiver.came
    assert marks(secret, headers["Lodestone-Signature"], body)


def test_a_system_has_ten_webhooks_at_most(ada: User, loopback: None) -> None:
    with receiving() as receiver:
        for _number in range(webhooks.MOST):
            hooked(ada, receiver)
        with pytest.raises(Refused) as refused:
            hooked(ada, receiver)
    assert refused.value.code == "too_many_webhooks"


def test_only_an_administrator_keeps_them(alma: User) -> None:
    with pytest.raises(Refused) as refused:
        webhooks.add(by=acting(alma), url="https://erp.aurora.example/", events=ALL)
    assert refused.value.code == "not_permitted"
