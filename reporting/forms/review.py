"""Forms of a review: a reason, a question, months to sweep."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.contact.services.questions import LONGEST as QUESTION_LONGEST
from portal.core import clock
from portal.core.months import Month
from portal.core.reasons import ReasonField
from reporting.queries.asked import usual_answer_day
from reporting.services.review import LONGEST


class ReturnForm(forms.Form):
    """Why a filing goes back to its organisation."""

    reason = ReasonField(
        help_text=_("The organisation reads this. Say what is to be mended, line by line where you can."),
        max_length=LONGEST,
    )


class DecisionForm(forms.Form):
    """Why a finding is confirmed, dismissed or settled."""

    reason = ReasonField(
        help_text=_(
            "For your colleagues and for later: what the decision rests on. The organisation does not see it."
        ),
        max_length=LONGEST,
    )


class AskForm(forms.Form):
    """A question to the organisation."""

    text = forms.CharField(
        label=_("Your question"),
        help_text=_(
            "The organisation reads this and gets a mail. One matter a question is answered soonest."
        ),
        max_length=QUESTION_LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write the question.")},
    )
    due_on = forms.DateField(
        label=_("Answer by"),
        help_text=_("Until 24:00 Beijing time of that day. Five working days are usual."),
        widget=forms.DateInput(attrs={"type": "date", "class": "input-10"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"due_on": usual_answer_day()})

    def clean_due_on(self) -> Any:
        """Today or later."""
        day = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError(_("This day is past. Choose today or later."), code="past")
        return day


def _months() -> list[tuple[str, str]]:
    from_here = Month.of(clock.today())
    return [(str(from_here - back), str(from_here - back)) for back in range(120)]


class SweepForm(forms.Form):
    """The months that a sweep looks at."""

    first = forms.ChoiceField(label=_("First month"), choices=_months)
    last = forms.ChoiceField(label=_("Last month"), choices=_months)

    def clean(self) -> dict[str, Any]:
        """In order."""
        cleaned = super().clean() or {}
        months: dict[str, Any] = {
            name: Month.parse(cleaned[name]) for name in ("first", "last") if name in cleaned
        }
        if len(months) == 2 and months["first"] > months["last"]:
            self.add_error("last", _("The last month comes before the first."))
            return cleaned
        return {**cleaned, **months}
