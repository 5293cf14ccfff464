"""Forms of extensions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.months import Month
from portal.core.templatetags.lodestone import month
from reporting.models import Extension, Obligation

_DAY = forms.DateInput(attrs={"type": "date", "class": "input-10"}, format="%Y-%m-%d")


def _reason(label: Any, hint: Any, missing: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
    )


class _PeriodMixin:
    """A month chosen from a list comes out as Month."""

    cleaned_data: dict[str, Any]

    def clean_period(self) -> Month:
        return Month.parse(self.cleaned_data["period"])


class AskExtensionForm(_PeriodMixin, forms.Form):
    """A later due day for one month."""

    period = forms.ChoiceField(label=_("Reporting month"), widget=forms.Select(attrs={"class": "input-10"}))
    until = forms.DateField(
        label=_("New due day"),
        help_text=_("Until 24:00 Beijing time of that day."),
        widget=_DAY,
        error_messages={"required": _("Choose the day until which you need.")},
    )
    reason = _reason(
        _("Why you need more time"), _("The regulator decides by it."), _("Write why you need more time.")
    )

    def __init__(self, months: list[Obligation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.period), month(row.period)) for row in months]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]


class GrantAllForm(_PeriodMixin, forms.Form):
    """A later due day for everybody."""

    period = forms.ChoiceField(label=_("Reporting month"), widget=forms.Select(attrs={"class": "input-10"}))
    until = forms.DateField(
        label=_("New due day"),
        help_text=_("Until 24:00 Beijing time of that day."),
        widget=_DAY,
        error_messages={"required": _("Choose the new due day.")},
    )
    reason = _reason(
        _("Reason"),
        _("For example an outage of the portal. Everybody who still owes the month is told."),
        _("Write the reason: everybody reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = Month.of(clock.today())
        choices = [(str(current - back), month(current - back)) for back in (1, 0, 2, 3)]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]


class DecideExtensionForm(forms.Form):
    """Grant or refuse what was asked for."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant the extension")), ("refuse", _("Refuse it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether to grant or refuse it.")},
    )
    until = forms.DateField(
        label=_("Until"),
        help_text=_("You may grant another day than was asked for."),
        widget=_DAY,
        required=False,
    )
    reason = _reason(
        _("Reason"),
        _("Required for a refusal. The organisation reads it."),
        _("Write the reason."),
        required=False,
    )

    def __init__(self, extension: Extension, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"until": extension.until})
        self.extension = extension
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Write why it is refused: the organisation reads it."))
        until = cleaned.get("until")
        if until and until > self.extension.asked_at.date() + timedelta(days=366):
            self.add_error("until", _("Choose a day within a year."))
        return cleaned
