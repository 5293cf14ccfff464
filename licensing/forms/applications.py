"""Forms of an application: a draft takes what is there, and completeness says later what is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.models import (
    Application,
    ApplicationParty,
    LicenceKind,
    PaperKind,
    PartyRole,
    Purpose,
    Transport,
    Undertaking,
)
from licensing.queries.applications import renewable
from portal.core.actors import Actor
from portal.core.quantities import CNY_PLACES, KG_PLACES, Exact, QuantityError, parse_quantity
from portal.registry.countries import country_choices
from portal.registry.models import IdentifierType
from portal.registry.queries.counterparties import counterparties_of
from portal.registry.queries.products import products_of

FAULTS: dict[str, Any] = {
    "not_a_number": _("Write a number, for example 1200.500."),
    "too_many_decimals": _("More decimals than can be kept: write whole grams or whole fen."),
    "too_large": _("This is larger than anything that can be exported. Is it the right unit?"),
    "not_positive": _("Write more than 0."),
}


class StartForm(forms.Form):
    """What kind of application is begun."""

    purpose = forms.ChoiceField(
        label=_("What do you need?"),
        choices=[
            (Purpose.NEW.value, _("A new licence")),
            (Purpose.RENEWAL.value, _("A licence like one I have, for later (renewal)")),
            (Purpose.AMENDMENT.value, _("A change to a licence I have (amendment)")),
        ],
        initial=Purpose.NEW.value,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Kind of licence"),
        help_text=_(
            "Individual: one end user, up to a year. General: several end users, repeated, up to three years. A renewal or amendment keeps its kind."
        ),
        choices=LicenceKind.choices,
        initial=LicenceKind.INDIVIDUAL,
        widget=forms.RadioSelect,
    )
    licence = forms.ChoiceField(
        label=_("Licence"), help_text=_("For a renewal or an amendment."), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.pk), row.licence_no) for row in renewable(actor)[:500]]
        self.fields["licence"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("purpose") != Purpose.NEW and not cleaned.get("licence"):
            self.add_error("licence", _("Choose the licence that is renewed or changed."))
        return cleaned


class QuantityField(forms.CharField):
    """Kilograms or yuan, exact; refused with the word of what is wrong."""

    def __init__(self, *, places: int, above_zero: bool, **kwargs: Any) -> None:
        unit = "kg" if places == KG_PLACES else "CNY"
        attrs = {"inputmode": "decimal", "class": "input-10", "data-unit": unit, "autocomplete": "off"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.places, self.above_zero = places, above_zero

    def clean(self, value: Any) -> Exact | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            exact = parse_quantity(text, self.places)
        except QuantityError as fault:
            raise forms.ValidationError(FAULTS[fault.code], code=fault.code) from fault
        if exact.units < 0 or (self.above_zero and exact.units == 0):
            raise forms.ValidationError(FAULTS["not_positive"], code="not_positive")
        return exact


class LineForm(forms.Form):
    """How much of a good, and what it is worth. A draft may do without both."""

    needed_to_submit = ("quantity",)
    asked_about = ("value",)

    quantity = QuantityField(label=_("Quantity"), places=KG_PLACES, above_zero=True, required=False)
    value = QuantityField(label=_("Value"), places=CNY_PLACES, above_zero=False, required=False)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Model, drawing, or where it sits in the product."),
        max_length=300,
        required=False,
    )

    def values(self) -> dict[str, Any]:
        """What the form says, as the line keeps it."""
        quantity, value = self.cleaned_data["quantity"], self.cleaned_data["value"]
        return {
            "quantity_g": quantity.units if quantity else None,
            "quantity_dp": quantity.decimals if quantity else KG_PLACES,
            "value_fen": value.units if value else None,
            "value_dp": value.decimals if value else CNY_PLACES,
            "note": self.cleaned_data["note"],
        }


class NewLineForm(LineForm):
    """A good of the catalogue."""

    field_order = ("product", "quantity", "value", "note")
    product = forms.ChoiceField(
        label=_("Good"),
        help_text=_("From your catalogue of products, with its assay as it stands there."),
        error_messages={"required": _("Choose a good.")},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(row.pk), f"{row.code} {row.name}") for row in products_of(actor)[:2_000]]
        self.fields["product"].choices = [("", "–"), *rows]  # type: ignore[attr-defined]


class PartyForm(forms.ModelForm):  # type: ignore[type-arg]
    """One party. Everything but role and name may follow later."""

    needed_to_submit = ("country",)
    asked_about = ("address", "id_number")

    class Meta:
        model = ApplicationParty
        fields = ("role", "name", "name_local", "country", "id_type", "id_number", "address", "city")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"), choices=country_choices(), required=False
        )
        self.fields["id_type"] = forms.ChoiceField(
            label=_("Kind of identity number"),
            choices=[("", "–"), *IdentifierType.choices],
            required=False,
        )

    def values(self) -> dict[str, Any]:
        """What the form says."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class KnownPartyForm(forms.Form):
    """A client of the register in a role."""

    counterparty = forms.ChoiceField(label=_("From your counterparties"))
    role = forms.ChoiceField(label=_("Role"), choices=PartyRole.choices)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(row.pk), f"{row.code} {row.name}") for row in counterparties_of(actor)[:2_000]]
        self.fields["counterparty"].choices = [("", "–"), *rows]  # type: ignore[attr-defined]


class UseForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the goods are for, under which contract, under which conditions."""

    needed_to_submit = ("end_use", "contract_no", "months", "reason")

    destination = forms.ChoiceField(label=_("Country of final destination"), required=False)
    transport_mode = forms.ChoiceField(
        label=_("Transport"), choices=[("", "–"), *Transport.choices], required=False
    )

    class Meta:
        model = Application
        fields = (
            "end_use",
            "destination",
            "contract_no",
            "contract_on",
            "months",
            "max_uses",
            "customs_office",
            "transport_mode",
            "no_split",
            "reason",
        )
        widgets = {
            "end_use": forms.Textarea(attrs={"rows": 4}),
            "reason": forms.Textarea(attrs={"rows": 3}),
            "contract_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "months": forms.NumberInput(attrs={"class": "input-4", "min": 1, "max": 36}),
            "max_uses": forms.NumberInput(attrs={"class": "input-4", "min": 1}),
        }
        help_texts = {
            "end_use": _("In which product, made by whom, and where the goods sit in it."),
            "months": _("How long the licence should hold."),
            "max_uses": _("How many declarations: 1, 12, or empty for any number."),
            "customs_office": _("Only where the goods leave through one office."),
            "reason": _("Why the licence is renewed or amended."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["destination"].choices = country_choices()  # type: ignore[attr-defined]
        longest = 36 if self.instance.kind == LicenceKind.GENERAL else 12
        for name, most in (("months", longest), ("max_uses", 9_999)):
            self.fields[name].min_value = 1  # type: ignore[attr-defined]
            self.fields[name].validators += [_between(1, most)]
        if self.instance.purpose == Purpose.NEW:
            del self.fields["reason"]

    def values(self) -> dict[str, Any]:
        """What the form says."""
        return dict(self.cleaned_data)


def _between(least: int, most: int) -> Any:
    def check(value: int) -> None:
        if not least <= value <= most:
            words = _("Write a number from %(least)s to %(most)s.")
            raise forms.ValidationError(words, code="out_of_range", params={"least": least, "most": most})

    return check


class PaperForm(forms.Form):
    """One file and what it is."""

    kind = forms.ChoiceField(label=_("Kind of paper"), choices=PaperKind.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG, JPEG, DOCX or XLSX, up to 25 MB."),
        allow_empty_file=True,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"}),
        error_messages={"required": _("Choose a file.")},
    )


class SubmitForm(forms.Form):
    """Every undertaking, and which state of the draft was read."""

    undertakings = forms.MultipleChoiceField(
        label=_("Undertakings"),
        choices=Undertaking.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Give each undertaking first.")},
    )
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def clean_undertakings(self) -> list[str]:
        given: list[str] = self.cleaned_data["undertakings"]
        if set(given) != set(Undertaking.values):
            raise forms.ValidationError(_("Give each undertaking first."))
        return given


class AnswerForm(forms.Form):
    """The answer to a request, with a paper or without."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write the words first.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of paper"), choices=PaperKind.choices, initial=PaperKind.TEST_REPORT, required=False
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG, JPEG, DOCX or XLSX, up to 25 MB."),
        required=False,
        allow_empty_file=True,
        max_length=300,
    )


class EvidenceForm(forms.Form):
    """What the foreign end user says to the office."""

    statement = forms.CharField(
        label=_("Your statement"),
        help_text=_("What the goods are for, where they are used, and whom you pass them on to, if anybody."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write the words first.")},
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG, JPEG, DOCX or XLSX, up to 25 MB."),
        required=False,
        allow_empty_file=True,
        max_length=300,
    )
