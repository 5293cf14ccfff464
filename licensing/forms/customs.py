"""Forms of customs: a question about goods at the border, a file of declarations, an item taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification import Good
from licensing.domain.declared import Asked, DeclaredItem
from licensing.forms.checker import CheckerForm
from licensing.forms.declared import ITEM_MEMBERS, Reader, read_item
from portal.core import clock

MOST: Final = 5_000  # items of one file
_DECLARED: Final = (
    "declaration_no", "item_no", "declared_on", "exporter", "licence_no", "licence_line_no", "quantity_kg", "value_cny",
    "destination", "consignee_name", "consignee_id",
)  # fmt: skip
_GOODS: Final = ("form", "family", "processing_level", "partners", "hs_code", "description")


def _short(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input-10", "autocomplete": "off", **attributes})


class ExportCheckForm(CheckerForm):
    """The goods as for a classification, and what the declaration says. What cannot be used is told at its field."""

    exporter = forms.CharField(
        label=_("Exporter's unified social credit code"), max_length=18, widget=_short()
    )
    licence_no = forms.CharField(label=_("Licence number"), max_length=60, required=False)
    licence_line_no = forms.CharField(
        label=_("Line of the licence"), max_length=10, required=False, widget=_short(inputmode="numeric")
    )
    quantity_kg = forms.CharField(label=_("Quantity, kg"), max_length=40, widget=_short(inputmode="decimal"))
    value_cny = forms.CharField(
        label=_("Value, CNY"), max_length=40, required=False, widget=_short(inputmode="decimal")
    )
    destination = forms.CharField(
        label=_("Country of destination"),
        max_length=2,
        required=False,
        help_text=_("Two letters, for example DE."),
        widget=forms.TextInput(attrs={"class": "input-4", "autocomplete": "off"}),
    )
    consignee_name = forms.CharField(label=_("Consignee"), max_length=300, required=False)
    consignee_id = forms.CharField(
        label=_("Consignee's identity number"),
        max_length=100,
        required=False,
        help_text=_("Kind and number, for example VAT:DE136695976."),
    )
    declaration_no = forms.CharField(label=_("Declaration number"), max_length=60)
    item_no = forms.CharField(label=_("Item"), max_length=10, initial="1", widget=_short(inputmode="numeric"))
    declared_on = forms.CharField(
        label=_("Declared on"),
        max_length=10,
        required=False,
        help_text=_("Today where nothing stands here."),
        widget=forms.TextInput(attrs={"class": "input-10", "placeholder": "2026-06-01"}),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        del self.fields["on"]
        self.order_fields([*_DECLARED, *_GOODS])
        self._item: DeclaredItem | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        reader = Reader({name: cleaned.get(name) or None for name in ITEM_MEMBERS})
        self._item = read_item(reader, numbered=True)
        for fault in reader.faults:
            self.add_error(fault.name if fault.name in self.fields else None, fault.words())
        return cleaned

    @property
    def declaration_fields(self) -> list[forms.BoundField]:
        """What the declaration says."""
        return [self[name] for name in _DECLARED]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """What the goods are."""
        return [self[name] for name in _GOODS]

    def asked(self) -> tuple[Asked, Good]:
        """The question; only of a form that is valid. The customs day decides."""
        assert self._item is not None
        self.cleaned_data["on"] = None
        good = replace(self.good(clock.today()), on=None)
        return Asked(self._item, consignee_id=self.cleaned_data["consignee_id"].strip()), good


class BatchForm(forms.Form):
    """A file of declarations."""

    file = forms.FileField(
        label=_("File of declarations"),
        help_text=_("CSV or XLSX with the columns of the data dictionary's table “declarations”."),
    )


class TakeBackForm(forms.Form):
    """An item of a declaration that did not leave."""

    declaration_no = forms.CharField(label=_("Declaration number"), max_length=60)
    item_no = forms.IntegerField(
        label=_("Item"), min_value=1, max_value=2**31 - 1, initial=1, widget=_short(inputmode="numeric")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
