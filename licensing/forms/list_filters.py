"""What a reader of the list asks for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.models import GoodsForm
from licensing.queries.list_pages import Asked
from portal.registry.models import Element

FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day within reach, as ISO 8601 and as browsers write it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "input-10"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found is not None and not FIRST <= found <= LAST:
            raise forms.ValidationError(_("Write a day from 1990 to 2199."), code="out_of_reach")
        return found


def element_choices(nothing: Any) -> list[tuple[str, Any]]:
    """The rare earths by symbol and name, after a choice that says nothing."""
    return [
        ("", nothing),
        *((one.symbol, f"{one.symbol.capitalize()} {one.name}") for one in Element.objects.all()),
    ]


class ListFilterForm(forms.Form):
    """Words, element, form, customs code and day; whatever cannot be read filters nothing."""

    q = forms.CharField(label=_("Words or code"), required=False, max_length=100, widget=forms.SearchInput())
    element = forms.ChoiceField(label=_("Element"), required=False)
    form = forms.ChoiceField(label=_("Form"), required=False, choices=[("", _("any")), *GoodsForm.choices])
    hs = forms.CharField(
        label=_("HS code"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    on = DayField(label=_("Day to show"), required=False)

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(
            {"on": today.isoformat()} | {name: data[name] for name in self.base_fields if data.get(name)}
        )
        self.today = today
        choices = self.fields["element"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = element_choices(_("any"))

    @property
    def day(self) -> date:
        """The day to show: the one asked for, or today."""
        self.is_valid()
        found: date | None = self.cleaned_data.get("on")
        return found or self.today

    @property
    def asked(self) -> Asked:
        """What was asked for, without what could not be read."""
        self.is_valid()
        said = self.cleaned_data
        return Asked(
            said.get("q", "").strip(),
            said.get("element", ""),
            said.get("form", ""),
            said.get("hs", "").strip(),
        )
