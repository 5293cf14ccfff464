"""The first administrator of customs is invited on the national administrator's page; after that customs keeps itself."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.queries import invitation_token
from portal.accounts.services import invitations, offices
from portal.accounts.services.invitations import NewAccount
from portal.audit.models import Event
from portal.core.actors import NOBODY
from portal.core.errors import Refused
from portal.core.models import Outbox
from tests import factories
from tests.conftest import acting, signed_in

PAGE = "/supervision/customs-office/"
ASKED = {"name_en": "Customs", "name_zh": "海关", "email": "Gus@Customs.test"}


def test_the_office_is_made_and_its_administrator_invited(emil: User) -> None:
    page = signed_in(emil)
    assert PAGE in page.get("/people/").content.decode()
    assert "Name of the office in Chinese" in page.get(PAGE).content.decode()
    assert page.post(PAGE, ASKED).status_code == 302
    office = Organisation.objects.get(kind="customs")
    invitation = Invitation.objects.get()
    assert (office.name_zh, invitation.organisation, invitation.roles) == (
        "海关",
        office,
        "customs_administrator",
    )
    assert invitation.email == "gus@customs.test"
    assert Outbox.objects.filter(argument=invitation.pk, task__contains="invitation").exists()
    assert page.post(PAGE, {"email": ASKED["email"]}).status_code == 302  # a double click
    assert Invitation.objects.count() == 1
    verbs = Event.objects.filter(organisation_id=office.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["office.made", "invitation.made"]
    shown = page.get(PAGE).content.decode()
    assert "gus@customs.test" in shown
    assert "Name of the office in Chinese" not in shown


def test_who_accepts_administers_and_nobody_else_is_invited_from_here(emil: User) -> None:
    page = signed_in(emil)
    page.post(PAGE, ASKED)
    page.post(PAGE, {"email": "gustav@customs.test"})
    first, second = Invitation.objects.order_by("pk")
    with pytest.raises(Refused) as refusal:  # the earlier link went to a wrong address and is dead
        invitations.accept(
            by=NOBODY, token=invitation_token(first), account=NewAccount("Gus", "x" * 20, "en")
        )
    assert refusal.value.code == "link_old"
    gus = invitations.accept(
        by=NOBODY, token=invitation_token(second), account=NewAccount("Gus", "x" * 20, "en")
    )
    assert [row.role for row in Membership.objects.filter(user=gus)] == ["customs_administrator"]
    answer = page.get(PAGE).content.decode()
    assert "Gus" in answer
    assert "Send the invitation" not in answer
    with pytest.raises(Refused) as refusal:
        offices.invite_customs(by=acting(emil), email="another@customs.test")
    assert refusal.value.code == "has_administrator"
    assert page.post(PAGE, {"email": "another@customs.test"}).status_code == 422


def test_where_the_last_administrator_has_left_another_is_invited(
    emil: User, customs_house: Organisation
) -> None:
    old = factories.user("gus", (customs_house, "customs_administrator"), is_active=False)
    assert signed_in(emil).post(PAGE, {"email": "new@customs.test"}).status_code == 302
    assert Organisation.objects.filter(kind="customs").count() == 1
    assert Invitation.objects.get().organisation == old.memberships.get().organisation


def test_an_office_needs_its_names(emil: User) -> None:
    assert signed_in(emil).post(PAGE, {"email": "gus@customs.test"}).status_code == 422
    with pytest.raises(Refused) as refusal:
        offices.invite_customs(by=acting(emil), email="gus@customs.test")
    assert refusal.value.code == "name_missing"
    assert not Organisation.objects.filter(kind="customs").exists()


def test_nobody_but_the_national_administrator(alma: User, dora: User, fatima: User) -> None:
    assert Client().get(PAGE).status_code == 302
    for person in (alma, dora, fatima):
        assert signed_in(person).get(PAGE).status_code == 403
        with pytest.raises(Refused) as refusal:
            offices.invite_customs(by=acting(person), email="gus@customs.test", name_en="C", name_zh="海")
        assert refusal.value.code == "not_permitted"
