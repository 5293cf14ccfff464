"""Every address of the API × method × role × scopes × owner, with tokens: who may is answered, nobody sees another's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from portal.accounts.models import ApiToken, Organisation, User
from portal.accounts.roles import ROLES, Kind, permissions_of
from portal.accounts.scopes import SCOPES
from portal.core import clock
from portal.core.permissions import Permission as P
from portal.registry.models import Lot, Product
from tests import factories
from tests.calling import Caller, token_for
from tests.conftest import signed_in, with_second_factor
from tests.site.addresses import Address, api_addresses
from tests.site.test_headers import missing
from tests.site.world import NOWHERE

isolation_matrix = pytest.mark.holds("isolation-matrix")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DONE = {200, 201, 202, 204, 400, 405, 409, 412, 415, 422}
ENTERPRISE_ROLES = [code for code, role in ROLES.items() if role.kind == Kind.ENTERPRISE]
PERMITTED = {address.name: address for address in api_addresses()}


def allowed_by(address: Address) -> Any:
    """The view's table of methods and permissions."""
    for pattern in _patterns():
        if pattern.name == address.name:
            return getattr(getattr(pattern.callback, "cls", None), "allowed", {})
    return {}


def _patterns() -> list[Any]:
    api = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/")
    return list(api.url_patterns)


def samples(of: Organisation, sample: dict[str, Any], mark: str) -> dict[str, Any]:
    product = Product.objects.get(organisation=of)
    Lot.objects.create(organisation=of, product=product, batch=f"{mark}-L", laboratory=f"{mark} laboratory")
    return sample | {
        "product_code": f"{mark}-P", "counterparty_code": f"{mark}-C", "batch": f"{mark}-L", "proof": f"R-{mark}",
        "rest": "no/such/thing/", "declaration_no": f"{mark}-D", "item_no": 1,
    }  # fmt: skip


@pytest.fixture
def producers(two_producers: dict[str, Any], aurora: Organisation, borealis: Organisation) -> dict[str, Any]:
    none = two_producers["none"] | dict.fromkeys(
        ("product_code", "counterparty_code", "batch", "proof", "rest", "licence_no", "declaration_no"),
        "NOWHERE",
    )
    none["item_no"] = 1
    return {
        "own": samples(aurora, two_producers["own"], "AURORACANARY"),
        "other": samples(borealis, two_producers["other"], "BOREALISCANARY"),
        "none": none | {"filing_id": NOWHERE},
    }


def path_of(address: Address, values: dict[str, Any]) -> str:
    url = reverse(address.name, kwargs={key: values[key] for key in address.parameters})
    return url.removeprefix("/api/v1/")


def call(api: Caller, method: str, path: str) -> Any:
    """One call whose effects are undone."""
    with transaction.atomic():
        answer = api.ask(method, path, {} if method in {"POST", "PUT", "PATCH"} else None)
        transaction.set_rollback(True)
    return answer


@isolation_matrix
def test_strangers_are_asked_for_a_token(producers: dict[str, Any]) -> None:
    wrong = []
    for address in api_addresses():
        for method in METHODS:
            answer = Client().generic(method, f"/api/v1/{path_of(address, producers['own'])}")
            if not address.is_public and (answer.status_code, answer["Content-Type"]) != (
                401,
                "application/problem+json",
            ):
                wrong.append((address.name, method, answer.status_code))
            if not address.is_public and not answer["WWW-Authenticate"].startswith("Bearer"):
                wrong.append((address.name, method, "does not say how"))
            if address.is_public and answer.status_code not in {200, 404, 405}:
                wrong.append((address.name, method, answer.status_code))
            if b"CANARY magnet" in answer.content or b"CANARY-C" in answer.content:
                wrong.append((address.name, method, "shows what is a producer's"))
    assert not wrong


@isolation_matrix
@pytest.mark.holds("csrf")
def test_a_session_is_no_token(producers: dict[str, Any], aurora: Organisation) -> None:
    everything = factories.user("the-all", *((aurora, role) for role in ENTERPRISE_ROLES))
    client = signed_in(with_second_factor(everything))
    statuses = {
        client.get(f"/api/v1/{path_of(one, producers['own'])}").status_code
        for one in api_addresses()
        if not one.is_public
    }
    assert statuses == {401}


@isolation_matrix
@pytest.mark.parametrize("role", ENTERPRISE_ROLES)
def test_a_token_reaches_what_its_person_and_scopes_permit(
    role: str, producers: dict[str, Any], aurora: Organisation
) -> None:
    person = with_second_factor(factories.user(f"the-{role}".replace("_", "-"), (aurora, role)))
    held = permissions_of(frozenset({role}))
    wrong = []
    for scopes in ([code for code in SCOPES if code in held], [P.FILING_VIEW]):
        api, granted = Caller(token_for(person, *scopes)), held & set(scopes)
        for address in api_addresses():
            for owner in ("own", "other", "none"):
                for method in METHODS:
                    wrong += misses(api, address, method, owner, producers[owner], granted)
    assert not wrong, "\n".join(map(str, wrong))


