"""The form of an API token."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from portal.accounts.scopes import Scope, longest_days

_KEY = re.compile(r"[0-9a-zA-Z]{32}")


def new_form_key() -> str:
    """What makes a form that is sent twice one request."""
    return get_random_string(32)


class TokenForm(forms.Form):
    """What a token is for, what it may do and for how long."""

    name = forms.CharField(
        label=_("What it is used for"),
        help_text=_("So that you know it again, for example: ERP, monthly filing."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-20"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do besides reading"), widget=forms.CheckboxSelectMultiple, required=False
    )
    days = forms.IntegerField(
        label=_("Days until it expires"),
        min_value=1,
        max_value=366,
        initial=92,
        widget=forms.NumberInput(attrs={"class": "input-4", "inputmode": "numeric"}),
    )
    sandbox = forms.BooleanField(
        label=_("For the sandbox"),
        help_text=_(
            "For trying out: everything is checked and answered as usual, and nothing it files is real."
        ),
        required=False,
    )
    form_key = forms.RegexField(_KEY, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: list[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (
                scope.code,
                _("%(name)s: %(description)s") % {"name": scope.name, "description": scope.description},
            )
            for scope in offered
            if not scope.always
        ]
        if not self.fields["scopes"].choices:  # type: ignore[attr-defined]
            del self.fields["scopes"]
        self.fields["form_key"].initial = new_form_key()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        longest = longest_days(cleaned.get("scopes", []))
        if cleaned.get("days", 0) > longest:
            words = _("A token that signs lives for %(days)s days at most.")
            self.add_error("days", forms.ValidationError(words, code="too_long", params={"days": longest}))
        return cleaned
