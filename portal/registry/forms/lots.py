"""The form of a lot's assay."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.actors import Actor
from portal.registry.models import ELEMENT_SYMBOLS, Lot, Product

_NO_LOT = re.compile(r"[;:/]")


class LotForm(forms.ModelForm):  # type: ignore[type-arg]
    """What was measured of one lot; its product is named by code."""

    product = forms.CharField(label=_("Product"), max_length=40)

    class Meta:
        model = Lot
        fields = (
            "batch",
            *(f"{symbol}_pct" for symbol in ELEMENT_SYMBOLS),
            "assay_rel_uncertainty_pct",
            "assay_no",
            "laboratory",
            "assayed_on",
        )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["assayed_on"].input_formats = ["%Y-%m-%d"]  # type: ignore[attr-defined]

    def clean_product(self) -> Product:
        code = self.cleaned_data["product"]
        product = Product.objects.filter(organisation=self.actor.organisation, code=code).first()
        if product is None:
            raise forms.ValidationError(
                _("There is no such product in your catalogue."), code="unknown_product"
            )
        return product

    def clean_batch(self) -> str:
        batch = str(self.cleaned_data["batch"]).strip()
        if _NO_LOT.search(batch):
            raise forms.ValidationError(_("A lot number holds none of ; : /"), code="lot_misspelt")
        return batch

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        total = sum((cleaned.get(f"{symbol}_pct") or Decimal(0) for symbol in ELEMENT_SYMBOLS), Decimal(0))
        if total > 100:
            words = _(
                "The contents add up to %(total)s %%. They are mass per cent of the product: at most 100 together."
            )
            raise forms.ValidationError(words, code="over_hundred", params={"total": total})
        taken = Lot.objects.filter(
            organisation=self.actor.organisation,
            batch=cleaned.get("batch", ""),
            product=cleaned.get("product"),
        )
        if taken.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "batch",
                forms.ValidationError(_("You already have this lot of the product."), code="code_taken"),
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the form says."""
        return {name: self.cleaned_data[name] for name in ("product", *self.Meta.fields)}
