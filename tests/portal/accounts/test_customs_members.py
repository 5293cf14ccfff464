"""The office of customs keeps its own people and tokens, as producers do, and nothing of anybody else's."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from portal.accounts.models import ApiToken, Invitation, Membership, Organisation, User
from portal.accounts.services import tokens
from portal.audit.models import Event
from tests import factories
from tests.conftest import acting, signed_in, with_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def greta(customs_house: Organisation) -> User:
    """She administers the office of customs."""
    return with_second_factor(factories.user("greta", (customs_house, "customs_administrator")))


def test_colleagues_are_seen_invited_and_removed(gus: User, greta: User, customs_house: Organisation) -> None:
    client = signed_in(greta)
    assert "gus" in client.get("/people/").content.decode()
    asked = {"email": "new@customs.example", "roles": ["customs"]}
    assert client.post("/people/invite/", asked).status_code == 302
    assert Invitation.objects.get().organisation == customs_house
    assert client.post("/people/invite/", asked | {"roles": ["reviewer"]}).status_code == 422
    assert client.post(f"/people/{gus.pk}/remove/").status_code == 302
    assert not Membership.objects.filter(user=gus).exists()
    assert Event.objects.get(verb="member.removed").organisation_id == customs_house.pk
    assert client.get("/trail/").status_code == 200


def test_a_colleagues_token_is_seen_and_revoked(gus: User, greta: User) -> None:
    token, _secret = tokens.create(
        by=acting(gus), owner=acting(gus), name="border", scopes=["export.check"], days=30
    )
    client = signed_in(greta)
    assert "border" in client.get("/account/tokens/").content.decode()
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None


def test_who_administers_checks_no_export_and_sees_no_producer(greta: User, alma: User) -> None:
    client = signed_in(greta)
    assert client.get("/customs/check/").status_code == 403
    assert client.get("/supervision/obligations/").status_code == 403
    assert client.get(f"/people/{alma.pk}/").status_code == 404


def test_the_last_administrator_stays(greta: User) -> None:
    answer = signed_in(greta).post(f"/people/{greta.pk}/remove/", follow=True)
    assert Membership.objects.filter(user=greta).exists(), answer.status_code


def test_the_command_makes_the_office_and_its_first_administrator() -> None:
    factories.user("nina")
    call_command("office", name="Customs", administrator="nina", kind="customs")
    assert Membership.objects.get().role == "customs_administrator"
    assert Organisation.objects.get().kind == "customs"