def test_customs_reaches_what_is_for_customs_and_nothing_else(producers: dict[str, Any], gus: User) -> None:
    api, wrong = Caller(token_for(gus)), []
    for address in api_addresses():
        allowed = allowed_by(address)
        for method in METHODS:
            if address.is_public or method not in allowed:
                continue
            permitted = P.EXPORT_CHECK in allowed[method]
            answer = call(api, method, path_of(address, producers["own"]))
            if answer.status_code not in (DONE | {404} if permitted else {403}):
                wrong.append((address.name, method, answer.status_code))
    assert not wrong


def misses(
    api: Caller, address: Address, method: str, owner: str, values: dict[str, Any], granted: frozenset[str]
) -> list[tuple[Any, ...]]:
    answer = call(api, method, path_of(address, values))
    expected = expectation(address, method, owner, granted)
    at = (address.name, method, owner)
    found: list[tuple[Any, ...]] = [] if answer.status_code in expected else [(*at, answer.status_code)]
    if "BOREALISCANARY magnet" in str(answer.body) or "BOREALISCANARY-C" in str(answer.body):
        found.append((*at, "shows another's"))
    found += [(*at, "header", name) for name in missing(answer)]
    if "no-store" not in answer.get("Cache-Control", "") and not address.is_public:
        found.append((*at, "may be cached"))
    return found


def expectation(address: Address, method: str, owner: str, granted: frozenset[str]) -> set[int]:
    if address.is_public:
        return {200, 404, 405}
    wanted = allowed_by(address).get(method)
    if wanted is None:
        return {405}
    if not set(wanted) & granted:
        return {403}
    if owner != "own" and address.parameters:
        return {404, 422} if method == "POST" else {404}
    return DONE | ({404} if address.name in ELSEWHERE else set())


ELSEWHERE = {"api_job"}  # a job belongs to the very person who started it


DISABLED = {
    "account_inactive": (
        lambda person, place: User.objects.filter(pk=person.pk).update(is_active=False),
        lambda person, place: Organisation.objects.filter(pk=place.pk).update(state="suspended"),
    ),
    "token_revoked": (
        lambda person, place: ApiToken.objects.filter(user=person).update(revoked_at=clock.now()),
    ),
    "token_expired": (
        lambda person, place: ApiToken.objects.filter(user=person).update(
            created_at=clock.now() - timedelta(days=9), expires_at=clock.now() - timedelta(seconds=1)
        ),
    ),
}


@isolation_matrix
@pytest.mark.parametrize(
    ("code", "disable"), [(code, one) for code, some in DISABLED.items() for one in some]
)
def test_a_token_of_what_is_disabled_reaches_nothing(
    code: str, disable: Any, producers: dict[str, Any], aurora: Organisation
) -> None:
    person = with_second_factor(factories.user("the-all", *((aurora, role) for role in ENTERPRISE_ROLES)))
    api, wrong = Caller(token_for(person)), []
    assert api.get("filings/").status_code == 200
    disable(person, aurora)
    for turn, address in enumerate(address for address in api_addresses() if not address.is_public):
        for method in ("GET", METHODS[1 + turn % 4]):
            answer = call(api, method, path_of(address, producers["own"]))
            if (answer.status_code, answer.body["code"]) != (401, code) or "CANARY" in str(answer.body):
                wrong.append((address.name, method, answer.status_code, answer.body))
    assert not wrong


@isolation_matrix
def test_a_token_of_who_holds_no_role_any_more_reaches_nothing(
    producers: dict[str, Any], aurora: Organisation
) -> None:
    person = factories.user("the-all", *((aurora, role) for role in ENTERPRISE_ROLES))
    api = Caller(token_for(with_second_factor(person)))
    person.memberships.all().delete()
    private = [address for address in api_addresses() if not address.is_public]
    answers = [call(api, "GET", path_of(address, producers["own"])) for address in private]
    assert {answer.status_code for answer in answers} <= {403, 405}
    assert "CANARY" not in str([answer.body for answer in answers])


def test_an_office_is_not_served(producers: dict[str, Any], dora: User) -> None:
    from portal.accounts.queries import actor_of
    from portal.accounts.services import tokens
    from portal.core.errors import Refused

    with pytest.raises(Refused) as refused:
        tokens.create(by=actor_of(dora), owner=actor_of(dora), name="x", scopes=[P.FILING_VIEW], days=1)
    assert refused.value.code == "scope_not_held"


@pytest.mark.holds("isolation-matrix")
def test_lists_hold_ones_own_alone(producers: dict[str, Any], aurora: Organisation) -> None:
    person = factories.user("the-reader", (aurora, "preparer"))
    api = Caller(token_for(person, P.FILING_VIEW))
    for path in (
        "products/",
        "lots/",
        "counterparties/",
        "filings/",
        "findings/",
        "questions/",
        "obligations/",
    ):
        answer = api.get(path)
        text = json.dumps(answer.body)
        assert answer.status_code == 200
        assert "BOREALISCANARY" not in text
        assert answer.body["results"], path
