"""The form by which a person says who is who."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.reasons import ReasonField
from portal.registry.services.parties import LONGEST


class PartyDecisionForm(forms.Form):
    """One party or two, and why."""

    reason = ReasonField(
        help_text=_("For your colleagues and for later: what the decision rests on. It can be undone."),
        max_length=LONGEST,
    )
