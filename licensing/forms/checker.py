"""One good, as somebody without an account says it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification import FORMS, Good
from licensing.domain.classification.control_list import symbols_of
from licensing.forms.list_filters import DayField
from licensing.models import GoodsForm
from portal.registry.models import ELEMENT_SYMBOLS, Element, Family, ProcessingLevel

_UNSAID = _("not said")


class CheckerForm(forms.Form):
    """What is known of a good. What is left empty is unknown; 0 is measured absence."""

    form = forms.ChoiceField(
        label=_("Form"),
        choices=[("", _UNSAID), *((code, GoodsForm(code).label) for code in FORMS)],
        required=False,
    )
    family = forms.ChoiceField(
        label=_("Family"),
        choices=[("", _UNSAID), *Family.choices],
        required=False,
        help_text=_("For magnets and their alloys."),
    )
    processing_level = forms.ChoiceField(
        label=_("Processing level"),
        choices=[("", _UNSAID), *ProcessingLevel.choices],
        required=False,
        help_text=_("Tiles, sheets and rings are simply shaped; a rotor is an assembly."),
    )
    partners = forms.CharField(
        label=_("Other metals of the alloy"),
        required=False,
        max_length=60,
        help_text=_("Symbols separated by semicolons, for example fe;b."),
        widget=forms.TextInput(attrs={"class": "input-10"}),
    )
    hs_code = forms.RegexField(
        r"^(\d{6}|\d{8}|\d{10})$",
        label=_("HS code"),
        required=False,
        help_text=_("It never decides; it can contradict."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-10"}),
        error_messages={"invalid": _("Write 6, 8 or 10 digits.")},
    )
    description = forms.CharField(label=_("Description"), required=False, max_length=500)
    on = DayField(label=_("Day of export"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        for element in Element.objects.all():
            self.fields[f"{element.symbol}_pct"] = forms.DecimalField(
                label=f"{element.symbol.capitalize()} {element.name}",
                required=False,
                min_value=Decimal(0),
                max_value=Decimal(100),
                max_digits=9,
                decimal_places=6,
                localize=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-4"}),
            )

    @property
    def content_fields(self) -> list[forms.BoundField]:
        """The sixteen contents."""
        return [self[f"{symbol}_pct"] for symbol in ELEMENT_SYMBOLS]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """What the good is."""
        return [self[name] for name in self.base_fields]

    def clean_partners(self) -> str:
        symbols = symbols_of(str(self.cleaned_data["partners"]).replace(",", ";").replace("，", ";").lower())
        for symbol in symbols:
            if not (symbol.isascii() and symbol.isalpha() and len(symbol) <= 2):
                words = _("“%(symbol)s” is no symbol of a metal. Write for example fe;b.")
                raise forms.ValidationError(words, code="unknown_symbol", params={"symbol": symbol})
        return ";".join(symbols)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        total = sum((cleaned.get(f"{symbol}_pct") or Decimal(0) for symbol in ELEMENT_SYMBOLS), Decimal(0))
        if total > 100:
            raise forms.ValidationError(
                _("The contents add up to %(total)s %%, more than 100 %%."),
                params={"total": total},
                code="over_hundred",
            )
        return cleaned

    def good(self, today: date) -> Good:
        """The good that was said."""
        said = self.cleaned_data
        amounts = {symbol: said.get(f"{symbol}_pct") for symbol in ELEMENT_SYMBOLS}
        return Good(
            on=said["on"] or today,
            form=said["form"] or None,
            family=said["family"] or None,
            processing_level=said["processing_level"] or None,
            contents={symbol: amount for symbol, amount in amounts.items() if amount is not None},
            partners=symbols_of(said["partners"]),
            hs_code=said["hs_code"],
            description=said["description"],
        )
