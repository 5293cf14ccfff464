"""Every address × role × owner: who may is served, who may not is refused, what is another's does not exist."""

from __future__ import annotations

import copy
import itertools
import math
import time
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from portal.accounts.models import Organisation, User
from portal.accounts.roles import ROLES, Kind, permissions_of
from portal.core import health
from tests import factories
from tests.conftest import signed_in, with_second_factor
from tests.site.addresses import Address, addresses, api_addresses
from tests.site.fingerprints import fingerprint
from tests.site.visitors import Visitor
from tests.site.world import COMMON, OWNED

isolation_matrix = pytest.mark.holds("isolation-matrix")
OTHER_METHODS = ("PUT", "PATCH", "DELETE")
SERVED = {200, 204, 301, 302, 303, 304, 400, 405, 409, 410, 413, 415, 422}
ENTERPRISE_ROLES = [code for code, role in ROLES.items() if role.kind == Kind.ENTERPRISE]
OFFICE_ROLES = [code for code, role in ROLES.items() if role.kind != Kind.ENTERPRISE]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine one walk over all addresses takes longer than a promise may wait: readiness is not asked about here."""
    monkeypatch.setattr(health, "LAG_LIMIT", math.inf)


def ask(client: Client, method: str, url: str) -> Any:
    """One request whose effects are undone, cookies included."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        answer = (
            client.generic(method, url) if method in OTHER_METHODS else getattr(client, method.lower())(url)
        )
        if answer.streaming:
            answer.content_read = b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def body(answer: Any) -> str:
    raw = answer.content_read if answer.streaming else answer.content
    return raw.decode("utf-8", "replace")


def person_of(role: str, aurora: Organisation, office: Organisation, customs: Organisation) -> User:
    kind = ROLES[role].kind
    place = {Kind.ENTERPRISE: aurora, Kind.REGULATOR: office, Kind.CUSTOMS: customs}[kind]
    return with_second_factor(factories.user(f"the-{role}".replace("_", "-"), (place, role)))


@isolation_matrix
def test_every_address_says_who_may() -> None:
    silent = [address.route for address in addresses() + api_addresses() if not address.policy]
    assert not silent


def test_every_address_has_a_name_of_its_own() -> None:
    names = [address.name for address in addresses() + api_addresses()]
    assert len(names) == len(set(names))


@isolation_matrix
def test_strangers_are_sent_to_sign_in(two_producers: dict[str, Any]) -> None:
    wrong = []
    for address in addresses():
        for method in ("GET", "POST"):
            answer = ask(Client(), method, address.url(two_producers["own"]))
            to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?")
            if address.is_public and (answer.status_code == 403 or answer.status_code >= 500):
                wrong.append((address.name, method, answer.status_code))
            if not address.is_public and not to_sign_in:
                wrong.append((address.name, method, answer.status_code))
            if "CANARY" in body(answer):
                wrong.append((address.name, method, "shows what is a producer's"))
    assert not wrong


@isolation_matrix
@pytest.mark.parametrize("role", ["", *ENTERPRISE_ROLES])
def test_a_producers_people_reach_their_own_and_nothing_else(
    role: str,
    two_producers: dict[str, Any],
    aurora: Organisation,
    office: Organisation,
    customs_house: Organisation,
) -> None:
    person = person_of(role, aurora, office, customs_house) if role else factories.user("nobody")
    assert not wrong_answers(person, role, two_producers, foreign="other", canary="BOREALISCANARY")


@isolation_matrix
@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_officers_reach_what_their_role_permits(
    role: str,
    two_producers: dict[str, Any],
    aurora: Organisation,
    office: Organisation,
    customs_house: Organisation,
) -> None:
    person = person_of(role, aurora, office, customs_house)
    assert not wrong_answers(person, role, two_producers, foreign=None, canary="-none-")


@isolation_matrix
@pytest.mark.parametrize("disabled", ["the person", "the organisation", "the membership"])
def test_what_is_disabled_reaches_nothing_from_the_next_request_on(
    disabled: str, two_producers: dict[str, Any], aurora: Organisation
) -> None:
    person = with_second_factor(factories.user("the-all", *((aurora, role) for role in ENTERPRISE_ROLES)))
    client, wrong = freshly_signed_in(person), []
    assert ask(client, "GET", "/filings/").status_code == 200
    match disabled:
        case "the person":
            User.objects.filter(pk=person.pk).update(is_active=False)
        case "the organisation":
            Organisation.objects.filter(pk=aurora.pk).update(state="suspended")
        case _:
            person.memberships.all().delete()
    left = permissions_of(frozenset())
    for turn, address in enumerate(address for address in addresses() if not address.is_public):
        method = ("GET", "POST")[turn % 2]
        answer = ask(client, method, address.url(values_for(address, two_producers["own"], "")))
        if disabled == "the person":
            right = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?")
        else:
            right = answer.status_code == 403 or bool(set(address.policy) & left)
        if not right or "CANARY" in body(answer):
            wrong.append((address.name, method, answer.status_code))
    assert not wrong


