"""Mail: owed once, worded for its reader, tried again, sent once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from portal.accounts.models import Organisation, User
from portal.accounts.services import invitations
from portal.audit.services import record
from portal.contact.models import Message
from portal.contact.services import mail as post
from portal.contact.tasks import tell_account_secured
from tests import factories
from tests.conftest import acting

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "emails"


def owe(reader: User, key: str = "a-key", **values: object) -> None:
    post.send(template="recovery_decided", to=reader, values={"done": True, **values}, key=key)


def test_a_mail_is_sent_once(alma: User) -> None:
    owe(alma)
    assert post.send_owed() == 1
    assert post.send_owed() == 0
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["alma@example.test"], "Your second factor was taken away")
    assert letter.body.startswith("Dear Alma,\n\n")
    assert "http://localhost:8000/sign-in/" in letter.body
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_same_key_is_owed_once(alma: User) -> None:
    owe(alma)
    owe(alma)
    assert Message.objects.count() == 1


def test_a_promise_falls_with_its_transaction(alma: User) -> None:
    with transaction.atomic():
        owe(alma)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_it_is_worded_in_the_language_that_the_reader_has_when_it_is_sent(alma: User) -> None:
    owe(alma)
    User.objects.filter(pk=alma.pk).update(language="zh-hans")
    letter = post.compose(Message.objects.get())
    assert letter.subject == "您的第二验证因素已解除"


def test_who_has_no_account_gets_the_language_given(aurora: Organisation) -> None:
    post.send(
        template="recovery_decided",
        to=None,
        address="x@example.test",
        language="zh-hans",
        values={"done": True},
        key="k",
    )
    post.send_owed()
    assert mail.outbox[0].to == ["x@example.test"]
    assert "您好" in mail.outbox[0].body


def test_one_that_fails_keeps_nobody_waiting_and_is_tried_again_later(
    alma: User, bruno: User, settings, caplog: pytest.LogCaptureFixture
) -> None:
    post.send(template="no_such_template", to=alma, values={}, key="broken")
    owe(bruno, "whole")
    assert post.send_owed() == 1
    broken = Message.objects.get(key="broken")
    assert (broken.sent_at, broken.attempts) == (None, 1)
    assert post.send_owed() == 0, "not before its time"
    settings.LODESTONE_CLOCK_OFFSET = 300
    assert post.send_owed() == 0
    broken.refresh_from_db()
    assert broken.attempts == 2


def test_a_message_is_given_up_after_ten_attempts(alma: User) -> None:
    owe(alma)
    Message.objects.update(attempts=10)
    assert post.send_owed() == 0


def test_a_message_that_another_sender_has_in_hand_is_left_alone(
    alma: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(alma)
    taken = Message.objects.get()
    assert post._claim(Message.objects.get())
    assert not post._claim(taken)
    assert post.send_owed() == 0
    assert not mail.outbox


def test_a_mail_server_that_is_away_costs_no_attempt(alma: User, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def open(self) -> None:
            raise ConnectionRefusedError

    owe(alma)
    monkeypatch.setattr(post, "get_connection", Away)
    assert post.send_owed() == 0
    assert Message.objects.get().attempts == 0


def test_a_killed_senders_message_is_sent_by_the_next(alma: User, settings) -> None:
    owe(alma)
    post._claim(Message.objects.get())
    settings.LODESTONE_CLOCK_OFFSET = 130
    assert post.send_owed() == 1


def test_a_retry_carries_the_same_message_id(alma: User, monkeypatch: pytest.MonkeyPatch) -> None:
    owe(alma)
    message = Message.objects.get()
    connection = post.get_connection()
    for _ in range(2):
        post._deliver(message, post.compose(message), connection)
    first, second = (letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert first == second


def test_lines_are_short_and_links_whole(alma: User) -> None:
    for template, values in (("recovery_asked", {}), ("recovery_decided", {"done": False})):
        post.send(template=template, to=alma, values=values, key=template)
        text = post.compose(Message.objects.get(key=template)).text
        assert all(len(line) <= 76 for line in text.splitlines() if "://" not in line)
        assert "\n\n\n" not in text


def test_apostrophes_and_signs_arrive_as_written(aurora: Organisation) -> None:
    person = factories.user("ona", (aurora, "preparer"), last_name="O'Brien & <Sons>")
    owe(person)
    assert "Dear Ona O'Brien & <Sons>," in post.compose(Message.objects.get()).text


def test_a_subject_is_one_line_whatever_it_holds(ada: User) -> None:
    Organisation.objects.update(name_en="Evil\nBcc: everybody@example.test")
    invitation = invitations.invite(by=acting(ada), email="lina@example.test", roles=["preparer"])
    values = {"invitation": invitation.pk}
    post.send(template="invitation", to=None, address="lina@example.test", values=values, key="i")
    assert "\n" not in post.compose(Message.objects.get(key="i")).subject


def test_a_change_to_an_account_is_told_with_its_words_and_time(alma: User) -> None:
    event = record("account.password_changed", by=acting(alma), subject=("user", alma.pk))
    tell_account_secured(event.pk)
    tell_account_secured(event.pk)
    text = post.compose(Message.objects.get()).text
    assert "Password changed" in text
    assert "Beijing time" in text
    assert reverse("account_reset_password") in text


def test_every_template_has_a_subject_and_ends_with_the_footer() -> None:
    for path in sorted(TEMPLATES.glob("[a-z]*.txt")):
        text = path.read_text(encoding="utf-8")
        has_footer = "emails/_letter.txt" in text or "emails/_footer.txt" in text
        assert has_footer, path.name
        assert not re.search(r"\|\s*safe", text), path.name
