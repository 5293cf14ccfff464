"""Members and their roles, invitations, the organisation's own page, acting for another organisation."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.services import invitations, members
from portal.audit.models import Event
from portal.core import clock
from portal.core.errors import Refused
from tests import factories
from tests.conftest import acting, signed_in
from tests.factories import PASSWORD
from tests.portal.accounts.test_sign_in import give_password
from tests.portal.contact.post import deliver


def roles_of(person: User, organisation: Organisation) -> set[str]:
    rows = Membership.objects.filter(user=person, organisation=organisation)
    return set(rows.values_list("role", flat=True))


def test_ada_sees_everybody_with_their_roles(ada: User, alma: User, bruno: User, carla: User) -> None:
    page = signed_in(ada).get(reverse("member_list")).content.decode()
    assert "Alma" in page
    assert "Bruno" in page
    assert "Carla" not in page


def test_ada_gives_and_takes_roles(ada: User, alma: User, aurora: Organisation) -> None:
    client, page = signed_in(ada), reverse("member_page", args=[alma.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"roles": ["certifier"]})["Location"] == reverse("member_list")
    assert roles_of(alma, aurora) == {"certifier"}
    event = Event.objects.get(verb="member.roles_changed")
    assert (event.data["gave"], event.data["took"]) == (["certifier"], ["preparer"])
    client.post(page, {"roles": ["certifier"]})
    assert Event.objects.filter(verb="member.roles_changed").count() == 1, "no change, no event"


@pytest.mark.holds("disabling-acts-at-once")
def test_a_role_given_acts_at_the_next_request(ada: User, alma: User) -> None:
    client = signed_in(alma)
    assert client.get(reverse("member_list")).status_code == 403
    members.set_roles(by=acting(ada), user_id=alma.pk, roles=["preparer", "organisation_administrator"])
    assert client.get(reverse("member_list")).status_code == 200
    members.set_roles(by=acting(ada), user_id=alma.pk, roles=["preparer"])
    assert client.get(reverse("member_list")).status_code == 403


def test_no_role_at_all_is_no_choice(ada: User, alma: User, aurora: Organisation) -> None:
    assert signed_in(ada).post(reverse("member_page", args=[alma.pk]), {"roles": []}).status_code == 422
    assert roles_of(alma, aurora) == {"preparer"}


@pytest.mark.holds("mass-assignment")
@pytest.mark.parametrize("role", ["reviewer", "administrator", "customs", "made_up"])
def test_an_enterprise_gives_no_role_of_the_regulator(
    ada: User, alma: User, aurora: Organisation, role: str
) -> None:
    assert signed_in(ada).post(reverse("member_page", args=[alma.pk]), {"roles": [role]}).status_code == 422
    with pytest.raises(Refused, match="unknown_role"):
        members.set_roles(by=acting(ada), user_id=alma.pk, roles=[role])
    assert roles_of(alma, aurora) == {"preparer"}


def test_the_last_administrator_stays(ada: User, aurora: Organisation) -> None:
    client, page = signed_in(ada), reverse("member_page", args=[ada.pk])
    answer = client.post(page, {"roles": ["preparer"]}, follow=True)
    assert "Somebody must be left to manage members" in answer.content.decode()
    client.post(reverse("member_remove", args=[ada.pk]))
    assert roles_of(ada, aurora) == {"organisation_administrator"}


def test_with_a_second_administrator_one_may_go(ada: User, alma: User, aurora: Organisation) -> None:
    members.set_roles(by=acting(ada), user_id=alma.pk, roles=["organisation_administrator"])
    answer = signed_in(ada).post(reverse("member_page", args=[ada.pk]), {"roles": ["preparer"]})
    assert answer["Location"] == "/", "the list of members is no longer hers to see"
    assert roles_of(ada, aurora) == {"preparer"}


def test_ada_removes_a_member(ada: User, alma: User, aurora: Organisation) -> None:
    client = signed_in(ada)
    assert client.post(reverse("member_remove", args=[alma.pk]))["Location"] == reverse("member_list")
    assert not roles_of(alma, aurora)
    assert User.objects.filter(pk=alma.pk, is_active=True).exists()
    assert client.post(reverse("member_remove", args=[alma.pk])).status_code == 404


def test_another_organisations_people_are_not_there(ada: User, carla: User, borealis: Organisation) -> None:
    client = signed_in(ada)
    assert client.get(reverse("member_page", args=[carla.pk])).status_code == 404
    assert client.post(reverse("member_page", args=[carla.pk]), {"roles": ["preparer"]}).status_code == 404
    assert client.post(reverse("member_remove", args=[carla.pk])).status_code == 404
    assert len(roles_of(carla, borealis)) == 3


@pytest.mark.parametrize("name", ["alma", "bruno", "dora", "fatima", "gus", "nina"])
def test_who_manages_nobody_sees_nothing(name: str, ada: User, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(name))
    for page in (reverse("member_list"), reverse("invitation_make"), reverse("member_page", args=[ada.pk])):
        assert client.get(page).status_code == 403
    assert client.post(reverse("separation_set")).status_code == 403


def test_emil_manages_the_regulators_people_on_the_same_pages(
    emil: User, dora: User, office: Organisation
) -> None:
    client = signed_in(emil)
    assert "Dora" in client.get(reverse("member_list")).content.decode()
    client.post(reverse("member_page", args=[dora.pk]), {"roles": ["reviewer", "case_officer"]})
    assert roles_of(dora, office) == {"reviewer", "case_officer"}


# Invitations


def invite(ada: User, email: str = "Lina@Example.test", roles: tuple[str, ...] = ("preparer",)):
    return signed_in(ada).post(reverse("invitation_make"), {"email": email, "roles": list(roles)})


def link_in_the_mail() -> str:
    [letter] = deliver()
    return re.search(r"http://localhost:8000(/invitations/\S+)", letter.body)[1]


@pytest.mark.holds("invitations-resets-single-use")
def test_a_colleague_is_invited_makes_an_account_and_signs_in(ada: User, aurora: Organisation) -> None:
    assert invite(ada)["Location"] == reverse("member_list")
    assert "lina@example.test" in signed_in(ada).get(reverse("member_list")).content.decode()
    link, browser = link_in_the_mail(), Client()
    page = browser.get(link).content.decode()
    assert "Ada invites you" in page
    assert "lina@example.test" in page
    filled = {"name": "Li Na 李娜", "password": PASSWORD, "password_again": PASSWORD}
    assert browser.post(link, filled)["Location"] == reverse("account_login")
    lina = User.objects.get(email="lina@example.test")
    assert roles_of(lina, aurora) == {"preparer"}
    assert give_password(browser, "lina@example.test")["Location"] == "/"
    assert Event.objects.get(verb="invitation.accepted").actor_id == lina.pk
    again = Client().get(link)
    assert again.status_code == 404
    assert "no longer works" in again.content.decode()


def test_only_the_digest_of_the_token_is_kept(ada: User) -> None:
    invite(ada)
    token = link_in_the_mail().strip("/").rsplit("/", 1)[1]
    invitation = Invitation.objects.get()
    assert invitation.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) == 43


def test_a_person_with_an_account_signs_in_and_accepts(ada: User, nina: User, aurora: Organisation) -> None:
    invite(ada, "nina@example.test", ("certifier",))
    link, browser = link_in_the_mail(), Client()
    assert "There is an account with the address invited" in browser.get(link).content.decode()
    assert browser.post(link).status_code == 409
    assert give_password(browser, "nina", next=link)["Location"] == link
    assert "Accept as Nina" in browser.get(link).content.decode()
    assert browser.post(link)["Location"] == "/"
    assert roles_of(nina, aurora) == {"certifier"}


def test_an_invitation_of_another_is_not_ones_own(
    ada: User, alma: User, nina: User, aurora: Organisation
) -> None:
    invite(ada, "nina@example.test", ("organisation_administrator",))
    link, client = link_in_the_mail(), signed_in(alma)
    assert "another address" in client.get(link).content.decode()
    assert client.post(link).status_code == 409
    assert roles_of(alma, aurora) == {"preparer"}


@pytest.mark.holds("invitations-resets-single-use")
def test_a_double_click_invites_once_and_a_later_one_kills_the_first_link(ada: User) -> None:
    invite(ada)
    invite(ada)
    assert Invitation.objects.count() == 1
    first = link_in_the_mail()
    Invitation.objects.update(created_at=clock.now() - timedelta(minutes=2))
    invite(ada, roles=("certifier",))
    second = link_in_the_mail()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


@pytest.mark.holds("invitations-resets-single-use")
def test_an_invitation_expires_after_a_week(ada: User, settings) -> None:
    invite(ada)
    link = link_in_the_mail()
    settings.LODESTONE_CLOCK_OFFSET = 7 * 86_400 - 60
    assert Client().get(link).status_code == 200
    settings.LODESTONE_CLOCK_OFFSET = 7 * 86_400 + 60
    assert Client().get(link).status_code == 404


@pytest.mark.holds("invitations-resets-single-use")
def test_a_revoked_invitation_is_dead(ada: User) -> None:
    invite(ada)
    link, invitation = link_in_the_mail(), Invitation.objects.get()
    assert signed_in(ada).post(reverse("invitation_revoke", args=[invitation.pk])).status_code == 302
    assert Client().get(link).status_code == 404
    filled = {"name": "Li Na", "password": PASSWORD, "password_again": PASSWORD}
    assert Client().post(link, filled).status_code == 404
    assert not User.objects.filter(email="lina@example.test").exists()


def test_nobody_revokes_anothers_invitation(ada: User, carla: User) -> None:
    invite(ada)
    invitation = Invitation.objects.get()
    assert signed_in(carla).post(reverse("invitation_revoke", args=[invitation.pk])).status_code == 404
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_a_member_is_not_invited_again(ada: User, alma: User) -> None:
    with pytest.raises(Refused, match="already_a_member"):
        invitations.invite(by=acting(ada), email="ALMA@example.test", roles=["certifier"])


@pytest.mark.holds("passwords")
def test_a_weak_password_and_a_wrong_role_are_refused_at_their_fields(ada: User) -> None:
    assert invite(ada, roles=("administrator",)).status_code == 422
    assert invite(ada, email="no address").status_code == 422
    invite(ada)
    link = link_in_the_mail()
    for weak in ("short", "we are aurora magnets", "lina@example.test!"):
        answer = Client().post(link, {"name": "Li Na", "password": weak, "password_again": weak})
        assert answer.status_code == 422, weak
        assert "password" in answer.context["form"].errors


def test_an_invalid_link_says_so(db: None) -> None:
    assert Client().get(reverse("invitation_accept", args=["nothing"])).status_code == 404


# The organisation


def test_everybody_sees_their_organisation_and_ada_says_how_it_signs(
    ada: User, alma: User, aurora: Organisation
) -> None:
    assert "by two different people" in signed_in(alma).get(reverse("own_organisation")).content.decode()
    client = signed_in(ada)
    client.post(reverse("separation_set"), {})
    aurora.refresh_from_db()
    assert aurora.separate_signer is False
    assert Event.objects.get(verb="organisation.separation_changed").data == {"separate": False}
    client.post(reverse("separation_set"), {"separate": "on"})
    aurora.refresh_from_db()
    assert aurora.separate_signer is True


def test_who_belongs_nowhere_has_no_organisation_page(nina: User) -> None:
    assert signed_in(nina).get(reverse("own_organisation")).status_code == 404


def test_a_person_of_two_organisations_chooses_which_to_act_for(
    aurora: Organisation, borealis: Organisation
) -> None:
    person = factories.user("olga", (aurora, "preparer"), (borealis, "organisation_administrator"))
    client = signed_in(person)
    assert client.get(reverse("member_list")).status_code == 403
    assert client.post(reverse("switch_organisation"), {"organisation": borealis.pk})["Location"] == "/"
    assert client.get(reverse("member_list")).status_code == 200
    Membership.objects.filter(user=person, organisation=borealis).delete()
    assert client.get(reverse("member_list")).status_code == 403


@pytest.mark.parametrize("chosen", ["other", "", "no number", "999999999999"])
def test_nobody_acts_for_anothers_organisation(
    alma: User, carla: User, borealis: Organisation, chosen: str
) -> None:
    client = signed_in(alma)
    client.post(
        reverse("switch_organisation"), {"organisation": borealis.pk if chosen == "other" else chosen}
    )
    page = client.get(reverse("own_organisation")).content.decode()
    assert "Aurora Magnets" in page
    assert "Borealis" not in page