@isolation_matrix
def test_other_methods_open_no_other_door(two_producers: dict[str, Any], aurora: Organisation) -> None:
    """PUT, PATCH and DELETE take turns over the pages: none takes them for leave to do what a POST may."""
    person = with_second_factor(factories.user("the-all", *((aurora, role) for role in ENTERPRISE_ROLES)))
    client, wrong, before = freshly_signed_in(person), [], fingerprint()
    for turn, address in enumerate(addresses()):
        method = OTHER_METHODS[turn % 3]
        for owner in owners(address, "other"):
            values = values_for(address, two_producers[owner], "")
            answer = ask(client, method, address.url(values))
            refused = answer.status_code in {403, 404, 405}
            served = (
                owner == "own" and answer.status_code in SERVED
            )  # as a GET or a POST, with all they ask for
            if not (refused or served) or "BOREALISCANARY" in body(answer):
                wrong.append((address.name, method, owner, answer.status_code))
    assert not wrong
    assert fingerprint() == before


def wrong_answers(
    person: User, role: str, samples: dict[str, Any], *, foreign: str | None, canary: str
) -> list[tuple[str, str, str, int | str]]:
    granted = permissions_of(frozenset({role} if role else ()))
    client, wrong = freshly_signed_in(person), []
    for address in addresses():
        permitted = address.is_public or bool(set(address.policy) & granted)
        for owner in owners(address, foreign):
            for method in ("GET", "POST"):
                answer = ask(client, method, address.url(values_for(address, samples[owner], role)))
                expected = expectation(address, permitted, owner, role)
                if answer.status_code not in expected:
                    wrong.append((address.name, method, owner, answer.status_code))
                elif canary in body(answer):
                    wrong.append((address.name, method, owner, "shows another's"))
    return wrong


def freshly_signed_in(person: User) -> Client:
    """A session whose sign-in is young enough for the pages that ask for it again."""
    client = signed_in(person)
    session = client.session
    proof = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [proof]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def owners(address: Address, foreign: str | None) -> list[str]:
    """The owners worth trying: an address without an object has only one."""
    if not set(address.parameters) & (OWNED | COMMON):
        return ["own"]
    return ["own", "none"] + ([foreign] if foreign and set(address.parameters) & OWNED else [])


def values_for(address: Address, sample: dict[str, Any], role: str) -> dict[str, Any]:
    """Receipts belong to what was filed, and the regulator sees filings only once they are filed."""
    values = dict(sample)
    if "filed_id" in sample and (address.name in OF_FILED or role in OFFICE_ROLES):
        values["filing_id"] = sample["filed_id"]
    if "case_id" in sample and (address.name in OF_CASES or role in OFFICE_ROLES):
        values["application_id"], values["paper_id"] = sample["case_id"], sample["case_paper_id"]
    return values


def expectation(address: Address, permitted: bool, owner: str, role: str) -> set[int]:
    if not permitted:
        return {403}
    if address.is_public or not address.parameters:
        return SERVED | {404}
    if owner != "own" or (role in OFFICE_ROLES and set(address.parameters) & COLLEAGUES):
        return {302, 404, 405} if address.name in GONE_ALREADY else {404, 405}
    return SERVED | ({404} if address.name in SINGLE_USE | PERSONAL else set())


OF_FILED = {
    "filing_receipt",
    "filing_receipt_pdf",
    "filing_canonical",
    "filing_compare",
    "filing_amend",
    "filing_withdraw",
}
OF_CASES = {"application_withdraw"}  # what can only be done with what was submitted
COLLEAGUES = {"invitation_id", "user_id", "job_id"}  # of one's own organisation: the samples are a producer's
GONE_ALREADY = {"view_delete"}  # taking away what is not there is no fault
PERSONAL = {
    "token_revoke",
    "passkey_rename",
    "passkey_remove",
}  # their person's (a token also for administrators to revoke)
SINGLE_USE = {"account_address_confirm"}  # the sample's link was never sent


@pytest.mark.holds("csrf")
def test_no_address_takes_a_form_without_its_token(
    two_producers: dict[str, Any], visitors: list[Visitor]
) -> None:
    """Of somebody who may: by POST everywhere, by the other methods that change things in turns."""
    wrong = []
    for method, address in zip(itertools.cycle(("PUT", "PATCH", "DELETE")), addresses(), strict=False):
        person = next(person for person in visitors if person.may(address))
        client = Client(enforce_csrf_checks=True)
        client.cookies = copy.deepcopy(person.client.cookies)
        for asked in ("POST", method):
            answer = ask(client, asked, address.url(two_producers["own"]))
            if answer.status_code != 403:
                wrong.append((address.name, person.name, asked, answer.status_code))
    assert not wrong


def test_the_stock_admin_answers_to_superusers_alone(emil: User, alma: User) -> None:
    for person in (emil, alma):
        assert signed_in(person).get("/admin/accounts/user/").status_code in {302, 403, 404}
