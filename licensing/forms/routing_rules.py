"""Forms of casework's rules and queues: conditions a field each, from which day, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.domain.routing import RAISED_BY_RULES, Content
from licensing.models import FlagCode, LicenceKind, Purpose, Queue
from licensing.services import routing_rules
from portal.core import clock
from portal.core.errors import Refused
from portal.core.reasons import ReasonField
from portal.registry.countries import countries

_DAY: Final = {"type": "date", "class": "input-10"}
_SPLIT: Final = re.compile(r"[;,；，、\s]+")
_CONTROL_CODE: Final = re.compile(r"[0-9A-Za-z.]{1,30}\*?")
_PLACES: Final = {
    "too_soon": "first_day", "effect_unknown": "does", "unknown_code": "does", "position_taken": "position",
    "position_unusable": "position", "code_unusable": "code", "code_taken": "code",
}  # fmt: skip


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def _listed(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=1_000)


class _Refusable(forms.Form):
    def refuse(self, refusal: Refused) -> None:
        """The refusal stands at its field."""
        place = _PLACES.get(refusal.code)
        self.add_error(place if place in self.fields else None, refusal.words())


class RuleForm(_Refusable):
    """What a rule says, from which day on, and why. Conditions that are left empty are not asked."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_(
            "Small letters, digits, “-” and “_”. It stays with every case that the rule routes or flags."
        ),
        max_length=30,
        widget=forms.TextInput(attrs={"class": "input-20", "autocomplete": "off"}),
    )
    does = forms.ChoiceField()
    position = forms.IntegerField(
        label=_("Place in the order"),
        help_text=_("Rules are asked from the lowest number up: 150 lies between 100 and 200."),
        min_value=0,
        max_value=routing_rules.LAST_POSITION,
        widget=forms.NumberInput(attrs={"class": "input-4"}),
    )
    kind = _several(_("Kind of licence"), LicenceKind.choices)
    purpose = _several(_("Purpose"), Purpose.choices)
    destination = _listed(
        _("Countries of goods and parties"), _("Two letters each, with semicolons between them: JP; US.")
    )
    control_code = _listed(
        _("Entries of the control list"),
        _("With semicolons between them; 1C904* stands for all that begins so."),
    )
    province = _listed(_("Provinces of the applicant"), _("With semicolons between them."))
    flag = _several(_("Flags"), FlagCode.choices)
    first_day = forms.DateField(
        label=_("From"),
        help_text=_("Tomorrow at the earliest. Cases in the office stay where they are."),
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    reason = ReasonField()
    seen = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, flags: bool, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flags, self.rule_code = flags, code
        if code:
            del self.fields["code"]
        does: Any = self.fields["does"]
        if flags:
            del self.fields["flag"]
            does.label = _("Raise the flag")
            does.choices = [("", "–"), *((one, FlagCode(one).label) for one in RAISED_BY_RULES)]
        else:
            does.label = _("Put into the queue")
            does.choices = [("", "–"), *((row.code, row.name) for row in Queue.objects.all())]
        self.fields["first_day"].initial = clock.today() + timedelta(days=1)

    def clean_destination(self) -> list[str]:
        codes = [code.upper() for code in _parts(self.cleaned_data["destination"])]
        unknown = [code for code in codes if code not in countries()]
        if unknown:
            raise forms.ValidationError(
                _("There is no country with the code %(code)s."), params={"code": unknown[0]}
            )
        return codes

    def clean_control_code(self) -> list[str]:
        codes = _parts(self.cleaned_data["control_code"])
        odd = [code for code in codes if not _CONTROL_CODE.fullmatch(code)]
        if odd:
            raise forms.ValidationError(
                _("%(code)s is no entry. Write 1C904.a.4, or 1C904* for all that begins so."),
                params={"code": odd[0]},
            )
        return codes

    def clean_province(self) -> list[str]:
        return [part.strip() for part in re.split(r"[;；]", self.cleaned_data["province"]) if part.strip()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                routing_rules.check(self.content(), self.named(), cleaned["first_day"])
            except Refused as refusal:
                self.refuse(refusal)
        return cleaned

    def named(self) -> str:
        """The rule that is meant."""
        return self.rule_code or str(self.cleaned_data["code"])

    def content(self) -> Content:
        """What the form says."""
        given = self.cleaned_data
        facts = ("kind", "purpose", "destination", "control_code", "province", "flag")
        wants = {fact: list(given[fact]) for fact in facts if given.get(fact)}
        effect = {"flag" if self.flags else "queue": given["does"]}
        return Content(given["position"], wants, **effect)


def said(content: Content) -> dict[str, Any]:
    """The fields of a form that says what a version says."""
    wants: Mapping[str, Any] = content.wants
    listed = {name: "; ".join(wants.get(name, ())) for name in ("destination", "control_code", "province")}
    chosen = {name: list(wants.get(name, ())) for name in ("kind", "purpose", "flag")}
    return {"does": content.flag or content.queue, "position": content.position, **listed, **chosen}


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in _SPLIT.split(text.strip()) if part))


class EndForm(forms.Form):
    """Until when a rule holds, and why it ends."""

    last = forms.DateField(
        label=_("Last day"),
        help_text=_("The last day on which it is asked; today at the earliest."),
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    reason = ReasonField()
    seen = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last"].initial = clock.today()

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if last < clock.today():
            raise forms.ValidationError(_("The last day is today at the earliest."))
        return last


class QueueForm(_Refusable):
    """A queue: its names in both languages and its place."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Small letters, digits, “-” and “_”. It stays."),
        max_length=30,
        widget=forms.TextInput(attrs={"class": "input-20", "autocomplete": "off"}),
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=100)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=100)
    position = forms.IntegerField(
        label=_("Place in the list"),
        min_value=0,
        max_value=routing_rules.LAST_POSITION,
        widget=forms.NumberInput(attrs={"class": "input-4"}),
    )

    def __init__(self, *args: Any, named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if named:
            del self.fields["code"]
