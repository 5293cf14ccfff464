"""One's own account: name, language, address, sessions."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.models import Event
from tests.conftest import signed_in
from tests.portal.accounts.test_second_factor import again
from tests.portal.accounts.test_sign_in import give_password
from tests.portal.contact.post import deliver


def test_the_page_shows_what_there_is(alma: User) -> None:
    page = signed_in(alma).get(reverse("account_page")).content.decode()
    for words in ("alma@example.test", "Aurora Magnets", "Preparer", "Second factor"):
        assert words in page


def test_who_holds_no_role_still_has_an_account(nina: User) -> None:
    assert "You hold no role yet" in signed_in(nina).get(reverse("account_page")).content.decode()


def test_name_and_language_are_changed(alma: User) -> None:
    client = signed_in(alma)
    client.post(reverse("account_page"), {"name": "Alma Lin 林", "language": "zh-hans"})
    alma.refresh_from_db()
    assert (alma.label, alma.language) == ("Alma Lin 林", "zh-hans")
    assert 'lang="zh-hans"' in client.get(reverse("account_page")).content.decode()
    client.post(reverse("account_page"), {"name": "Alma Lin 林", "language": "zh-hans"})
    assert Event.objects.filter(verb="account.details_changed").count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "language": "en"},
        {"name": "x" * 61, "language": "en"},
        {"name": "Alma", "language": "xx"},
    ],
)
def test_an_empty_name_and_an_unknown_language_are_refused(alma: User, data: dict[str, str]) -> None:
    assert signed_in(alma).post(reverse("account_page"), data).status_code == 422
    alma.refresh_from_db()
    assert alma.label == "Alma"


@pytest.mark.holds("mass-assignment")
def test_nothing_else_is_taken_from_the_form(alma: User) -> None:
    data = {
        "name": "Alma",
        "language": "en",
        "is_superuser": "on",
        "email": "other@example.test",
        "username": "root",
    }
    signed_in(alma).post(reverse("account_page"), data)
    alma.refresh_from_db()
    assert (alma.username, alma.email, alma.is_superuser) == ("alma", "alma@example.test", False)


def test_signed_out_people_are_sent_to_sign_in(db: None) -> None:
    answer = Client().get(reverse("account_page"))
    assert answer["Location"] == f"{reverse('account_login')}?next=%2Faccount%2F"


@pytest.mark.holds("no-store")
def test_pages_of_the_account_are_never_cached(alma: User) -> None:
    assert "no-store" in signed_in(alma).get(reverse("account_page"))["Cache-Control"]


def ask_address(client: Client, address: str):
    again(client)
    return client.post(reverse("account_address_ask"), {"email": address})


def link_in(letter) -> str:
    return re.search(r"http://localhost:8000(/account/address/\S+)", letter.body)[1]


def test_a_new_address_is_proven_by_a_link(alma: User) -> None:
    client = signed_in(alma)
    assert ask_address(client, "Alma.Lin@example.test")["Location"] == reverse("account_page")
    [letter] = deliver()
    assert letter.to == ["alma.lin@example.test"]
    alma.refresh_from_db()
    assert alma.email == "alma@example.test", "the old one holds until then"
    link = link_in(letter)
    assert "alma.lin@example.test" in client.get(link).content.decode()
    assert client.post(link)["Location"] == reverse("account_page")
    alma.refresh_from_db()
    assert alma.email == "alma.lin@example.test"
    assert client.post(link).status_code == 409, "a link works once"


def test_asking_for_an_address_needs_fresh_proof(alma: User) -> None:
    answer = signed_in(alma).post(reverse("account_address_ask"), {"email": "x@example.test"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    alma.refresh_from_db()
    assert alma.email_asked == ""


@pytest.mark.holds("users-answered-alike")
def test_an_address_of_another_account_gets_no_mail_and_the_same_answer(alma: User, bruno: User) -> None:
    assert ask_address(signed_in(alma), "bruno@example.test")["Location"] == reverse("account_page")
    assert deliver() == []


def test_a_link_of_anothers_address_does_nothing(alma: User, bruno: User) -> None:
    ask_address(signed_in(alma), "alma.lin@example.test")
    [letter] = deliver()
    assert signed_in(bruno).post(link_in(letter)).status_code == 409
    assert signed_in(alma).post(reverse("account_address_confirm", args=["forged"])).status_code == 409


def test_an_address_taken_meanwhile_is_refused(alma: User, bruno: User) -> None:
    client = signed_in(alma)
    ask_address(client, "new@example.test")
    [letter] = deliver()
    User.objects.filter(pk=bruno.pk).update(email="new@example.test")
    assert client.post(link_in(letter)).status_code == 409
    alma.refresh_from_db()
    assert alma.email == "alma@example.test"


@pytest.mark.holds("sessions-end")
def test_sessions_are_listed_and_ended(alma: User) -> None:
    here, there, far = Client(), Client(), Client()
    for client in (here, there, far):
        give_password(client, "alma")
    rows = here.get(reverse("usersessions_list")).context["rows"]
    assert [row["here"] for row in rows].count(True) == 1
    other = next(row["session"] for row in rows if row["session"].session_key == there.session.session_key)
    here.post(reverse("session_end"), {"session": other.pk})
    assert there.get(reverse("account_page")).status_code == 302
    assert far.get(reverse("account_page")).status_code == 200
    here.post(reverse("session_end"), {"session": "others"})
    assert far.get(reverse("account_page")).status_code == 302
    assert here.get(reverse("account_page")).status_code == 200


@pytest.mark.holds("sessions-end")
def test_nobody_ends_anothers_session(alma: User, nina: User) -> None:
    mine, hers = Client(), Client()
    give_password(mine, "nina")
    give_password(hers, "alma")
    session = hers.get(reverse("usersessions_list")).context["rows"][0]["session"]
    mine.post(reverse("session_end"), {"session": session.pk})
    assert hers.get(reverse("account_page")).status_code == 200
