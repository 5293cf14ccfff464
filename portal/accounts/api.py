"""Who calls the API: the person behind a bearer token, in the token's organisation, within its scopes."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from portal.accounts.models import User
from portal.accounts.queries.tokens import CalledToken, actor_by, state_of, token_called
from portal.accounts.services import tokens
from portal.core import clock, fence
from portal.core.api.permitting import Bearer
from portal.core.api.problems import Problem
from portal.core.api.throttling import address_of, count

GUESSES_A_MINUTE = 30  # calls with a token that is none, from one address
_WORDS: dict[str, Promise] = {
    "token_unknown": _("This is no token of the portal."),
    "token_expired": _("The token has expired. Make a new one on your account's page."),
    "token_revoked": _("The token was revoked. Make a new one on your account's page."),
    "account_inactive": _("The token's person or organisation may not use the portal at present."),
}


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer ls_…``; nothing else is looked at, no cookie either."""

    def authenticate(self, request: Request) -> tuple[User, Bearer] | None:
        kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            return None
        called = self._usable(request, secret.strip())
        actor, held, waiting = actor_by(called)
        fence.enter(fence.Scope.of(actor))
        token = called.token
        tokens.used(token=token)
        return token.user, Bearer(token.pk, actor, held, waiting)

    def _usable(self, request: Request, secret: str) -> CalledToken:
        with fence.lifted(reason="a token says whose it is: nobody is known before"):
            called = token_called(secret)
        if called is None:
            count(f"guesses:{address_of(request)}", GUESSES_A_MINUTE)
            raise _turned_away("token_unknown")
        token = called.token
        state = state_of(token, clock.now())
        if state != "active":
            raise _turned_away(f"token_{state}")
        if not (token.user.is_active and token.organisation.is_active):
            raise _turned_away("account_inactive")
        return called

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def _turned_away(code: str) -> Problem:
    headers = {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'}
    return Problem(401, code, _WORDS[code], headers=headers)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token in the OpenAPI document."""

    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made on the page “API tokens” of your account.",
        }
