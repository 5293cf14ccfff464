"""Every address × role × owner: who may is served, who may not is refused, what is another's does not exist."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from portal.accounts.models import Organisation, User
from portal.accounts.roles import ROLES, Kind, permissions_of
from tests import factories
from tests.conftest import signed_in, with_second_factor
from tests.site.addresses import Address, addresses, api_addresses
from tests.site.world import COMMON, OWNED

SERVED = {200, 204, 301, 302, 303, 304, 400, 405, 409, 410, 413, 415, 422}
ENTERPRISE_ROLES = [code for code, role in ROLES.items() if role.kind == Kind.ENTERPRISE]
OFFICE_ROLES = [code for code, role in ROLES.items() if role.kind != Kind.ENTERPRISE]


def ask(client: Client, method: str, url: str) -> Any:
    """One request whose effects are undone, cookies included."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.get(url) if method == "GET" else client.post(url)
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


def test_every_address_says_who_may() -> None:
    silent = [address.route for address in addresses() + api_addresses() if not address.policy]
    assert not silent


def test_every_address_has_a_name_of_its_own() -> None:
    names = [address.name for address in addresses() + api_addresses()]
    assert len(names) == len(set(names))


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
PERSONAL = {"token_revoke"}  # a token is its person's, or for an administrator to revoke
SINGLE_USE = {"account_address_confirm"}  # the sample's link was never sent


def test_the_stock_admin_answers_to_superusers_alone(emil: User, alma: User) -> None:
    for person in (emil, alma):
        assert signed_in(person).get("/admin/accounts/user/").status_code in {302, 403, 404}
