"""Forms of signing, amending and withdrawing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.reasons import ReasonField
from reporting.services.versions import REASON_LONGEST


class SignForm(forms.Form):
    """Which state of the version was read, and of what it names."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    named = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class AmendForm(forms.Form):
    """Why the next version is made."""

    reason = ReasonField(
        label=_("Reason for the amendment"),
        help_text=_("What was wrong or has changed. The regulator reads it, and it stays with the filing."),
        max_length=REASON_LONGEST,
        error_messages={"required": _("Write the reason for the amendment.")},
    )


class WithdrawForm(forms.Form):
    """Why the version is taken back."""

    reason = ReasonField(
        label=_("Reason for the withdrawal"),
        help_text=_("The regulator reads it, and it stays with the filing."),
        max_length=REASON_LONGEST,
        error_messages={"required": _("Write the reason for the withdrawal.")},
    )
