"""The form of a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.tokens import new_form_key
from portal.contact.domain.places import LONGEST
from portal.contact.models import HookEvent


class WebhookForm(forms.Form):
    """Where messages go, and about what."""

    url = forms.CharField(
        label=_("Address of your system"),
        help_text=_("It begins with https:// and can be reached from the internet."),
        max_length=LONGEST,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=_("What it is told of"),
        choices=HookEvent.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=HookEvent.values,
    )
    form_key = forms.RegexField(r"[0-9a-zA-Z]{32}", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = new_form_key()
