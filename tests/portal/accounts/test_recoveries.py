"""A lost second factor: reported by anybody, taken away by two administrators."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Organisation, Recovery, User
from portal.accounts.services import recoveries
from portal.audit.models import Event
from portal.core import clock
from portal.core.actors import NOBODY
from portal.core.errors import Refused
from tests import factories
from tests.conftest import acting, signed_in, with_second_factor
from tests.portal.accounts.test_sign_in import code_now, give_password
from tests.portal.contact.post import deliver

WHY = "My telephone fell into the river. Extension 4410."


@pytest.fixture
def erika(office: Organisation) -> User:
    """A second administrator of the regulator."""
    return with_second_factor(factories.user("erika", (office, "administrator")))


def ask(login: str = "bruno"):
    return Client().post(reverse("recovery_ask"), {"login": login, "reason": WHY})


def decide(person: User, recovery: Recovery, decision: str = "agree"):
    return signed_in(person).post(
        reverse("recovery_decide", args=[recovery.pk]), {"decision": decision}, follow=True
    )


def is_protected(person: User) -> bool:
    return Authenticator.objects.filter(user=person).exists()


def test_two_administrators_agree_and_bruno_sets_up_anew(bruno: User, emil: User, erika: User) -> None:
    RecoveryCodes.activate(bruno)
    elsewhere = Client()
    give_password(elsewhere, "bruno")
    elsewhere.post(reverse("mfa_authenticate"), {"code": code_now(bruno)})
    assert elsewhere.get(reverse("account_page")).status_code == 200
    assert ask()["Location"] == reverse("recovery_received")
    recovery = Recovery.objects.get()
    assert (
        "Extension 4410" in signed_in(emil).get(reverse("recovery_page", args=[recovery.pk])).content.decode()
    )
    assert "A second administrator must agree too" in decide(emil, recovery).content.decode()
    assert is_protected(bruno)
    assert "taken away" in decide(erika, recovery).content.decode()
    recovery.refresh_from_db()
    assert (recovery.state, recovery.first_by, recovery.second_by) == ("done", emil, erika)
    assert not is_protected(bruno)
    assert elsewhere.get(reverse("account_page")).status_code == 302, "his sessions are over"
    assert [letter.subject for letter in deliver()] == [
        "Somebody asks to take away your second factor",
        "Your second factor was taken away",
    ]
    verbs = ["recovery.asked", "recovery.first_agreed", "recovery.done"]
    assert list(Event.objects.filter(verb__in=verbs).order_by("pk").values_list("verb", flat=True)) == verbs
    assert give_password(Client(), "bruno")["Location"] == "/"


def test_the_page_says_what_happens(db: None) -> None:
    page = Client().get(reverse("recovery_ask")).content.decode()
    assert "Two administrators of the regulator speak to you" in page
    assert Client().get(reverse("recovery_received")).status_code == 200


@pytest.mark.holds("users-answered-alike")
@pytest.mark.parametrize("login", ["nobody", "nobody@example.test", "alma"])
def test_unknown_names_and_people_without_a_second_factor_are_answered_alike(alma: User, login: str) -> None:
    assert ask(login)["Location"] == reverse("recovery_received")
    assert not Recovery.objects.exists()
    deliver()
    assert not mail.outbox


def test_reporting_it_twice_makes_one_request(bruno: User) -> None:
    ask()
    ask("Bruno@Example.test")
    assert Recovery.objects.count() == 1
    assert len(deliver()) == 1


def test_a_reason_is_asked_for(bruno: User) -> None:
    assert Client().post(reverse("recovery_ask"), {"login": "bruno", "reason": ""}).status_code == 422


def test_one_administrator_alone_is_not_enough(bruno: User, emil: User) -> None:
    ask()
    recovery = Recovery.objects.get()
    decide(emil, recovery)
    assert "You agreed already" in decide(emil, recovery).content.decode()
    assert is_protected(bruno)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(second_by=emil, second_at=clock.now())


def test_nobody_decides_about_themselves(emil: User, erika: User) -> None:
    recovery = recoveries.ask(by=NOBODY, login="emil", reason=WHY)
    assert (
        "two colleagues decide"
        in signed_in(emil).get(reverse("recovery_page", args=[recovery.pk])).content.decode()
    )
    assert decide(emil, recovery).status_code == 403
    decide(erika, recovery)
    assert decide(emil, recovery).status_code == 403
    assert is_protected(emil)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(second_by=emil, second_at=clock.now())


def test_either_may_refuse_and_bruno_is_told(bruno: User, emil: User, erika: User) -> None:
    ask()
    recovery = Recovery.objects.get()
    decide(emil, recovery)
    decide(erika, recovery, "refuse")
    recovery.refresh_from_db()
    assert recovery.state == "refused"
    assert is_protected(bruno)
    assert deliver()[-1].subject == "Your second factor stays as it is"
    with pytest.raises(Refused, match="decided"):
        recoveries.agree(by=acting(emil), recovery_id=recovery.pk)
    assert ask().status_code == 302
    assert Recovery.objects.filter(state="asked").count() == 1, "he may ask again"


def test_emil_sees_what_waits_and_what_was_decided(bruno: User, emil: User) -> None:
    client = signed_in(emil)
    assert "Nobody is waiting" in client.get(reverse("recovery_list")).content.decode()
    ask()
    assert "Bruno" in client.get(reverse("recovery_list")).content.decode()
    decide(emil, Recovery.objects.get(), "refuse")
    assert "Decided lately" in client.get(reverse("recovery_list")).content.decode()
    assert client.get(reverse("recovery_page", args=[Recovery.objects.get().pk])).status_code == 200
    assert client.get(reverse("recovery_page", args=[999_999])).status_code == 404
    assert client.post(reverse("recovery_decide", args=[999_999])).status_code == 404


@pytest.mark.parametrize("name", ["alma", "ada", "dora", "fatima", "gus", "nina"])
def test_nobody_else_decides(name: str, bruno: User, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(name))
    ask()
    recovery = Recovery.objects.get()
    assert client.get(reverse("recovery_list")).status_code == 403
    assert client.get(reverse("recovery_page", args=[recovery.pk])).status_code == 403
    assert client.post(reverse("recovery_decide", args=[recovery.pk])).status_code == 403
    assert is_protected(bruno)
