"""Passkeys: allauth's forms with our words. What a browser sends is a stranger's: whatever it is, it is refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 20_000  # characters; an answer with a long attestation has some 8,000


@contextmanager
def _refused_in_words() -> Iterator[None]:
    """A broken answer is refused as a wrong one is."""
    try:
        yield
    except Exception as error:  # the parser of CBOR raises whatever the bytes of a stranger lead to
        raise get_adapter().validation_error("incorrect_passkey") from error


class CredentialField(forms.JSONField):
    """What the browser's passkey answered: a JSON object, filled in by static/js/passkeys.js."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        with _refused_in_words():
            answer = super().to_python(value) if isinstance(value, str) and len(value) <= LONGEST else None
            if not isinstance(answer, dict):
                raise TypeError
        return answer


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        help_text=_("By which you tell it from others, for example “office computer”."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input-20"}),
    )


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """A new passkey and its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"name": _name_field(), "credential": CredentialField()}
        self.fields["name"].required = False  # the passkey is made by now: it is not lost for want of a name

    def clean(self) -> dict[str, Any]:
        with _refused_in_words():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class _Answer:
    def clean_credential(self) -> Authenticator:
        with _refused_in_words():
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        return found


class AuthenticatePasskeyForm(_Answer, webauthn.AuthenticateWebAuthnForm):
    """The passkey as second factor."""

    credential = CredentialField()


class LoginPasskeyForm(_Answer, webauthn.LoginWebAuthnForm):
    """The passkey alone: it asked for a fingerprint, a face or a PIN itself."""

    credential = CredentialField()


class ReauthenticatePasskeyForm(_Answer, webauthn.ReauthenticateWebAuthnForm):
    """The passkey again, in place of the password."""

    credential = CredentialField()


class RenamePasskeyForm(forms.Form):
    """Another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field()
