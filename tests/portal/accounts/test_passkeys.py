"""Passkeys: added, named, taken away; as second factor, as the way in, as proof; and what is none is refused in words."""

from __future__ import annotations

import copy
import json
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Organisation, User
from portal.accounts.queries import actor_of
from portal.accounts.services import recoveries
from portal.audit.models import Event
from tests import factories
from tests.conftest import signed_in
from tests.portal.accounts.passkey import Passkey, add, answer, options_on, sign_in
from tests.portal.accounts.test_second_factor import again, handler404, signing, urlpatterns
from tests.portal.accounts.test_sign_in import give_password
from tests.portal.contact.post import deliver

__all__ = [
    "handler404",
    "signing",
    "urlpatterns",
]  # the fixture, and the addresses that it adds, are by module
ADD, INDEX, LOGIN = "mfa_add_webauthn", "mfa_index", "account_login"


@pytest.fixture
def clara(aurora: Organisation) -> User:
    """A certifier whose only second factor is a passkey."""
    return with_passkey(factories.user("clara", (aurora, "certifier")))


def with_passkey(person: User, passkey: Passkey | None = None) -> User:
    client = Client()
    give_password(client, person.username)
    assert add(client, passkey or Passkey()).status_code == 302
    return person


def passkey_ids(person: User) -> list[int]:
    return list(
        Authenticator.objects.filter(user=person, type="webauthn").order_by("pk").values_list("pk", flat=True)
    )


