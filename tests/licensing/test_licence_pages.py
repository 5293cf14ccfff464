"""Licences on paper and on pages: the signed code, the public status, orders of the office, statistics."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.conf import settings
from django.test import Client, override_settings

from licensing.documents.letters import letter_pdf
from licensing.documents.licences import code_of, licence_pdf, public_key_pem
from licensing.domain.signatures import Forged, read
from licensing.models import Licence
from licensing.queries.precedents import precedents_of
from licensing.queries.statistics import time_taken
from licensing.services import cases, deciding, notices, orders, submitting
from portal.accounts.models import User
from portal.audit.domain.heads import name_of, public_key
from portal.contact.models import Message
from portal.contact.services import mail
from portal.core import clock
from portal.core.clock import BEIJING
from portal.core.months import Month
from tests.conftest import acting, signed_in
from tests.licensing.applied import hugo, in_review, iris, submitted
from tests.reporting.filled import just_signed_in

__all__ = ["hugo", "iris"]
ODD = "Café Ångström Żory 东方电机 S.à r.l."


@pytest.fixture
def licence(alma: User, bruno: User, hugo: User, iris: User) -> Licence:
    application = in_review(alma, bruno, hugo, name=ODD)
    deciding.recommend(by=acting(hugo), application_id=application.pk, verdict="granted")
    deciding.countersign(by=acting(iris), application_id=application.pk)
    return Licence.objects.get()


def keys() -> dict:
    key = public_key(public_key_pem().encode())
    return {name_of(key): key}


def test_the_code_holds_what_was_granted_under_a_signature_that_holds(licence: Licence) -> None:
    code = code_of(licence)
    assert code.startswith(f"{settings.PUBLIC_URL}/verify/{licence.licence_no}/#")
    facts = read(code, keys())
    assert facts["end_user"] == ODD
    assert facts["goods"] == [[1, "1C905.a.4", "500"]]
    assert (facts["no"], facts["expires"]) == (licence.licence_no, licence.expires_on.isoformat())
    with pytest.raises(Forged):
        read(code[:-5] + "AAAAA", keys())


def test_many_goods_stand_in_the_code_as_a_digest(licence: Licence) -> None:
    for number in range(2, 80):
        licence.lines.create(
            line_no=number,
            control_codes="1C905.a.4;1C904.a.4",
            description="magnet",
            authorised_g=0,
            ceiling_g=0,
        )
    facts = read(code_of(licence), keys())
    assert facts["goods"] == []
    assert len(facts["goods_sha256"]) == 64
    assert len(code_of(licence)) < 1_800
    assert licence_pdf(licence).startswith(b"%PDF-")


def test_the_same_licence_gives_the_same_paper(licence: Licence) -> None:
    assert licence_pdf(licence) == licence_pdf(Licence.objects.get())


def test_the_public_learns_the_status_and_nothing_else(licence: Licence, iris: User) -> None:
    page = Client().get(f"/verify/{licence.licence_no}/").content.decode()
    assert "The licence holds today" in page
    assert ODD not in page
    assert "Aurora" not in page
    assert "500" not in page
    orders.order(by=acting(iris), licence_id=licence.pk, action="suspend", reason="Looked into.")
    assert (
        "The licence does not hold today" in Client().get(f"/verify/{licence.licence_no}/").content.decode()
    )
    told = Client().get(f"/api/v1/verify/{licence.licence_no}/").json()
    assert told == {
        "kind": "licence",
        "number": licence.licence_no,
        "status": "suspended",
        "issued_on": licence.issued_on.isoformat(),
        "expires_on": licence.expires_on.isoformat(),
    }
    assert Client().get("/verify/REL2026-9999999-00/").status_code == 404
    assert Client().get("/verify/licence-key.pem").content.decode() == public_key_pem()
    assert b"RFC 8032" in b"".join(Client().get("/verify/verify_licence.py").streaming_content)


def test_without_a_key_nothing_is_signed_and_the_pages_still_serve(licence: Licence, alma: User) -> None:
    with override_settings(LICENCE_KEY=""):
        page = signed_in(alma)
        assert page.get(f"/licences/{licence.pk}/").status_code == 200
        assert page.get(f"/licences/{licence.pk}/document/").status_code == 503


def test_orders_of_the_office_act_with_a_letter(licence: Licence, hugo: User, iris: User) -> None:
    page = f"/supervision/licences/{licence.pk}/order/"
    officer, signer = signed_in(hugo), signed_in(iris)
    assert (
        officer.post(page, {"action": "revoke", "reason": "x"}).status_code == 422
    )  # the second person alone
    assert officer.post(page, {"action": "suspend", "reason": "Looked into."}).status_code == 302
    licence.refresh_from_db()
    assert licence.status == "suspended"
    assert officer.post(page, {"action": "lift", "reason": "Cleared."}).status_code == 302
    assert signer.post(page, {"action": "revoke", "reason": "Untrue papers."}).status_code == 302
    licence.refresh_from_db()
    assert (licence.status, licence.revoked_on) == ("revoked", clock.today())
    letters = list(licence.letters.order_by("pk"))
    assert [letter.kind for letter in letters] == ["suspended", "lifted", "revoked"]
    assert all(letter_pdf(letter).startswith(b"%PDF-") for letter in letters)


def test_the_exporter_gives_a_licence_back(licence: Licence, bruno: User, carla: User) -> None:
    page = f"/licences/{licence.pk}/surrender/"
    assert just_signed_in(carla).post(page, {"reason": "x"}).status_code == 404
    assert just_signed_in(bruno).post(page, {"reason": "No longer needed."}).status_code == 302
    licence.refresh_from_db()
    assert licence.status == "surrendered"


def test_the_applicant_is_told_once_each_time(licence: Licence, alma: User) -> None:
    application = licence.granted_by
    for _ in range(2):
        notices.accepted(application.pk)
        notices.decided(application.pk)
        notices.changed(licence.pk)
    letters = {message.template for message in Message.objects.filter(recipient=alma)}
    assert letters == {"application_accepted", "application_decided", "licence_changed"}
    for message in Message.objects.filter(recipient=alma):
        letter = mail.compose(message)
        assert application.number in letter.subject or licence.licence_no in letter.subject
        assert ODD not in letter.text


def test_precedents_say_in_what_they_are_alike(licence: Licence, alma: User, bruno: User) -> None:
    application = submitted(alma, bruno, name=ODD)
    found = precedents_of(application)[0]
    assert found.application == licence.granted_by
    assert (found.same_good, found.same_party, found.same_destination) == (True, True, True)


def test_time_taken_is_counted_by_month_and_kind(alma: User, bruno: User, hugo: User, iris: User) -> None:
    def at(month: int, day: int) -> datetime:
        return datetime(2026, month, day, 9, tzinfo=BEIJING)

    # accepted on Mondays of May and June 2026; taken: 4, 9 and 4 working days
    for (begin, end), verdict in (
        ((at(5, 11), at(5, 15)), "granted"),
        ((at(5, 11), at(5, 22)), "refused"),
        ((at(6, 1), at(6, 5)), "granted"),
    ):
        with clock.set_to(begin):
            application = submitted(alma, bruno)
            cases.accept(by=acting(hugo), application_id=application.pk)
            cases.review(by=acting(hugo), application_id=application.pk)
        with clock.set_to(end):
            told = {"reasons": ["end_use"], "words": "No."} if verdict == "refused" else {}
            deciding.recommend(by=acting(hugo), application_id=application.pk, verdict=verdict, **told)
            deciding.countersign(by=acting(iris), application_id=application.pk)
    with clock.set_to(at(6, 8)):
        withdrawn = submitted(alma, bruno)
        submitting.withdraw(by=acting(bruno), application_id=withdrawn.pk, reason="No.")
    june, may = time_taken(Month.of(date(2026, 1, 1)), Month.of(date(2026, 12, 1)))
    assert (str(may.month), may.kind, may.decided, may.granted) == ("2026-05", "individual", 2, 1)
    assert (may.median_days, may.longest_days, may.median_clock, may.late) == (6.5, 9, 6.5, 0)
    assert (str(june.month), june.decided, june.median_days) == ("2026-06", 1, 4.0)
