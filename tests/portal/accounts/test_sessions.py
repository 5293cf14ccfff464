"""Sessions: a new number at each step of signing in, limits that lose nothing, and rights that act at the next request."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Organisation, User
from portal.accounts.queries import actor_of
from portal.accounts.services import members
from reporting.models import Kind, Line
from tests import factories
from tests.conftest import signed_in
from tests.portal.accounts.test_second_factor import set_up
from tests.portal.accounts.test_sign_in import code_now, give_password


@pytest.mark.holds("sessions-new-id")
def test_the_number_changes_at_the_password_at_the_code_and_at_setting_up(bruno: User, alma: User) -> None:
    client, seen = Client(), []
    client.post(reverse("set_language"), {"language": "en"})
    seen.append(client.session.session_key)
    give_password(client, "bruno")
    seen.append(client.session.session_key)
    client.post(reverse("mfa_authenticate"), {"code": code_now(bruno)})
    seen.append(client.session.session_key)
    other = Client()
    give_password(other, "alma")
    seen.append(other.session.session_key)
    set_up(other)
    seen.append(other.session.session_key)
    assert len(set(seen)) == len(seen) == 5
    assert other.get(reverse("account_page")).status_code == 200
    assert [row["here"] for row in other.get(reverse("usersessions_list")).context["rows"]] == [True]


@pytest.mark.holds("sessions-new-id")
def test_a_session_planted_before_signing_in_is_worth_nothing(bruno: User) -> None:
    """Whoever put their own session into Bruno's browser holds neither his session nor his half-done sign-in."""
    planted = Client()
    planted.post(reverse("set_language"), {"language": "en"})
    key = planted.session.session_key
    victim = Client()
    victim.cookies["sessionid"] = key
    give_password(victim, "bruno")
    assert planted.get(reverse("mfa_authenticate"))["Location"] == reverse("account_login")
    victim.post(reverse("mfa_authenticate"), {"code": code_now(bruno)})
    assert planted.get(reverse("account_page")).status_code == 302


@pytest.mark.holds("sessions-limits")
def test_what_was_saved_is_there_after_a_session_ended_by_itself(
    alma: User, aurora: Organisation, settings
) -> None:
    client = Client()
    give_password(client, "alma")
    product = factories.product(aurora)
    draft = factories.filing(aurora, created_by=alma)
    factories.line(draft, 1, Kind.OPENING, product, "20")
    url = reverse("filing_view", args=[draft.pk])
    assert client.get(url).status_code == 200
    settings.LODESTONE_CLOCK_OFFSET = 1_801
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    answer = give_password(client, "alma", next=url)
    assert answer["Location"] == url
    assert client.get(url).status_code == 200
    assert Line.objects.filter(filing=draft).count() == 1


@pytest.mark.holds("disabling-acts-at-once")
def test_a_role_taken_away_is_gone_at_the_next_request(ada: User, alma: User) -> None:
    client = signed_in(alma)
    assert client.get("/products/add/").status_code == 200
    members.set_roles(by=actor_of(ada), user_id=alma.pk, roles=["organisation_administrator"])
    assert client.get("/products/add/").status_code == 403
    assert client.get(reverse("member_list")).status_code == 200
    members.remove(by=actor_of(ada), user_id=alma.pk)
    assert client.get(reverse("member_list")).status_code == 403


@pytest.mark.holds("disabling-acts-at-once")
def test_a_suspended_organisation_is_acted_for_no_more(alma: User, aurora: Organisation) -> None:
    client = signed_in(alma)
    Organisation.objects.filter(pk=aurora.pk).update(state="suspended")
    assert client.get("/products/add/").status_code == 403


@pytest.mark.holds("no-open-redirect")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "http:///elsewhere.example/",
        "javascript:alert(1)",
        "\thttps://elsewhere.example/",
        "https://testserver@elsewhere.example/",
    ],
)
def test_nobody_is_sent_to_another_site(elsewhere: str, alma: User, bruno: User) -> None:
    asked = [
        give_password(Client(), "alma", next=elsewhere),
        signed_in(alma).get(reverse("account_login"), {"next": elsewhere}),
        signed_in(alma).post(
            reverse("account_reauthenticate"), {"password": factories.PASSWORD, "next": elsewhere}
        ),
        signed_in(alma).post(reverse("account_logout"), {"next": elsewhere}),
        Client().post(reverse("set_language"), {"language": "en", "next": elsewhere}),
        signed_in(bruno).post(reverse("mfa_reauthenticate"), {"code": code_now(bruno), "next": elsewhere}),
        signed_in(alma).post(reverse("account_change_password"), change(elsewhere)),
    ]
    for answer in asked:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith(("//", "/\\"))


def change(elsewhere: str) -> dict[str, str]:
    new = "seven-quiet-herons-fly"
    return {"oldpassword": factories.PASSWORD, "password1": new, "password2": new, "next": elsewhere}
