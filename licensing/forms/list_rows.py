"""Forms of the rows of a draft of the list, one for each table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification import LEVELS, reference_codes
from licensing.domain.classification.contents import micro, per_cent
from licensing.domain.classification.control_list import symbols_of
from licensing.forms.list_filters import DayField, element_choices
from licensing.models import (
    CustomsMeaning,
    Entry,
    Instrument,
    ListVersion,
    Regime,
    Suspension,
    Threshold,
)
from portal.registry.models import ELEMENT_SYMBOLS, Family

_DAYS = {"published_on", "effective_on", "repealed_on", "from_on", "until_on", "valid_from", "valid_until"}
_FAMILIES = [("", _("any")), (Family.NDFEB.value, Family.NDFEB.label), (Family.SMCO.value, Family.SMCO.label)]


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of a draft. The version is not part of the form: the service sets it."""

    table: ClassVar[str]
    title: ClassVar[Any]

    def __init__(self, version: ListVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        for name in list(self.fields):
            if name in _DAYS:
                old = self.fields[name]
                self.fields[name] = DayField(label=old.label, required=old.required)
        for name in ("instrument", "by"):
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = Instrument.objects.filter(version=version)
        if "family" in self.fields:
            self.fields["family"] = forms.ChoiceField(label=_("Family"), choices=_FAMILIES, required=False)

    def values(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for first, last in (
            ("valid_from", "valid_until"),
            ("from_on", "until_on"),
            ("published_on", "effective_on"),
        ):
            if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
                self.add_error(last, forms.ValidationError(_("It ends before it begins."), code="days"))
        return cleaned

    def _symbols(self, name: str, known: tuple[str, ...] | None = None) -> str:
        symbols = symbols_of(str(self.cleaned_data[name]).replace(",", ";").lower())
        for symbol in symbols:
            if known is not None and symbol not in known:
                words = _("“%(symbol)s” is no symbol of a rare earth.")
                raise forms.ValidationError(words, code="unknown_symbol", params={"symbol": symbol})
            if not (symbol.isascii() and symbol.isalpha() and len(symbol) <= 2):
                words = _("“%(symbol)s” is no symbol of a metal. Write for example fe;b.")
                raise forms.ValidationError(words, code="unknown_symbol", params={"symbol": symbol})
        return ";".join(symbols)


class InstrumentForm(RowForm):
    """An announcement or other act."""

    table, title = "instruments", _("Instrument")

    class Meta:
        model = Instrument
        fields = (
            "code", "cited_zh", "kind", "published_on", "effective_on", "repealed_on", "name_en", "name_zh", "words_en",
            "words_zh", "source", "evidence",
        )  # fmt: skip


class SuspensionForm(RowForm):
    """Days on which an instrument does not bind."""

    table, title = "suspensions", _("Suspension")

    class Meta:
        model = Suspension
        fields = ("instrument", "by", "from_on", "until_on", "end_confirmed", "source")
        labels = {"instrument": _("instrument suspended"), "by": _("suspended by")}
        help_texts = {
            "until_on": _("As the act writes it; whether that day still counts is a setting of the regime."),
            "end_confirmed": _("Tick it once it is known that the instrument binds again."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("end_confirmed") and not cleaned.get("until_on"):
            self.add_error(
                "until_on", forms.ValidationError(_("A confirmed end needs its day."), code="required")
            )
        return cleaned


class EntryForm(RowForm):
    """One entry with its reference codes."""

    table, title = "entries", _("Entry")
    element = forms.ChoiceField(label=_("Element"), required=False)
    levels = forms.CharField(
        label=_("Processing levels"),
        required=False,
        max_length=60,
        help_text=_("Those inside the entry, for example bulk;primary_shape. Empty = every level."),
    )
    reference_hs = forms.CharField(
        label=_("Reference HS codes"),
        required=False,
        max_length=400,
        help_text=_("Separated by semicolons; with days as 2846901940@2026-01-01..2026-12-31."),
    )

    class Meta:
        model = Entry
        fields = (
            "instrument", "control_code", "element", "form", "family", "partners", "levels", "name_en", "name_zh", "source",
            "evidence", "valid_from", "valid_until",
        )  # fmt: skip

    def __init__(self, version: ListVersion, *args: Any, elements: Any = None, **kwargs: Any) -> None:
        super().__init__(version, *args, **kwargs)
        element = self.fields["element"]
        assert isinstance(element, forms.ChoiceField)
        element.choices = elements or element_choices(_("any rare earth"))
        if self.instance.pk:
            codes = [
                reference_codes.DatedCode(one.hs_code, one.valid_from, one.valid_until)
                for one in self.instance.reference_codes.all()
            ]
            self.initial["reference_hs"] = reference_codes.written(codes)

    def clean_partners(self) -> str:
        return self._symbols("partners")

    def clean_levels(self) -> str:
        levels = symbols_of(self.cleaned_data["levels"])
        unknown = [level for level in levels if level not in LEVELS]
        if unknown:
            words = _("Choose from: %(codes)s.")
            raise forms.ValidationError(words, code="unknown_code", params={"codes": ", ".join(LEVELS)})
        return ";".join(levels)

    def clean_reference_hs(self) -> str:
        text = str(self.cleaned_data["reference_hs"]).replace(" ", "")
        try:
            codes = reference_codes.parse(text)
        except ValueError as error:
            words = _("“%(part)s” is no customs code. Write 4, 6, 8 or 10 digits.")
            raise forms.ValidationError(words, code="hs_code", params={"part": str(error)[:60]}) from error
        if len({code.hs_code for code in codes}) != len(codes):
            raise forms.ValidationError(_("A code stands here twice."), code="twice")
        return reference_codes.written(codes)

    def clean_control_code(self) -> str:
        code = str(self.cleaned_data["control_code"])
        if (
            Entry.objects.filter(version=self.version, control_code=code)
            .exclude(pk=self.instance.pk)
            .exists()
        ):
            raise forms.ValidationError(_("The draft holds such a row already."), code="row_twice")
        return code


class ThresholdForm(RowForm):
    """A content setting."""

    table, title = "thresholds", _("Content setting")
    content_pct = forms.DecimalField(
        label=_("Per cent"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=9,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-4", "data-unit": "%"}),
    )

    class Meta:
        model = Threshold
        fields = (
            "role", "form", "family", "elements", "combined", "valid_from", "valid_until", "tag_en", "tag_zh", "source",
            "evidence",
        )  # fmt: skip
        help_texts = {"elements": _("Symbols separated by semicolons; empty = each element of the list.")}

    def __init__(self, version: ListVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(version, *args, **kwargs)
        if self.instance.pk:
            self.initial["content_pct"] = per_cent(self.instance.content_upct)

    def clean_elements(self) -> str:
        return self._symbols("elements", ELEMENT_SYMBOLS)

    def values(self) -> dict[str, Any]:
        return super().values() | {"content_upct": micro(self.cleaned_data["content_pct"])}


class RegimeForm(RowForm):
    """How the end of a suspension is read."""

    table, title = "regimes", _("Regime of suspensions")

    class Meta:
        model = Regime
        fields = ("valid_from", "last_day_inclusive", "after", "note_en", "note_zh")


class CustomsMeaningForm(RowForm):
    """What a customs code says of goods."""

    table, title = "customs_meanings", _("Meaning of a customs code")

    class Meta:
        model = CustomsMeaning
        fields = (
            "hs_code", "form", "elements", "rare_earth", "name_en", "name_zh", "valid_from", "valid_until", "source",
        )  # fmt: skip
        help_texts = {"hs_code": _("The code, or the beginning that all such codes share.")}

    def clean_elements(self) -> str:
        return self._symbols("elements", ELEMENT_SYMBOLS)


FORMS: dict[str, type[RowForm]] = {
    form.table: form
    for form in (InstrumentForm, SuspensionForm, EntryForm, ThresholdForm, RegimeForm, CustomsMeaningForm)
}


class PublishForm(forms.Form):
    """The note that goes out with a version."""

    note = forms.CharField(
        label=_("What changed and why"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it with the version. It cannot be changed afterwards."),
    )


class UploadForm(forms.Form):
    """A file of entries."""

    file = forms.FileField(
        label=_("File of entries"),
        help_text=_("CSV or XLSX with the columns of the download. It replaces all entries of the draft."),
    )
