"""Handing in a file or a block of text."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A workbook (.xlsx) or a CSV (.csv, .csv.gz), up to 25 MB."),
        allow_empty_file=True,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.gz"}),
        error_messages={"required": _("Choose a file.")},
    )


class PasteForm(forms.Form):
    """A block copied from a spreadsheet."""

    text = forms.CharField(
        label=_("Rows"),
        help_text=_("Copy the cells in your spreadsheet, with their headings, and paste them here."),
        max_length=8_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Paste the rows first.")},
    )
    how = forms.ChoiceField(
        label=_("What should become of the lines that stand in the draft?"),
        choices=[("add", _("Keep them and add the rows")), ("replace", _("Replace them by the rows"))],
        initial="add",
        widget=forms.RadioSelect,
    )