@pytest.mark.holds("second-factor")
def test_a_reviewer_adds_a_passkey_in_place_of_an_app(office: Organisation) -> None:
    person = factories.user("hugo", (office, "reviewer"))
    client = Client()
    give_password(client, "hugo")
    assert client.get(reverse("account_page"))["Location"] == reverse("mfa_activate_totp")
    assert "Add a passkey instead" in client.get(reverse("mfa_activate_totp")).content.decode()
    assert add(client, Passkey())["Location"] == reverse("mfa_view_recovery_codes")
    assert len(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10
    assert client.get(reverse("account_page")).status_code == 200
    page = client.get(reverse(INDEX)).content.decode()
    assert "office computer" in page
    assert Event.objects.filter(verb="account.passkey_added", actor_id=person.pk).count() == 1
    [letter] = [letter for letter in deliver() if "Passkey added" in letter.body]
    assert letter.to == ["hugo@example.test"]


@pytest.mark.holds("second-factor")
def test_it_is_asked_for_after_the_password_and_opens_the_door(clara: User) -> None:
    client = Client()
    assert give_password(client, "clara")["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("account_page")).status_code == 302, "the password alone opens nothing"
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "Use your passkey" in page
    assert "Or a recovery code" in page
    assert answer(client, reverse("mfa_authenticate"), Passkey())["Location"] == "/"
    assert client.get(reverse("account_page")).status_code == 200
    assert "passkeys: 1" in client.get(reverse("account_page")).content.decode()


def test_who_has_none_is_not_asked_for_one(bruno: User) -> None:
    client = Client()
    give_password(client, "bruno")
    assert "Use your passkey" not in client.get(reverse("mfa_authenticate")).content.decode()


def test_a_passkey_that_asks_for_no_fingerprint_serves_beside_the_password(aurora: Organisation) -> None:
    plain = Passkey(2, verifies=False)
    with_passkey(factories.user("clara", (aurora, "certifier")), plain)
    client = Client()
    give_password(client, "clara")
    assert answer(client, reverse("mfa_authenticate"), plain)["Location"] == "/"


@pytest.mark.holds("second-factor")
def test_but_not_alone(aurora: Organisation) -> None:
    plain = Passkey(2, verifies=False)
    person = with_passkey(factories.user("clara", (aurora, "certifier")), plain)
    client = Client()
    assert sign_in(client, plain, person)["Location"] == reverse(LOGIN)
    assert client.get(reverse("account_page")).status_code == 302


def test_it_signs_in_without_a_name_or_a_password(clara: User) -> None:
    client = Client()
    assert sign_in(client, Passkey(), clara, next="/people/")["Location"] == "/people/"
    assert client.get(reverse("account_page")).status_code == 200
    assert Event.objects.filter(verb="account.signed_in", actor_id=clara.pk).count() == 2


@pytest.mark.holds("no-open-redirect")
def test_it_leads_to_no_other_site(clara: User) -> None:
    assert sign_in(Client(), Passkey(), clara, next="https://elsewhere.example/")["Location"] == "/"
    refused = sign_in(Client(), Passkey(9), clara, next="https://elsewhere.example/")
    assert refused["Location"] == reverse(LOGIN)


def test_a_refused_one_is_told_and_what_one_wanted_is_kept(clara: User) -> None:
    client = Client()
    refused = sign_in(client, Passkey(9), clara, next="/people/")
    assert refused["Location"] == f"{reverse(LOGIN)}?next=%2Fpeople%2F"
    assert "The passkey was not accepted" in client.get(refused["Location"]).content.decode()


@pytest.mark.holds("disabling-acts-at-once")
def test_a_closed_account_is_not_let_in(clara: User) -> None:
    User.objects.filter(pk=clara.pk).update(is_active=False)
    assert sign_in(Client(), Passkey(), clara)["Location"] == reverse("account_inactive")


@pytest.mark.holds("sessions-new-id")
def test_the_session_gets_another_number_when_one_is_added_and_when_one_signs_in(clara: User) -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": "en"})
    before = client.session.session_key
    sign_in(client, Passkey(), clara)
    between = client.session.session_key
    again(client)
    add(client, Passkey(2))
    assert len({before, between, client.session.session_key}) == 3
    rows = client.get(reverse("usersessions_list")).context["rows"]
    assert [row["here"] for row in rows].count(True) == 1, "the list of sessions follows"


@pytest.mark.holds("single-use-codes")
def test_an_answer_serves_once(clara: User) -> None:
    client, url = Client(), reverse("mfa_authenticate")
    give_password(client, "clara")
    said = json.dumps(Passkey().asked(options_on(client, url)))
    assert client.post(url, {"credential": said}).status_code == 302
    other = Client()
    give_password(other, "clara")
    options_on(other, url)
    assert other.post(url, {"credential": said}).status_code == 200
    assert other.get(reverse("account_page")).status_code == 302


def test_a_passkey_of_another_and_one_caught_by_a_false_page_are_refused(
    clara: User, aurora: Organisation
) -> None:
    with_passkey(factories.user("kurt", (aurora, "certifier")), Passkey(3))
    for passkey in (Passkey(3), Passkey(1, origin="https://lodestone.false.example")):
        client, url = Client(), reverse("mfa_authenticate")
        give_password(client, "clara")
        refused = answer(client, url, passkey)
        assert "The passkey was not accepted" in refused.content.decode()
        assert client.get(reverse("account_page")).status_code == 302


@pytest.mark.holds("second-factor")
def test_it_proves_who_signs_and_nothing_typed_is_lost(clara: User, signing: str) -> None:
    client = Client()
    sign_in(client, Passkey(), clara)
    client.post(signing, {"period": "2026-05"})
    url = f"{reverse('mfa_reauthenticate_webauthn')}?next={signing}"
    assert "Use your password" in client.get(url).content.decode()
    wrong = answer(client, url, Passkey(9), next=signing)
    assert "The passkey was not accepted" in wrong.content.decode()
    assert answer(client, url, Passkey(), next=signing).content == b"signed 2026-05 by clara"


@pytest.mark.holds("second-factor")
def test_a_sign_in_by_passkey_alone_is_no_proof_for_signing(clara: User, signing: str) -> None:
    client = Client()
    sign_in(client, Passkey(), clara)
    assert client.post(signing, {"period": "2026-05"}).status_code == 302


def test_the_last_one_of_a_certifier_stays_until_there_is_another(clara: User) -> None:
    client = signed_in(clara)
    again(client)
    [first] = passkey_ids(clara)
    url = reverse("passkey_remove", args=[first])
    assert "this is the only one" in client.get(url).content.decode()
    assert client.post(url).status_code == 409
    add(client, Passkey(2), "key at home")
    assert client.post(url)["Location"] == reverse(INDEX)
    assert passkey_ids(clara) != [first]
    assert Authenticator.objects.filter(user=clara, type="recovery_codes").exists()
    assert Event.objects.filter(verb="account.passkey_removed", actor_id=clara.pk).count() == 1


def test_with_a_passkey_the_app_may_go(bruno: User) -> None:
    client = signed_in(bruno)
    again(client)
    add(client, Passkey())
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse(INDEX)
    assert not Authenticator.objects.filter(user=bruno, type="totp").exists()


def test_it_is_renamed(clara: User) -> None:
    client = signed_in(clara)
    again(client)
    url = reverse("passkey_rename", args=passkey_ids(clara))
    assert 'value="office computer"' in client.get(url).content.decode()
    assert client.post(url, {"name": ""}).status_code == 422
    for _time in range(2):
        assert client.post(url, {"name": "telephone"})["Location"] == reverse(INDEX)
    assert "telephone" in client.get(reverse(INDEX)).content.decode()
    assert Event.objects.filter(verb="account.passkey_renamed", actor_id=clara.pk).count() == 1


@pytest.mark.parametrize("name", ["passkey_rename", "passkey_remove"])
def test_nobody_touches_anothers(name: str, clara: User, bruno: User) -> None:
    url = reverse(name, args=passkey_ids(clara))
    client = signed_in(bruno)
    again(client)
    assert (client.get(url).status_code, client.post(url, {"name": "mine"}).status_code) == (404, 404)
    assert len(passkey_ids(clara)) == 1


@pytest.mark.parametrize("name", ["passkey_rename", "passkey_remove", ADD])
def test_changing_them_asks_for_fresh_proof(name: str, clara: User) -> None:
    client = signed_in(clara)
    Authenticator.objects.filter(user=clara).update(created_at="2026-01-01T00:00:00Z")
    url = reverse(name, args=[] if name == ADD else passkey_ids(clara))
    assert client.post(url)["Location"].startswith(reverse("account_reauthenticate"))


def test_two_administrators_take_it_away_with_everything_else(
    clara: User, emil: User, office: Organisation
) -> None:
    second = factories.user("ella", (office, "administrator"))
    client = Client()
    sign_in(client, Passkey(), clara)
    request = recoveries.ask(by=actor_of(clara), login="clara", reason="telephone lost")
    for administrator in (emil, second):
        recoveries.agree(by=actor_of(administrator), recovery_id=request.pk)
    assert not Authenticator.objects.filter(user=clara).exists()
    assert client.get(reverse("account_page")).status_code == 302
    assert sign_in(Client(), Passkey(), clara)["Location"] == reverse(LOGIN)


def test_a_new_key_of_the_portal_leaves_it_working(clara: User, settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    call_command("rekey", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    assert sign_in(Client(), Passkey(), clara)["Location"] == "/"


def broken() -> list[object]:
    """Answers that are none, and such as are nearly one."""
    good = Passkey().asked({"publicKey": {"rpId": "localhost", "challenge": b"x" * 32}})
    odd: list[object] = [
        "",
        "x",
        "null",
        "7",
        "[]",
        "{}",
        '{"response": null}',
        "[" * 5_000,
        '"' + "a" * 30_000 + '"',
        '{"a": NaN}',
    ]
    odd += [
        json.dumps(good | {key: value})
        for key in ("type", "id", "rawId", "response")
        for value in (None, 7, "", "é", [], {})
    ]
    for key in ("clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"):
        for value in (None, 7, "", "AAAA", "é", "_" * 400, []):
            changed = copy.deepcopy(good)
            changed["response"][key] = value
            odd.append(json.dumps(changed))
    return odd


def test_whatever_a_stranger_sends_is_refused_in_words(clara: User) -> None:
    stranger, half_in, inside = Client(), Client(), signed_in(clara)
    give_password(half_in, "clara")
    again(inside)
    doors = [
        (stranger, reverse("mfa_login_webauthn"), {302}),
        (half_in, reverse("mfa_authenticate"), {200}),
        (inside, reverse("mfa_reauthenticate_webauthn"), {200}),
        (inside, reverse(ADD), {200}),
    ]
    for client, url, expected in doors:
        client.get(url, headers={"Accept": "application/json"})
        for said in broken() if client is stranger else broken()[::4]:
            answered = client.post(url, {"credential": said, "name": "odd"})
            assert answered.status_code in expected, (url, said)
    assert len(passkey_ids(clara)) == 1
    assert stranger.get(reverse("account_page")).status_code == 302
