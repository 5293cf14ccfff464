"""The form of a product."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.actors import Actor
from portal.registry.models import ELEMENT_SYMBOLS, Element, Product
from portal.registry.queries.products import is_used
from portal.registry.services.products import changed_recipe

_METALS = "fe co b cu al mg ni zr ga nb zn mn ti si c"


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an organisation says of one product. Contents are of the element, not of its oxide."""

    correction = forms.CharField(
        label=_("What was recorded wrongly"),
        required=False,
        max_length=500,
        help_text=_("Only where filings already rest on these contents. It is kept in the trail."),
    )

    class Meta:
        model = Product
        fields = (
            "code",
            "name",
            "stage",
            "family",
            "grade",
            "hs_code",
            "processing_level",
            "partners",
            *(f"{symbol}_pct" for symbol in ELEMENT_SYMBOLS),
            "assay_rel_uncertainty_pct",
        )
        help_texts = {
            "code": _("Your own number for it, as in your books. At most 40 characters."),
            "stage": _("What it is on the way from mine to assembly."),
            "family": _("For magnets and their alloys."),
            "grade": _("For example N42SH."),
            "hs_code": _("6, 8 or 10 digits."),
            "partners": _("Symbols separated by semicolons, for example fe;b."),
            "assay_rel_uncertainty_pct": _("1.0 where the laboratory says nothing else."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        names = {element.symbol: element.name for element in Element.objects.all()}
        for symbol in ELEMENT_SYMBOLS:
            field = self.fields[f"{symbol}_pct"]
            field.label = f"{symbol.capitalize()} {names.get(symbol, '')}".strip()
            field.widget = forms.TextInput(
                attrs={"inputmode": "decimal", "class": "input-4", "data-unit": "%"}
            )
        self.fields["hs_code"].widget.attrs.update({"inputmode": "numeric", "class": "input-10"})
        self.fields["code"].widget.attrs["class"] = "input-code"
        self.fields["assay_rel_uncertainty_pct"].widget = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "input-4", "data-unit": "%"}
        )
        if self.instance.pk:
            self.fields["code"].disabled = True
        if not (self.instance.pk and is_used(self.instance)):
            del self.fields["correction"]

    @property
    def content_fields(self) -> list[forms.BoundField]:
        """The sixteen contents, in the order of the elements."""
        return [self[f"{symbol}_pct"] for symbol in ELEMENT_SYMBOLS]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """What the product is called and what it is."""
        return [
            self[name]
            for name in (
                "code",
                "name",
                "stage",
                "family",
                "grade",
                "hs_code",
                "processing_level",
                "partners",
            )
        ]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        taken = Product.objects.filter(organisation=self.actor.organisation, code=code).exclude(
            pk=self.instance.pk
        )
        if taken.exists():
            raise forms.ValidationError(_("You already have a product with this code."), code="code_taken")
        return code

    def clean_partners(self) -> str:
        symbols = [
            part.strip().lower() for part in str(self.cleaned_data["partners"]).replace(",", ";").split(";")
        ]
        symbols = [symbol for symbol in symbols if symbol]
        unknown = [
            symbol for symbol in symbols if symbol not in _METALS.split() and symbol not in ELEMENT_SYMBOLS
        ]
        if unknown:
            words = _("“%(symbol)s” is no symbol of a metal. Write for example fe;b.")
            raise forms.ValidationError(words, code="unknown_symbol", params={"symbol": unknown[0]})
        return ";".join(dict.fromkeys(symbols))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        total = sum((cleaned.get(f"{symbol}_pct") or Decimal(0) for symbol in ELEMENT_SYMBOLS), Decimal(0))
        if total > 100:
            words = _(
                "The contents add up to %(total)s %%. They are mass per cent of the product: at most 100 together."
            )
            raise forms.ValidationError(words, code="over_hundred", params={"total": total})
        if "correction" in self.fields and not cleaned.get("correction"):
            self._refuse_another_recipe(cleaned)
        return cleaned

    def _refuse_another_recipe(self, cleaned: dict[str, Any]) -> None:
        if changed_recipe(Product.objects.get(pk=self.instance.pk), cleaned):
            words = _(
                "Filings rest on these contents. Say what was recorded wrongly, or add the new recipe as a new product."
            )
            self.add_error("correction", forms.ValidationError(words, code="recipe_in_use"))

    def values(self) -> dict[str, Any]:
        """What the form says, without the reason of a correction."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
