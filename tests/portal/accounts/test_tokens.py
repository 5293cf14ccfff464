"""Tokens of the API: made on a page and by command, shown once, held to their scopes, ended."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.models import ApiToken, Membership, Organisation, OrganisationState, User
from portal.accounts.queries import actor_of
from portal.accounts.queries.tokens import digest_of
from portal.accounts.services import tokens
from portal.audit.models import Event
from portal.core import clock
from portal.core.errors import Refused
from portal.core.permissions import Permission as P
from tests import factories
from tests.calling import Caller, caller, token_for
from tests.conftest import signed_in
from tests.reporting.filled import just_signed_in

pytestmark = pytest.mark.holds("api-tokens")

PAGE = "/account/tokens/"


def form(**fields: Any) -> dict[str, Any]:
    return {"name": "ERP", "scopes": [P.FILING_PREPARE], "days": 30, "form_key": "k" * 32} | fields


def secret_on(answer: Any) -> str:
    return re.search(r"ls_[\w-]{43}", answer.content.decode())[0]  # type: ignore[index]


@pytest.mark.holds("api-tokens")
def test_a_token_is_made_and_shown_once(alma: User) -> None:
    client = just_signed_in(alma)
    made = client.post(PAGE, form())
    secret = secret_on(made)
    token = ApiToken.objects.get()
    assert "no-store" in made["Cache-Control"]
    assert token.digest == digest_of(secret)
    assert token.scope_codes == [P.FILING_VIEW, P.FILING_PREPARE]
    listed = client.get(PAGE).content.decode()
    assert secret not in listed
    assert token.beginning in listed
    assert Caller(secret).get("products/").status_code == 200
    event = Event.objects.get(verb="token.made")
    assert secret not in str(event.data)


def test_a_form_sent_twice_makes_one_token(alma: User) -> None:
    client = just_signed_in(alma)
    client.post(PAGE, form())
    again = client.post(PAGE, form())
    assert again.status_code == 422
    assert ApiToken.objects.count() == 1


@pytest.mark.holds("second-factor")
def test_making_one_asks_who_one_is_again(alma: User) -> None:
    answer = signed_in(alma).post(PAGE, form())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/again/")
    assert not ApiToken.objects.exists()


def test_nothing_is_offered_that_the_roles_do_not_hold(alma: User) -> None:
    client = just_signed_in(alma)
    assert P.FILING_SIGN not in client.get(PAGE).content.decode()
    assert client.post(PAGE, form(scopes=[P.FILING_SIGN])).status_code == 422
    with pytest.raises(Refused) as refused:
        token_for(alma, P.FILING_SIGN)
    assert refused.value.code == "scope_not_held"


@pytest.mark.holds("second-factor")
def test_a_token_that_signs_needs_a_second_factor_and_lives_for_92_days(
    aurora: Organisation, bruno: User
) -> None:
    plain = factories.user("plain", (aurora, "certifier"))
    assert just_signed_in(plain).post(PAGE, form(scopes=[P.FILING_SIGN])).status_code == 422
    assert just_signed_in(bruno).post(PAGE, form(scopes=[P.FILING_SIGN], days=93)).status_code == 422
    assert just_signed_in(bruno).post(PAGE, form(scopes=[P.FILING_SIGN], days=92)).status_code == 200


def test_a_person_has_twenty_tokens_at_most(alma: User) -> None:
    for _number in range(tokens.MOST):
        token_for(alma)
    with pytest.raises(Refused) as refused:
        token_for(alma)
    assert refused.value.code == "too_many_tokens"


@pytest.mark.holds("api-tokens")
def test_the_last_use_is_listed(alma: User) -> None:
    api = caller(alma)
    client = just_signed_in(alma)
    assert "never" in client.get(PAGE).content.decode()
    api.get("products/")
    assert ApiToken.objects.get().last_used_at is not None
    assert "never" not in client.get(PAGE).content.decode()


@pytest.mark.holds("api-tokens")
def test_ones_own_token_is_revoked_and_works_no_more(alma: User) -> None:
    api = caller(alma)
    signed_in(alma).post(f"{PAGE}{ApiToken.objects.get().pk}/revoke/")
    answer = api.get("products/")
    assert (answer.status_code, answer.body["code"]) == (401, "token_revoked")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_an_administrator_sees_and_revokes_a_colleagues(alma: User, ada: User, carla: User) -> None:
    caller(alma)
    number = ApiToken.objects.get().pk
    assert signed_in(carla).post(f"{PAGE}{number}/revoke/").status_code == 404
    assert ApiToken.objects.get().beginning in signed_in(ada).get(PAGE).content.decode()
    assert signed_in(ada).post(f"{PAGE}{number}/revoke/").status_code == 302
    assert ApiToken.objects.get().revoked_by == ada


def test_a_colleague_without_that_role_does_not(alma: User, bruno: User) -> None:
    caller(alma)
    assert signed_in(bruno).post(f"{PAGE}{ApiToken.objects.get().pk}/revoke/").status_code == 404


@pytest.mark.holds("api-tokens")
def test_an_expired_token_is_told_so(alma: User) -> None:
    api = caller(alma)
    moment = clock.now()
    ApiToken.objects.update(created_at=moment - timedelta(days=2), expires_at=moment - timedelta(days=1))
    assert api.get("products/").body["code"] == "token_expired"


@pytest.mark.holds("disabling-acts-at-once")
@pytest.mark.parametrize("who", ["person", "organisation"])
def test_a_disabled_person_or_organisation_is_turned_away_at_the_next_call(
    alma: User, aurora: Organisation, who: str
) -> None:
    api = caller(alma)
    if who == "person":
        User.objects.filter(pk=alma.pk).update(is_active=False)
    else:
        Organisation.objects.filter(pk=aurora.pk).update(state=OrganisationState.SUSPENDED)
    answer = api.get("products/")
    assert (answer.status_code, answer.body["code"]) == (401, "account_inactive")


@pytest.mark.holds("disabling-acts-at-once")
def test_a_role_that_is_taken_away_ends_what_it_gave(alma: User) -> None:
    api = caller(alma)
    Membership.objects.filter(user=alma).delete()
    answer = api.get("products/")
    assert (answer.status_code, answer.body["code"]) == (403, "not_permitted")


@pytest.mark.holds("api-tokens")
def test_a_token_does_less_than_its_person(alma: User) -> None:
    answer = caller(alma, P.FILING_VIEW).post("products/", {})
    assert (answer.status_code, answer.body["code"]) == (403, "scope_missing")
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]


@pytest.mark.holds("second-factor")
def test_signing_ends_with_the_second_factor(bruno: User) -> None:
    from allauth.mfa.models import Authenticator

    api = caller(bruno)
    Authenticator.objects.filter(user=bruno).delete()
    answer = api.post("filings/1/submit/")
    assert (answer.status_code, answer.body["code"]) == (403, "second_factor_missing")
    answer = api.post("licence-applications/1/submit/")
    assert (answer.status_code, answer.body["code"]) == (403, "second_factor_missing")
    assert api.get("filings/").status_code == 200, "what signs nothing goes on"


def test_a_token_acts_in_its_own_organisation_alone(
    alma: User, aurora: Organisation, borealis: Organisation
) -> None:
    Membership.objects.create(user=alma, organisation=borealis, role="preparer", granted_at=clock.now())
    actor = actor_of(alma, borealis.pk)
    _token, secret = tokens.create(by=actor, owner=actor, name="B", scopes=[P.REGISTER_EDIT], days=1)
    factories.product(aurora, "A-1")
    factories.product(borealis, "B-1")
    codes = [row["code"] for row in Caller(secret).get("products/").body["results"]]
    assert codes == ["B-1"]


def test_a_command_prints_a_token(alma: User) -> None:
    out = StringIO()
    call_command(
        "token",
        "create",
        "--user",
        "alma",
        "--scopes",
        "filing.prepare,register.edit",
        "--expires",
        "7",
        stdout=out,
    )
    secret = out.getvalue().strip()
    assert re.fullmatch(r"ls_[\w-]{43}", secret)
    token = ApiToken.objects.get()
    assert token.expires_at - token.created_at == timedelta(days=7)
    assert Caller(secret).get("filings/").status_code == 200


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--user", "nobody", "--scopes", "filing.view"], "no active account"),
        (["--user", "alma", "--scopes", "filing.everything"], "no scope"),
        (["--user", "alma", "--scopes", "filing.sign"], "do not include"),
        (["--user", "alma", "--scopes", "filing.view", "--expires", "400"], "lives for 1 to 366 days"),
        (["--user", "nina", "--scopes", "filing.view"], "holds no role"),
    ],
)
def test_the_command_says_why_not(alma: User, nina: User, options: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("token", "create", *options)
