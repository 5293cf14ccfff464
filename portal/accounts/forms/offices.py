"""Whom the regulator invites to administer customs' office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.people import email_field


class CustomsForm(forms.Form):
    """The first administrator of customs; with the names of the office where there is none yet."""

    name_en = forms.CharField(label=_("Name of the office in English"), max_length=200)
    name_zh = forms.CharField(label=_("Name of the office in Chinese"), max_length=200)
    email = email_field(_("E-mail address of its administrator"))

    def __init__(self, *args: Any, made: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if made:
            del self.fields["name_en"], self.fields["name_zh"]
