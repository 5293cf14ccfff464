"""An organisation asks to take part, and the regulator's administrator decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Enrolment, Membership, Organisation, User
from portal.accounts.services import enrolments
from portal.audit.models import Event
from portal.core import clock
from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.core.months import Month
from tests.conftest import acting, signed_in
from tests.factories import AURORA_USCC, PASSWORD
from tests.portal.accounts.test_sign_in import give_password
from tests.portal.contact.post import deliver

USCC = "91120118MA05X57M10"
WRONG_USCC = "91120118MA05X57M1B"


def form(**changes: Any) -> dict[str, Any]:
    filled = {
        "uscc": USCC,
        "name_zh": "天津永磁电机有限公司",
        "name_en": "Tianjin Permanent Motors",
        "activities": ["assembler", "exporter"],
        "province": "天津市",
        "reports_from": str(Month.of(clock.today())),
        "note": "",
        "name": "Zhang Wei",
        "email": "Zhang.Wei@Motors.example",
        "password": PASSWORD,
        "password_again": PASSWORD,
    }
    return filled | changes


def ask(client: Client | None = None, **changes: Any):
    return (client or Client()).post(reverse("enrol"), form(**changes))


def the_enrolment() -> Enrolment:
    return Enrolment.objects.get()


def test_the_form_opens_for_everybody(db: None) -> None:
    assert Client().get(reverse("enrol")).status_code == 200


def test_a_request_waits_and_its_account_cannot_sign_in_yet(db: None) -> None:
    answer = ask()
    assert answer["Location"] == reverse("enrol_received")
    assert Client().get(answer["Location"]).status_code == 200
    enrolment = the_enrolment()
    assert (enrolment.state, enrolment.organisation.state, enrolment.organisation.uscc) == (
        "asked",
        "applied",
        USCC,
    )
    assert enrolment.organisation.activity_codes == ["assembler", "exporter"]
    assert enrolment.applicant.email == "zhang.wei@motors.example"
    assert give_password(Client(), "zhang.wei@motors.example")["Location"] == reverse("account_inactive")
    assert Event.objects.get(verb="enrolment.asked").organisation_id == enrolment.organisation_id


@pytest.mark.holds("double-click-files-once")
def test_sending_it_twice_makes_one(db: None) -> None:
    first, second = ask(), ask(password="another-long-password-9", password_again="another-long-password-9")
    assert first["Location"] == second["Location"]
    assert Enrolment.objects.count() == 1
    assert the_enrolment().applicant.check_password(PASSWORD), "the second changes nothing"
    deliver()
    assert not mail.outbox


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uscc": "123"}, "uscc"),
        ({"uscc": "91120118MA05X57MIO"}, "uscc"),
        ({"name_zh": "", "name_en": ""}, "name_zh"),
        ({"activities": []}, "activities"),
        ({"activities": ["smuggler"]}, "activities"),
        ({"reports_from": "1999-01"}, "reports_from"),
        ({"password_again": "something else entirely"}, "password_again"),
        ({"password": "short", "password_again": "short"}, "password"),
        (
            {"password": "Tianjin Permanent Motors 1", "password_again": "Tianjin Permanent Motors 1"},
            "password",
        ),
        ({"email": "no address"}, "email"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_missing_or_odd_is_said_at_its_field(db: None, changes: dict[str, Any], field: str) -> None:
    answer = ask(**changes)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Please mend what follows" in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_a_code_whose_last_character_does_not_fit_is_warned_of_and_may_be_confirmed(db: None) -> None:
    warned = ask(uscc=WRONG_USCC)
    assert warned.status_code == 422
    assert 'name="uscc_is_right"' in warned.content.decode()
    assert ask(uscc=WRONG_USCC, uscc_is_right="on").status_code == 302
    assert the_enrolment().organisation.uscc == WRONG_USCC


def test_a_code_is_read_with_blanks_and_small_letters(db: None) -> None:
    ask(uscc=" 91120118 ma05x57m10 ")
    assert the_enrolment().organisation.uscc == USCC


def test_an_organisation_that_takes_part_is_not_told_of(aurora: Organisation, alma: User) -> None:
    answer = ask(uscc=AURORA_USCC)
    assert answer["Location"] == reverse("enrol_received")
    assert not Enrolment.objects.exists()
    assert not User.objects.filter(email__startswith="zhang").exists()
    aurora.refresh_from_db()
    assert aurora.name_en == "Aurora Magnets"
    [letter] = deliver()
    assert letter.to == ["zhang.wei@motors.example"], "only whoever reads that mailbox learns more"
    assert "ask its administrator for an invitation" in " ".join(letter.body.split())
    assert Event.objects.get(verb="enrolment.known").organisation_id == aurora.pk


@pytest.mark.holds("users-answered-alike")
def test_a_known_address_gets_a_mail_and_no_second_account(alma: User) -> None:
    answer = ask(email="alma@example.test")
    assert answer["Location"] == reverse("enrol_received")
    assert not Enrolment.objects.exists()
    [letter] = deliver()
    assert letter.to == ["alma@example.test"]
    assert "We have not made a second account" in letter.body
    assert alma.check_password(PASSWORD)


def test_a_signed_in_person_asks_for_a_second_organisation(ada: User) -> None:
    client = signed_in(ada)
    assert 'name="password"' not in client.get(reverse("enrol")).content.decode()
    ask(client)
    assert the_enrolment().applicant == ada


def decide(person: User, enrolment: Enrolment, **data: str):
    return signed_in(person).post(reverse("enrolment_decide", args=[enrolment.pk]), data)


def test_emil_approves_and_the_applicant_can_sign_in_and_administers(emil: User) -> None:
    ask()
    enrolment = the_enrolment()
    client = signed_in(emil)
    assert "Tianjin Permanent Motors" in client.get(reverse("enrolment_list")).content.decode()
    assert client.get(reverse("enrolment_page", args=[enrolment.pk])).status_code == 200
    month = Month.of(clock.today()) + 1
    assert decide(emil, enrolment, decision="approve", reports_from=str(month)).status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.decided_by) == ("approved", emil)
    assert (enrolment.organisation.state, enrolment.organisation.reports_from) == ("active", month)
    assert Membership.objects.get(user=enrolment.applicant).role == "organisation_administrator"
    assert Outbox.objects.filter(
        task="reporting.open_obligations", argument=enrolment.organisation_id
    ).exists()
    assert give_password(Client(), "zhang.wei@motors.example")["Location"] == "/"
    [letter] = deliver()
    assert letter.subject == "Your organisation may now report on Lodestone"
    assert client.get(reverse("enrolment_page", args=[enrolment.pk])).status_code == 200


def test_approving_twice_approves_once(emil: User) -> None:
    ask()
    month = str(Month.of(clock.today()))
    decide(emil, the_enrolment(), decision="approve", reports_from=month)
    decide(emil, the_enrolment(), decision="approve", reports_from=month)
    assert Event.objects.filter(verb="enrolment.approved").count() == 1
    assert Outbox.objects.filter(task="reporting.open_obligations").count() == 1


def test_emil_refuses_with_a_reason_that_the_applicant_reads_in_their_language(emil: User) -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": "zh-hans"})
    ask(client)
    enrolment = the_enrolment()
    assert decide(emil, enrolment, decision="refuse", reason="").status_code == 422
    assert decide(emil, enrolment, decision="refuse", reason="营业执照已过期。").status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.organisation.state) == ("refused", "refused")
    [letter] = deliver()
    assert "营业执照已过期。" in letter.body
    assert "天津永磁电机有限公司" in letter.body
    assert give_password(Client(), "zhang.wei@motors.example")["Location"] == reverse("account_inactive")


def test_after_a_refusal_the_same_organisation_may_ask_again(emil: User) -> None:
    ask()
    decide(emil, the_enrolment(), decision="refuse", reason="The licence has expired.")
    new = "another-long-password-9"
    ask(province="北京市", password=new, password_again=new)
    again = Enrolment.objects.get(state="asked")
    assert again.organisation.province == "北京市"
    assert again.applicant.check_password(new)


def test_a_decision_is_not_turned_round(emil: User) -> None:
    ask()
    enrolment = the_enrolment()
    decide(emil, enrolment, decision="refuse", reason="The licence has expired.")
    with pytest.raises(Refused, match="decided"):
        enrolments.approve(by=acting(emil), enrolment_id=enrolment.pk, reports_from=Month.parse("2026-01"))
    enrolment.refresh_from_db()
    assert enrolment.state == "refused"


@pytest.mark.parametrize("name", ["alma", "ada", "dora", "fatima", "gus", "nina"])
def test_nobody_but_the_administrator_decides(name: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(name)
    ask()
    enrolment = the_enrolment()
    assert decide(person, enrolment, decision="approve").status_code == 403
    assert signed_in(person).get(reverse("enrolment_list")).status_code == 403
    assert signed_in(person).get(reverse("enrolment_page", args=[enrolment.pk])).status_code == 403
    enrolment.refresh_from_db()
    assert enrolment.state == "asked"


def test_a_decision_is_no_link(emil: User) -> None:
    ask()
    assert signed_in(emil).get(reverse("enrolment_decide", args=[the_enrolment().pk])).status_code == 405
    assert signed_in(emil).get(reverse("enrolment_page", args=[999_999])).status_code == 404
