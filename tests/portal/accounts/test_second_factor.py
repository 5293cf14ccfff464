"""Setting up, taking away and asking again for the second factor."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from portal.accounts.models import Organisation, User
from portal.accounts.reauthentication import require_recent, require_second_factor
from portal.audit.models import Event
from portal.config.urls import urlpatterns as real_urlpatterns
from portal.core.permissions import Permission, allow
from tests import factories
from tests.conftest import signed_in, with_second_factor
from tests.factories import PASSWORD
from tests.portal.accounts.test_sign_in import code_now, give_password


def code_of_secret(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@allow(Permission.SIGNED_IN)
@require_second_factor
@require_recent
def sign_something(request):
    return HttpResponse(f"signed {request.POST.get('period', '')} by {request.actor.user.username}")


urlpatterns = [path("test/sign/", sign_something, name="sign_something"), *real_urlpatterns]
handler404 = "portal.core.error_pages.not_found"


@pytest.fixture
def signing(settings):
    settings.ROOT_URLCONF = __name__
    return "/test/sign/"


def set_up(client: Client):
    """Open the page of the set-up and type the code that an app would show."""
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = client.session[SECRET_SESSION_KEY]
    assert secret in page.content.decode()
    return client.post(reverse("mfa_activate_totp"), {"code": code_of_secret(secret)})


@pytest.mark.holds("second-factor")
def test_a_reviewer_reaches_nothing_before_the_second_factor(
    office: Organisation, django_capture_on_commit_callbacks
) -> None:
    factories.user("hugo", (office, "reviewer"))
    client = Client()
    give_password(client, "hugo")
    assert client.get(reverse("account_page"))["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("usersessions_list"))["Location"] == reverse("mfa_activate_totp")
    with django_capture_on_commit_callbacks(execute=True):
        answer = set_up(client)
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(answer["Location"])
    assert len(codes.context["unused_codes"]) == 10
    assert client.get(reverse("account_page")).status_code == 200
    assert Event.objects.filter(verb="account.second_factor_added").count() == 1


def test_a_wrong_first_code_sets_nothing_up(alma: User) -> None:
    client = Client()
    give_password(client, "alma")
    client.get(reverse("mfa_activate_totp"))
    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "This code is not right" in answer.content.decode()
    assert not Authenticator.objects.filter(user=alma).exists()


def test_setting_up_long_after_signing_in_asks_for_the_password(alma: User) -> None:
    client = signed_in(alma)
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))


def test_the_picture_is_a_data_uri(alma: User) -> None:
    client = Client()
    give_password(client, "alma")
    assert 'src="data:image/svg+xml;base64,' in client.get(reverse("mfa_activate_totp")).content.decode()


@pytest.mark.holds("second-factor")
def test_a_certifier_keeps_the_second_factor(bruno: User) -> None:
    client = signed_in(bruno)
    again(client)
    page = client.get(reverse("mfa_deactivate_totp"))
    assert "cannot be taken away" in page.content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=bruno, type="totp").exists()


def test_a_preparer_may_take_it_away_after_proving_who_she_is(alma: User) -> None:
    client = Client()
    give_password(client, "alma")
    set_up(client)
    Authenticator.objects.filter(user=alma).update(created_at=timezone.now() - timedelta(minutes=6))
    assert client.post(reverse("mfa_deactivate_totp"))["Location"].startswith(
        reverse("account_reauthenticate")
    )
    again(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=alma).exists(), "the recovery codes go with it"
    assert Event.objects.filter(verb="account.second_factor_removed", actor_id=alma.pk).exists()


def again(client: Client, **more: str):
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD, **more})


def test_codes_are_made_anew_and_downloaded(bruno: User, django_capture_on_commit_callbacks) -> None:
    client = signed_in(bruno)
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    again(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    shown = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    download = client.get(reverse("mfa_download_recovery_codes"))
    assert download["Content-Disposition"].startswith("attachment")
    assert all(code in download.content.decode() for code in shown)
    assert Event.objects.filter(verb="account.recovery_codes_made", actor_id=bruno.pk).count() == 1


def test_the_second_factor_page_shows_what_is_set_up(alma: User, bruno: User) -> None:
    assert "None is set up" in signed_in(alma).get(reverse("mfa_index")).content.decode()
    assert "Set up on" in signed_in(bruno).get(reverse("mfa_index")).content.decode()


@pytest.mark.holds("second-factor")
def test_signing_asks_for_proof_and_loses_nothing(bruno: User, signing: str) -> None:
    client = signed_in(bruno)
    interrupted = client.post(signing, {"period": "2026-05"})
    assert interrupted["Location"] == f"{reverse('account_reauthenticate')}?next=%2Ftest%2Fsign%2F"
    assert client.get(interrupted["Location"]).status_code == 200
    answer = again(client, next=signing)
    assert answer.content == b"signed 2026-05 by bruno"
    assert client.post(signing, {"period": "2026-06"}).content == b"signed 2026-06 by bruno", (
        "for five minutes"
    )


def test_proof_is_old_after_five_minutes(bruno: User, signing: str, settings) -> None:
    client = signed_in(bruno)
    client.post(signing)
    again(client, next=signing)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert client.post(signing).status_code == 302


@pytest.mark.holds("second-factor")
def test_a_fresh_sign_in_is_no_proof_for_signing(bruno: User, signing: str) -> None:
    client = Client()
    give_password(client, "bruno")
    client.post(reverse("mfa_authenticate"), {"code": code_now(bruno)})
    assert client.post(signing).status_code == 302


def test_a_wrong_password_proves_nothing(bruno: User, signing: str) -> None:
    client = signed_in(bruno)
    client.post(signing, {"period": "2026-05"})
    answer = client.post(reverse("account_reauthenticate"), {"password": "something else", "next": signing})
    assert "This is not your present password" in answer.content.decode()
    assert client.post(signing).status_code == 302


def test_a_code_of_the_app_is_proof_too(bruno: User, signing: str) -> None:
    client = signed_in(bruno)
    client.post(signing, {"period": "2026-05"})
    page = client.get(f"{reverse('mfa_reauthenticate')}?next={signing}")
    assert "Use your password" in page.content.decode()
    answer = client.post(reverse("mfa_reauthenticate"), {"code": code_now(bruno), "next": signing})
    assert answer.content == b"signed 2026-05 by bruno"


@pytest.mark.holds("second-factor")
def test_a_certifier_without_a_second_factor_is_sent_to_set_it_up_and_comes_back(
    aurora: Organisation, signing: str
) -> None:
    factories.user("clara", (aurora, "certifier"))
    client = Client()
    give_password(client, "clara")
    assert client.get(signing)["Location"] == reverse("mfa_activate_totp")
    codes = client.get(set_up(client)["Location"])
    assert codes.context["go_on"] == signing
    assert client.get(signing)["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.holds("second-factor")
def test_reference_data_has_no_way_in_of_its_own(alma: User) -> None:
    root = User.objects.create_superuser("root", "root@example.test", PASSWORD)
    stranger = Client()
    assert stranger.get("/admin/", follow=True).redirect_chain[-1][0] == "/sign-in/?next=/admin/"
    answer = stranger.post("/admin/login/", {"username": "root", "password": PASSWORD})
    assert answer["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in stranger.session
    assert signed_in(alma).get("/admin/login/").status_code == 403
    unprotected = signed_in(root)
    for url in ("/admin/", "/admin/login/", "/admin/accounts/user/", reverse("account_page")):
        assert unprotected.get(url)["Location"] == reverse("mfa_activate_totp"), (
            "the password alone opens nothing"
        )
    with_second_factor(root)
    assert unprotected.get("/admin/").status_code == 200
