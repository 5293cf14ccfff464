"""Forms of the office: filters of the list, requests, advice, recommendation, countersignature, orders about a licence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.forms.applications import QuantityField
from licensing.models import (
    Application,
    ApplicationStatus,
    FlagCode,
    HitState,
    LicenceKind,
    Outcome,
    Position,
    Queue,
    RefusalReason,
    Transport,
)
from licensing.queries.rejudgements import lines_now
from licensing.services.deciding import LONGEST, Terms
from portal.core.quantities import KG_PLACES
from portal.core.reasons import ReasonField

ANY = ("", _("any"))


class CaseFilter(forms.Form):
    """Filters of the list of cases."""

    q = forms.CharField(
        label=_("Number"), required=False, max_length=30, widget=forms.TextInput(attrs={"type": "search"})
    )
    queue = forms.ChoiceField(label=_("Queue"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            ("open", _("not decided")),
            *[choice for choice in ApplicationStatus.choices if choice[0] != "draft"],
        ],
    )
    officer = forms.ChoiceField(
        label=_("Case officer"), required=False, choices=[ANY, ("me", _("mine")), ("nobody", _("nobody's"))]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *LicenceKind.choices])
    flag = forms.ChoiceField(label=_("Flag"), required=False, choices=[ANY, *FlagCode.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queue"].choices = [ANY, *((row.code, row.name) for row in Queue.objects.all())]  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """A request for information."""

    text = forms.CharField(
        label=_("What do you need to know?"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write the words first.")},
    )
    line = forms.ChoiceField(label=_("About"), required=False)
    due_on = forms.DateField(
        label=_("Answer by"),
        help_text=_("24:00 Beijing time of that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [
            (str(line.line_no), f"{line.line_no}: {line.code} {line.name}")
            for line in application.lines.all()
        ]
        self.fields["line"].choices = [("", _("the whole application")), *rows]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the form says."""
        line = self.cleaned_data["line"]
        return {
            "text": self.cleaned_data["text"],
            "due_on": self.cleaned_data["due_on"],
            "line_no": int(line) if line else None,
        }


class AdviceForm(forms.Form):
    """What the officer thinks of one good or party."""

    position = forms.ChoiceField(label=_("Advice"), choices=Position.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Words"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the words first.")},
    )


class HitForm(forms.Form):
    """Whether the party is the one listed."""

    state = forms.ChoiceField(
        label=_("Is it the same party?"),
        choices=[
            (HitState.CLEARED.value, _("No, somebody else")),
            (HitState.CONFIRMED.value, _("Yes, the same party")),
        ],
        widget=forms.RadioSelect,
    )
    reason = ReasonField()


class RecommendForm(forms.Form):
    """A recommendation: grant under these terms, or refuse for these reasons."""

    verdict = forms.ChoiceField(
        label=_("Recommendation"),
        choices=[(Outcome.GRANTED.value, _("grant the licence")), (Outcome.REFUSED.value, _("refuse it"))],
        widget=forms.RadioSelect,
    )
    months = forms.IntegerField(label=_("Months of validity"), min_value=1, required=False)
    max_uses = forms.IntegerField(
        label=_("Allowed uses"),
        help_text=_("Empty for any number."),
        min_value=1,
        max_value=9_999,
        required=False,
    )
    tolerance_pct = forms.DecimalField(
        label=_("Tolerance"), min_value=0, max_value=10, max_digits=5, decimal_places=2, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-4", "data-unit": "%"}),
    )  # fmt: skip
    customs_office = forms.CharField(label=_("Customs office"), max_length=100, required=False)
    transport_mode = forms.ChoiceField(
        label=_("Transport"), choices=[("", "–"), *Transport.choices], required=False
    )
    no_split = forms.BooleanField(label=_("No part shipments"), required=False)
    reasons = forms.MultipleChoiceField(
        label=_("Reasons of a refusal"),
        choices=RefusalReason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(
        label=_("Words to the applicant"),
        help_text=_("They stand in the letter. A refusal needs them."),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].max_value = LONGEST[application.kind]  # type: ignore[attr-defined]
        self.lines = [line for line in lines_now(application) if line.verdict != "not_controlled"]
        for line in self.lines:
            self.fields[f"quantity_{line.line_no}"] = QuantityField(
                label=_("Quantity of line %(line)s") % {"line": line.line_no},
                help_text=_("Empty: as asked for."),
                places=KG_PLACES,
                above_zero=True,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("verdict") == Outcome.REFUSED:
            if not cleaned.get("reasons"):
                self.add_error("reasons", _("A refusal needs its reason."))
            if not cleaned.get("words"):
                self.add_error("words", _("A refusal needs words that the applicant understands."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the form says, as the service takes it."""
        given = self.cleaned_data
        refused = given["verdict"] == Outcome.REFUSED
        quantities = {
            line.line_no: exact.units
            for line in self.lines
            if (exact := given.get(f"quantity_{line.line_no}")) is not None
        }
        terms = Terms(
            months=given["months"] or 12,
            max_uses=given["max_uses"],
            tolerance_pct=given["tolerance_pct"] or Decimal(0),
            customs_office=given["customs_office"],
            transport_mode=given["transport_mode"],
            no_split=given["no_split"],
            quantities=quantities,
        )
        return {
            "verdict": given["verdict"],
            "terms": terms,
            "reasons": given["reasons"] if refused else [],
            "words": given["words"],
        }


class DecideForm(forms.Form):
    """The second person signs, or sends back with a reason."""

    action = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("sign", _("Sign what is recommended")),
            ("send_back", _("Send it back to the case officer")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed to send it back. The recommendation stays, marked."),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("action") == "send_back" and not cleaned.get("reason"):
            self.add_error("reason", _("Write the reason: it stays with the decision."))
        return cleaned


class OrderForm(forms.Form):
    """An order about a licence: suspend, lift, revoke."""

    action = forms.ChoiceField(label=_("Order"), widget=forms.RadioSelect)
    until = forms.DateField(
        label=_("Suspended until"),
        help_text=_("The last day; empty until it is lifted."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = ReasonField()

    def __init__(self, *args: Any, orders: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = orders  # type: ignore[attr-defined]
        if "suspend" not in dict(orders):
            del self.fields["until"]
