"""allauth tells by signals what a person did to their account; each is passed on to a service."""

from __future__ import annotations

from functools import partial
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as second_factors
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse

from portal.accounts import devices, guarding
from portal.accounts.models import User
from portal.accounts.queries import actor_of
from portal.accounts.services import sign_in

LANGUAGE_CHOSEN = "language_chosen"  # session key: chosen on the way in
_VERBS = {
    ("added", Authenticator.Type.TOTP): "account.second_factor_added",
    ("removed", Authenticator.Type.TOTP): "account.second_factor_removed",
    ("added", Authenticator.Type.WEBAUTHN): "account.passkey_added",
    ("removed", Authenticator.Type.WEBAUTHN): "account.passkey_removed",
    ("reset", Authenticator.Type.RECOVERY_CODES): "account.recovery_codes_made",
}


def _signed_in(request: HttpRequest, user: User, response: HttpResponse, **kwargs: Any) -> None:
    sign_in.signed_in(by=actor_of(user), language=request.session.pop(LANGUAGE_CHOSEN, None))
    devices.remember(request, response, user)


def _password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    guarding.proven(user)
    sign_in.password_replaced(
        by=actor_of(user), verb="account.password_changed", keep=request.session.session_key
    )


def _password_reset(user: User, **kwargs: Any) -> None:
    guarding.proven(user)
    sign_in.password_replaced(by=actor_of(user), verb="account.password_reset", keep=None)


def _authenticator(change: str, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    verb = _VERBS.get((change, authenticator.type))
    if verb is not None:
        sign_in.note(by=actor_of(user), verb=verb)


def _used(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        sign_in.note(by=actor_of(user), verb="account.recovery_code_used")


def connect() -> None:
    """Listen; called once at start."""
    account.user_logged_in.connect(_signed_in, weak=False)
    account.password_changed.connect(_password_changed, weak=False)
    account.password_reset.connect(_password_reset, weak=False)
    second_factors.authenticator_added.connect(partial(_authenticator, "added"), weak=False)
    second_factors.authenticator_removed.connect(partial(_authenticator, "removed"), weak=False)
    second_factors.authenticator_reset.connect(partial(_authenticator, "reset"), weak=False)
    second_factors.authenticator_used.connect(_used, weak=False)
