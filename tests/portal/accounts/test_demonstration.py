"""The demonstration's accounts sign in as everybody does, and never where real data is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from portal.accounts import demonstration, system_checks
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.services.demonstration import create_demonstration_people
from portal.core.actors import Actor
from portal.core.errors import Refused
from tests.portal.accounts.test_sign_in import give_password

ROOT = Path(__file__).resolve().parents[3]


def make(
    aurora: Organisation, borealis: Organisation, office: Organisation, customs_house: Organisation
) -> list[User]:
    system = Actor.system("demonstrate")
    return create_demonstration_people(
        by=system, maker=aurora, supplier=borealis, office=office, customs=customs_house
    )


@pytest.fixture
def people(aurora, borealis, office, customs_house, settings) -> list[User]:
    settings.DEMONSTRATION = True
    return make(aurora, borealis, office, customs_house)


def test_everybody_exists_once_with_their_roles(people, aurora, borealis, office, customs_house) -> None:
    assert len(people) == 11
    held = set(Membership.objects.values_list("user__username", "organisation__name_en", "role"))
    assert ("preparer", "Aurora Magnets", "preparer") in held
    assert ("supplier", "Borealis Metals", "certifier") in held
    assert ("administrator-2", "Rare Earth Office", "administrator") in held
    assert ("customs", "Customs", "customs") in held
    before = (User.objects.count(), Membership.objects.count())
    make(aurora, borealis, office, customs_house)
    assert (User.objects.count(), Membership.objects.count()) == before


def test_the_sign_in_page_shows_password_and_codes(people) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert demonstration.PASSWORD in page
    for person in demonstration.PEOPLE:
        assert person.username in page
        assert demonstration.code_of(person.username).digits in page


def test_fill_in_fills_in(people) -> None:
    page = Client().get(reverse("account_login"), {"as": "certifier"}).content.decode()
    assert 'value="certifier"' in page
    assert f'value="{demonstration.PASSWORD}"' in page
    assert (
        demonstration.PASSWORD
        not in Client().get(reverse("account_login"), {"as": "nobody"}).context["form"].initial
    )


def test_they_sign_in_as_everybody_does(people) -> None:
    client = Client()
    assert give_password(client, "certifier", demonstration.PASSWORD)["Location"] == reverse(
        "mfa_authenticate"
    )
    page = client.get(reverse("mfa_authenticate"))
    code = page.context["demonstration_code"]
    assert code.digits in page.content.decode()
    assert 0 < code.seconds_left <= 30
    assert client.post(reverse("mfa_authenticate"), {"code": code.digits})["Location"] == "/"


def test_a_used_code_does_not_keep_them_from_proving_themselves_by_password(people) -> None:
    client = Client()
    give_password(client, "certifier", demonstration.PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": demonstration.code_of("certifier").digits})
    answer = client.post(
        reverse("account_reauthenticate"),
        {"password": demonstration.PASSWORD, "next": reverse("account_page")},
    )
    assert answer["Location"] == reverse("account_page")


def test_codes_differ_from_person_to_person_and_installation_to_installation(settings) -> None:
    here = demonstration.secret_of("reviewer")
    assert here == demonstration.secret_of("reviewer")
    assert here != demonstration.secret_of("auditor")
    settings.SECRET_KEY = "another installation"
    assert here != demonstration.secret_of("reviewer")


@pytest.mark.holds("no-default-accounts")
def test_outside_the_demonstration_nothing_is_shown_and_nobody_gets_in(people, settings) -> None:
    settings.DEMONSTRATION = False
    page = Client().get(reverse("account_login"), {"as": "certifier"}).content.decode()
    assert demonstration.PASSWORD not in page
    answer = give_password(Client(), "certifier", demonstration.PASSWORD)
    assert answer["Location"] == reverse("account_inactive")


@pytest.mark.holds("no-default-accounts")
def test_outside_the_demonstration_they_are_not_made(aurora, borealis, office, customs_house) -> None:
    with pytest.raises(Refused, match="not_a_demonstration"):
        make(aurora, borealis, office, customs_house)
    assert not User.objects.exists()


@pytest.mark.holds("no-default-accounts")
def test_production_reports_them_as_an_error(people, settings) -> None:
    assert system_checks.no_demonstration_accounts(databases=["default"]) == []
    settings.PRODUCTION = True
    [error] = system_checks.no_demonstration_accounts(databases=["default"])
    assert error.id == "accounts.E001"


@pytest.mark.holds("no-default-accounts")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRODUCTION", True),
        ("PUBLIC_URL", "https://lodestone.example"),
        ("ALLOWED_HOSTS", ["localhost", "lodestone.example.org"]),
        ("EMAIL_HOST", "mail.example.org"),
    ],
)
def test_a_demonstration_refuses_real_settings(settings, name: str, value: object) -> None:
    settings.DEMONSTRATION = True
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "192.168.1.20", "demo.localhost"]
    demonstration.refuse_real_settings()
    setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match="LODESTONE_MODE=production"):
        demonstration.refuse_real_settings()


@pytest.mark.holds("no-default-accounts")
def test_it_does_not_even_start(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "LODESTONE_MODE": "demonstration",
        "LODESTONE_VAR": str(tmp_path),
        "PUBLIC_URL": "https://lodestone.example",
    }
    command = [sys.executable, "manage.py", "check"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "PUBLIC_URL is an https address" in ended.stderr
