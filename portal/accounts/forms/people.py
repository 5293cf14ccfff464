"""Forms about a person: a new account, one's own details, an address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.accounts.services.invitations import NewAccount
from portal.accounts.validators import refuse_names

NAME_MAX = 60  # the trail keeps names of this length


def name_field() -> forms.CharField:
    """A person's name as colleagues write it."""
    widget = forms.TextInput(attrs={"autocomplete": "name", "class": "input-20"})
    return forms.CharField(label=_("Your name"), max_length=NAME_MAX, widget=widget)


def email_field(label: Any) -> forms.EmailField:
    """An e-mail address, held in lower case."""
    widget = forms.EmailInput(attrs={"autocomplete": "email", "class": "input-20"})
    return forms.EmailField(label=label, max_length=150, widget=widget)


def password_fields() -> tuple[forms.CharField, forms.CharField]:
    """A new password, and the same again."""
    attrs = {"autocomplete": "new-password", "class": "input-20"}
    hint = _("At least 12 characters. A few words in a row are easiest to keep in mind.")
    first = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs=attrs),
        help_text=hint,
    )
    second = forms.CharField(
        label=_("Password again"), strip=False, max_length=256, widget=forms.PasswordInput(attrs=attrs)
    )
    return first, second


class NewPassword(forms.Form):
    """The part of a form in which a password is chosen; checked by the portal's rules."""

    def check_password(self, user: User, names: Iterable[str]) -> None:
        """Put what is wrong with the two passwords beside them; ``names`` are those of the organisation to be joined."""
        first, second = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if first and second and first != second:
            self.add_error("password_again", _("The two passwords differ."))
        elif first:
            try:
                password_validation.validate_password(first, user)
                refuse_names(first, names)
            except forms.ValidationError as error:
                self.add_error("password", error)


class NewAccountForm(NewPassword):
    """What a person chooses who accepts an invitation without an account."""

    name = name_field()
    password, password_again = password_fields()

    def __init__(self, *args: Any, email: str, joining: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.names = (joining.name_en, joining.name_zh, joining.uscc or "")

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("name", "")
        self.check_password(User(username=self.email, email=self.email, first_name=name), self.names)
        return self.cleaned_data

    def account(self) -> NewAccount:
        """The account that was asked for."""
        data = self.cleaned_data
        return NewAccount(data["name"], data["password"], get_language() or settings.LANGUAGE_CODE)


class DetailsForm(forms.Form):
    """One's own name and language."""

    name = name_field()
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Pages and mail are written in it."),
        widget=forms.RadioSelect,
    )


class AddressForm(forms.Form):
    """A new e-mail address of one's own."""

    email = email_field(_("New e-mail address"))
