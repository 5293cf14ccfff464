"""Signing in, out, and what is asked on the way."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.models import Event
from tests.conftest import signed_in
from tests.factories import PASSWORD


def code_now(person: User, step: int = 0) -> str:
    """What the person's authenticator app shows (``step`` half minutes from now)."""
    secret = decrypt(Authenticator.objects.get(user=person, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def give_password(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def test_alma_signs_in_with_her_user_name(alma: User) -> None:
    client = Client()
    answer = give_password(client, "alma")
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.get(reverse("account_page")).status_code == 200
    assert Event.objects.filter(verb="account.signed_in", actor_id=alma.pk).count() == 1


def test_alma_signs_in_with_her_address_however_it_is_spelt(alma: User) -> None:
    client = Client()
    assert give_password(client, "Alma@Example.Test").status_code == 302
    assert client.get(reverse("account_page")).status_code == 200


@pytest.mark.holds("users-answered-alike")
@pytest.mark.parametrize("login", ["alma", "alma@example.test", "nobody", "nobody@example.test"])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(alma: User, login: str) -> None:
    answer = give_password(Client(), login, "something else entirely")
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == [
        "No account has this name and password together. Check both, or choose a new password."
    ]


@pytest.mark.holds("users-answered-alike")
def test_a_closed_account_is_told_so_only_to_who_knows_its_password(alma: User) -> None:
    User.objects.filter(pk=alma.pk).update(is_active=False)
    assert give_password(Client(), "alma")["Location"] == reverse("account_inactive")
    assert give_password(Client(), "alma", "a wrong password").status_code == 200


@pytest.mark.holds("no-open-redirect")
def test_sign_in_goes_on_where_one_wanted_to_but_never_to_another_site(alma: User) -> None:
    assert give_password(Client(), "alma", next="/people/")["Location"] == "/people/"
    assert give_password(Client(), "alma", next="https://elsewhere.example/")["Location"] == "/"


@pytest.mark.holds("second-factor")
def test_a_second_factor_is_asked_for_before_anything_else(bruno: User) -> None:
    client = Client()
    assert give_password(client, "bruno")["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("account_page")).status_code == 302, "the password alone opens nothing"
    answer = client.post(reverse("mfa_authenticate"), {"code": code_now(bruno)})
    assert answer["Location"] == "/"
    assert client.get(reverse("account_page")).status_code == 200


def test_a_wrong_code_is_refused(bruno: User) -> None:
    client = Client()
    give_password(client, "bruno")
    answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This code is not right" in answer.content.decode()
    assert client.get(reverse("account_page")).status_code == 302


@pytest.mark.holds("single-use-codes")
def test_a_code_serves_once_even_when_written_with_a_blank(bruno: User) -> None:
    code = code_now(bruno, step=1)
    first, second = Client(), Client()
    give_password(first, "bruno")
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    give_password(second, "bruno")
    again = second.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})
    assert again.status_code == 200
    assert "used already" in again.content.decode()


@pytest.mark.holds("single-use-codes")
def test_a_recovery_code_lets_in_once_and_is_told(bruno: User) -> None:
    code = RecoveryCodes.activate(bruno).get_unused_codes()[0]
    first, second = Client(), Client()
    give_password(first, "bruno")
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert Event.objects.filter(verb="account.recovery_code_used", actor_id=bruno.pk).exists()
    give_password(second, "bruno")
    assert second.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_secrets_of_second_factors_are_kept_encrypted(bruno: User) -> None:
    kept = Authenticator.objects.get(user=bruno, type="totp").data["secret"]
    assert len(decrypt(kept)) == 32
    assert decrypt(kept) not in kept


@pytest.mark.holds("sessions-new-id")
def test_the_session_has_another_id_after_signing_in(alma: User) -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": "zh-hans"})
    before = client.session.session_key
    give_password(client, "alma")
    assert before
    assert client.session.session_key != before


@pytest.mark.holds("sessions-end")
def test_signing_out_ends_the_session_for_good(alma: User) -> None:
    client = Client()
    give_password(client, "alma")
    cookie = client.cookies["sessionid"].value
    assert client.get(reverse("account_logout")).status_code == 200, "a GET changes nothing"
    client.post(reverse("account_logout"))
    client.cookies["sessionid"] = cookie
    assert client.get(reverse("account_page")).status_code == 302


@pytest.mark.holds("sessions-limits")
def test_a_session_without_a_request_for_half_an_hour_is_over(alma: User, settings) -> None:
    client = Client()
    give_password(client, "alma")
    assert client.get(reverse("account_page")).status_code == 200
    settings.LODESTONE_CLOCK_OFFSET = 1_790
    assert client.get(reverse("account_page")).status_code == 200
    settings.LODESTONE_CLOCK_OFFSET = 1_790 + 1_810
    answer = client.get(reverse("account_page"), follow=True)
    assert "You were signed out to protect your account" in answer.content.decode()


@pytest.mark.holds("sessions-limits")
def test_a_session_is_over_after_twelve_hours_however_busy(alma: User, settings) -> None:
    client = Client()
    give_password(client, "alma")
    for minutes in range(0, 12 * 60, 20):
        settings.LODESTONE_CLOCK_OFFSET = minutes * 60
        assert client.get(reverse("account_page")).status_code == 200
    settings.LODESTONE_CLOCK_OFFSET = 12 * 3600 + 60
    assert client.get(reverse("account_page")).status_code == 302


@pytest.mark.holds("disabling-acts-at-once")
def test_a_closed_account_is_out_at_the_next_request(alma: User) -> None:
    client = signed_in(alma)
    assert client.get(reverse("account_page")).status_code == 200
    User.objects.filter(pk=alma.pk).update(is_active=False)
    assert client.get(reverse("account_page")).status_code == 302


def test_the_language_of_the_account_holds_in_any_browser(alma: User) -> None:
    User.objects.filter(pk=alma.pk).update(language="zh-hans")
    client = Client()
    give_password(client, "alma")
    assert 'lang="zh-hans"' in client.get(reverse("account_page")).content.decode()


def test_a_language_chosen_on_the_way_in_becomes_the_accounts(alma: User) -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": "zh-hans"})
    give_password(client, "alma")
    alma.refresh_from_db()
    assert alma.language == "zh-hans"


def test_a_language_chosen_later_sticks_to_the_account(alma: User) -> None:
    client = signed_in(alma)
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "/account/"})
    alma.refresh_from_db()
    assert alma.language == "zh-hans"
    assert 'lang="zh-hans"' in signed_in(alma).get(reverse("account_page")).content.decode()


def test_a_language_that_is_none_changes_nothing(alma: User) -> None:
    signed_in(alma).post(reverse("set_language"), {"language": "xx"})
    alma.refresh_from_db()
    assert alma.language == "en"


def test_nobody_signs_up_by_themselves(db: None) -> None:
    assert Client().get("/sign-up/").status_code == 404
