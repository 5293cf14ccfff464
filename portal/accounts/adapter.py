"""What allauth asks of us: no open sign-up, our words, mail by our own post, second factors kept encrypted."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts import demonstration, guarding, queries
from portal.accounts.models import User
from portal.accounts.services import sign_in, throttles

FRESH_SECONDS = 300  # how long a sign-in serves as proof for setting up a first authenticator
_MISMATCH = _("No account has this name and password together. Check both, or choose a new password.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by enrolment or invitation, never by an open sign-up form."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _MISMATCH,
        "email_password_mismatch": _MISMATCH,
        "invalid_login": _MISMATCH,
        "incorrect_password": _("This is not your present password."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right, or was used already. Wait for the next one."),
        "invalid_password_reset": _("This link was used already or has expired. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose name and password these are. TooMany where too many were tried; then nothing is looked at."""
        login = credentials.get("email") or credentials.get("username") or ""
        spent = guarding.password(request, login)
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            guarding.wrong_password(login, spent)
        else:
            throttles.give_back(spent)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the password of the person who is signed in. TooMany where this session tried too many."""
        spent = guarding.again(self.request)
        right = user.check_password(password)
        if right:
            throttles.give_back(spent)
        return right

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """The session has another number from the password on, not only once the second factor was given.

        Nobody signs in with a demonstration's account where real data is kept.
        """
        request.session.cycle_key()
        if demonstration.is_one(user) and not settings.DEMONSTRATION:
            user.is_active = False
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail goes by the portal's own post, so that a request never waits for a mail server."""
        if template_prefix == "account/email/password_reset_key":
            sign_in.ask_password_reset(user=context["user"])

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The signals of allauth tell; see ``portal.accounts.services.sign_in``."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A first authenticator may be set up, and its recovery codes kept, right after signing in; all else asks for
        the password again."""
        asked: bool = super().is_reauthentication_required(app=app, **kwargs)
        if (
            not asked
            or app != "allauth.mfa"
            or queries.has_old_second_factor(self.request.user, FRESH_SECONDS)
        ):
            return asked
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] >= FRESH_SECONDS

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to prove oneself again, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use your authenticator app"),
            "mfa_reauthenticate:webauthn": _("Use your passkey"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [
            {**method, "description": words.get(method["id"], method["description"])} for method in methods
        ]


def _box() -> MultiFernet:
    """Encrypts with the portal's key, and still opens what an older key closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factor:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: the secret is kept encrypted with the portal's key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or was used already. Wait for the next one."),
        "incorrect_passkey": _(
            "The passkey was not accepted. Try again, or choose another way to show that it is you."
        ),
        "cannot_delete_authenticator": _(
            "Your role asks for a second factor, so the authenticator app cannot be taken away. Add a passkey first."
        ),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Roles that need a second factor keep one."""
        return queries.may_lose(authenticator)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the address that people use, whatever name a request came by."""
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or "localhost", "name": "Lodestone"}

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's name
        """What a passkey is called until its owner names it."""
        return gettext("Passkey %(number)d") % {"number": len(queries.passkeys_of(user)) + 1}
