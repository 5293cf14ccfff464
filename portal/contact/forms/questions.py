"""Forms about questions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.contact.services.questions import LONGEST


class AnswerForm(forms.Form):
    """An organisation's answer."""

    text = forms.CharField(
        label=_("Your answer"),
        help_text=_("Say what happened and which figures are right. Numbers of documents help."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write your answer.")},
    )
