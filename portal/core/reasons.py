"""The field and the form by which a person says why: the words stay with what was decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonField(forms.CharField):
    """Words that are needed, as long as the service that keeps them allows."""

    def __init__(self, *, max_length: int = 2_000, **kwargs: Any) -> None:
        told: dict[str, Any] = {
            "label": _("Reason"),
            "error_messages": {"required": _("Write the reason: it stays with the decision.")},
        }
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(max_length=max_length, widget=widget, **(told | kwargs))


class ReasonForm(forms.Form):
    """Why something is done, and nothing else."""

    reason = ReasonField()
