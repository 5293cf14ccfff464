"""The form by which a person says who is who."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.registry.services.parties import LONGEST


class PartyDecisionForm(forms.Form):
    """One party or two, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For your colleagues and for later: what the decision rests on. It can be undone."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: it stays with the decision.")},
    )
