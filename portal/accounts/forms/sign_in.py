"""allauth's forms with our words, and codes that truly serve once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import adapter as accounts
from allauth.account import forms as account
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as second_factors
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts import guarding
from portal.accounts.models import User
from portal.accounts.queries import has_authenticator_app
from portal.accounts.services import sign_in, throttles
from portal.core.errors import TooMany

_CODE_ATTRS = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "class": "input-10 input-code",
    "spellcheck": "false",
}
_OTHER_WAYS = _(
    "In a browser where you signed in before, with a passkey, or after choosing a new password you need not wait."
)
_PASSWORD_RULES = _("At least 12 characters. A few words in a row are easiest to keep in mind.")


@contextmanager
def told_when(form: Any, more: Any = "") -> Iterator[None]:
    """Too many tries are told in the form, which keeps the refusal for the view: ``form.too_many``."""
    try:
        yield
    except TooMany as refusal:
        form.too_many = refusal
        words = [part for part in (refusal.words(), more) if part]
        raise forms.ValidationError(words, code="too_many") from refusal


def _field(label: Any, kind: str, *, hint: Any = "", value: str = "") -> forms.CharField:
    """A password field; ``kind`` says to password managers which one."""
    widget = forms.PasswordInput(attrs={"autocomplete": kind, "class": "input-20"}, render_value=bool(value))
    return forms.CharField(
        label=label, strip=False, widget=widget, help_text=hint, initial=value, max_length=256
    )


class LoginForm(account.LoginForm):
    """User name or address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "class": "input-20",
        }
        widget = forms.TextInput(attrs=attrs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail address or user name"), widget=widget, max_length=254
        )
        self.fields["password"] = _field(
            _("Password"), "current-password", value=self.initial.get("password", "")
        )
        self.order_fields(["login", "password"])

    def clean(self) -> dict[str, Any]:
        with told_when(self, _OTHER_WAYS):
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class ReauthenticateForm(account.ReauthenticateForm):
    """The password again."""

    def clean_password(self) -> str:
        with told_when(self):
            password: str = super().clean_password()
        return password

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _field(_("Password"), "current-password")


class ResetPasswordForm(account.ResetPasswordForm):
    """Where to send the link for a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("E-mail address of your account"),
            widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input-20"}),
        )

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """An address that nobody has gets no mail, and the same answer."""
        address: str = super().save(request, **kwargs) if self.users else self.cleaned_data["email"]
        return address


def _new_password(form: Any) -> None:
    """Give the two fields of a new password our words; allauth's field checks the rules."""
    first, second = form.fields["password1"], form.fields["password2"]
    first.label, first.help_text = _("New password"), _PASSWORD_RULES
    second.label = _("New password again")
    for field in (first, second):
        field.widget.attrs = {"autocomplete": "new-password", "class": "input-20"}


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    """A new password, by the link of a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


class ChangePasswordForm(account.ChangePasswordForm):
    """A new password for the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = _field(_("Present password"), "current-password")
        _new_password(self)

    def clean_oldpassword(self) -> str:
        """The present one, guessed no more often than where one proves oneself again."""
        with told_when(self):
            if not accounts.get_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
                raise accounts.get_adapter().validation_error("enter_current_password")
        password: str = self.cleaned_data["oldpassword"]
        return password


def _is_first_use(user_id: int, code: str) -> bool:
    """Whether the code serves for the first time; remembered for as long as the clock's tolerance keeps it right."""
    seconds = second_factors.TOTP_PERIOD * (2 * second_factors.TOTP_TOLERANCE + 1)
    return throttles.serves_once(f"code:{user_id}:{normalize_user_code(code)}", seconds)


class _Guarded:
    """A code is tried as often as the throttle allows; one of the authenticator app serves once.

    allauth itself forgets a code after half a minute.
    """

    def clean_code(self) -> str:
        user: User = self.user  # type: ignore[attr-defined]
        with told_when(self):
            spent = self._try()
        try:
            with transaction.atomic():
                sign_in.codes_in_turn(user=user)
                code: str = super().clean_code()  # type: ignore[misc]
                self._refuse_used(code)
        except forms.ValidationError:
            guarding.wrong_code(user, spent)
            raise
        throttles.give_back(spent)
        return code

    def _try(self) -> throttles.Spent:
        return guarding.code(context.request, self.user)  # type: ignore[attr-defined]

    def _refuse_used(self, code: str) -> None:
        used: Authenticator = self.authenticator  # type: ignore[attr-defined]
        if used.type == Authenticator.Type.TOTP and not _is_first_use(used.user_id, code):
            raise get_adapter().validation_error("incorrect_code")


def _code_field(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=20, widget=forms.TextInput(attrs=dict(_CODE_ATTRS))
    )


class AuthenticateForm(_Guarded, codes.AuthenticateForm):
    """The second factor at sign-in: a code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_authenticator_app(self.user):
            hint = _("Six digits from your authenticator app, or one of your recovery codes.")
            self.fields["code"] = _code_field(_("One-time code"), hint)
        else:
            self.fields["code"] = _code_field(_("Recovery code"), _("One of the codes that you kept."))


class ReauthenticateCodeForm(_Guarded, codes.ReauthenticateForm):
    """The second factor again, in place of the password."""

    def _try(self) -> throttles.Spent:
        return guarding.again(context.request)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Six digits from your authenticator app, or one of your recovery codes.")
        self.fields["code"] = _code_field(_("One-time code"), hint)


class ActivateForm(totp.ActivateTOTPForm):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field(_("One-time code"), _("The six digits that the app shows now."))

    def clean_code(self) -> str:
        code: str = super().clean_code()
        _is_first_use(self.user.pk, code)
        return code
