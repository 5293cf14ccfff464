"""Choosing another password: in the account, and by a link in a mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.audit.models import Event
from portal.contact.models import Message
from tests.conftest import signed_in
from tests.factories import PASSWORD
from tests.portal.accounts.test_sign_in import give_password
from tests.portal.contact.post import deliver

NEW = "seven-quiet-herons-fly"


def change(client: Client, new: str = NEW, old: str = PASSWORD):
    data = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), data)


@pytest.mark.holds("sessions-end")
@pytest.mark.holds("passwords")
@pytest.mark.holds("password-change")
def test_a_new_password_holds_and_ends_every_other_session(alma: User) -> None:
    here, elsewhere = Client(), Client()
    give_password(here, "alma")
    give_password(elsewhere, "alma")
    assert change(here)["Location"] == reverse("account_page")
    assert here.get(reverse("account_page")).status_code == 200
    assert elsewhere.get(reverse("account_page")).status_code == 302
    assert give_password(Client(), "alma").status_code == 200, "the old one opens nothing"
    assert give_password(Client(), "alma", NEW).status_code == 302
    assert Event.objects.filter(verb="account.password_changed", actor_id=alma.pk).count() == 1
    assert [row["here"] for row in here.get(reverse("usersessions_list")).context["rows"]].count(True) == 1


def test_the_owner_is_told_by_mail(alma: User) -> None:
    client = Client()
    give_password(client, "alma")
    change(client)
    [letter] = deliver()
    assert letter.subject == "A change to your account"
    assert "Password changed" in letter.body
    assert NEW not in letter.body


@pytest.mark.holds("passwords")
@pytest.mark.parametrize(
    ("new", "because"),
    [
        ("short", "too short"),
        ("password1234", "too common"),
        ("alma@example.test", "too similar"),
        ("aurora magnets!!", "organisation's name"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(alma: User, new: str, because: str) -> None:
    answer = change(signed_in(alma), new)
    assert answer.status_code == 200
    assert because in answer.content.decode().replace("&#x27;", "'")
    assert give_password(Client(), "alma").status_code == 302


@pytest.mark.holds("passwords")
def test_sixty_four_characters_and_more_are_allowed(alma: User) -> None:
    long = "correct horse battery staple " * 4
    assert change(signed_in(alma), long).status_code == 302
    assert give_password(Client(), "alma", long).status_code == 302


@pytest.mark.holds("passwords")
@pytest.mark.holds("password-change")
def test_the_present_password_is_asked_for(alma: User) -> None:
    answer = change(signed_in(alma), old="something else")
    assert "This is not your present password" in answer.content.decode()


def link_of(letter) -> str:
    return re.search(r"http://localhost:8000(/sign-in/password/\S+)", letter.body)[1]


def ask(address: str):
    return Client().post(reverse("account_reset_password"), {"email": address})


@pytest.mark.holds("invitations-resets-single-use")
def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(alma: User) -> None:
    client = signed_in(alma)
    assert ask("alma@example.test")["Location"] == reverse("account_reset_password_done")
    [letter] = deliver()
    assert letter.subject == "Choose a new password"
    link = link_of(letter)
    browser = Client()
    form = browser.get(link, follow=True)
    assert form.status_code == 200
    assert link not in form.request["PATH_INFO"], "the key leaves the address at once"
    answer = browser.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    assert browser.get(answer["Location"]).status_code == 200
    assert give_password(Client(), "alma", NEW).status_code == 302
    assert client.get(reverse("account_page")).status_code == 302, "sessions of before are over"
    assert "used already or has expired" in Client().get(link, follow=True).content.decode()


@pytest.mark.holds("invitations-resets-single-use")
def test_a_link_works_for_a_day(alma: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("alma@example.test")
    [letter] = deliver()
    now = timezone.localtime().replace(tzinfo=None)  # the generator counts in local time
    for hours, opens in ((23, True), (25, False)):
        moment = now + timedelta(hours=hours)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self, moment=moment: moment)
        page = Client().get(link_of(letter), follow=True).content.decode()
        assert ("used already or has expired" not in page) == opens


@pytest.mark.holds("second-factor")
def test_a_link_does_not_spare_the_second_factor(bruno: User) -> None:
    ask("bruno@example.test")
    [letter] = deliver()
    browser = Client()
    form = browser.get(link_of(letter), follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert browser.get(reverse("account_page")).status_code == 302
    assert give_password(browser, "bruno", NEW)["Location"] == reverse("mfa_authenticate")


@pytest.mark.holds("users-answered-alike")
def test_an_unknown_address_is_answered_the_same_and_gets_no_mail(alma: User) -> None:
    known, unknown = ask("alma@example.test"), ask("nobody@example.test")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    deliver()
    assert [letter.to for letter in mail.outbox] == [["alma@example.test"]]


def test_secrets_of_links_lie_in_no_table(alma: User) -> None:
    ask("alma@example.test")
    [letter] = deliver()
    key = link_of(letter).strip("/").rsplit("/", 1)[1]
    assert not [row for row in Message.objects.all() if key in str(row.values) or key in row.key]
