"""The form that asks for a receipt or a licence."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.queries.receipts import normal_proof

_SHAPE = re.compile(r"[0-9a-f]{64}|[0-9A-Z-]{4,30}")


class ProofForm(forms.Form):
    """A receipt's or a licence's number, or the SHA-256 of filed data."""

    proof = forms.CharField(
        label=_("Number of a receipt or licence, or SHA-256"),
        help_text=_(
            "For example LS202605-7K3MX-Q9DTW or REL2026-0000001-42, or the 64 characters printed on a receipt."
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input-code", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the number, or the SHA-256 of the receipt.")},
    )

    def clean_proof(self) -> str:
        proof: Any = normal_proof(self.cleaned_data["proof"])
        if not _SHAPE.fullmatch(proof):
            raise forms.ValidationError(
                _(
                    "This is neither a number of a receipt or licence nor a SHA-256. Copy it from the paper as it stands there."
                )
            )
        return str(proof)
