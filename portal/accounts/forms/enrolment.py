"""The request of an organisation to take part, and the decision about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as code_rules
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as Misshapen

from portal.accounts.forms.people import NewPassword, email_field, name_field, password_fields
from portal.accounts.models import Activity, User
from portal.accounts.services.enrolments import Applicant
from portal.accounts.services.enrolments import Details as OrganisationDetails
from portal.core import clock
from portal.core.months import Month

EARLIEST, LATEST = 12, 3  # months before and after the present one that may be the first to report


def month_choices(around: Month, also: Month | None = None) -> list[tuple[str, str]]:
    """Months that may be the first to report, the latest first."""
    months = set(Month.range(around - EARLIEST, around + LATEST)) | ({also} if also is not None else set())
    return [
        (str(month), date_format(month.first, "YEAR_MONTH_FORMAT")) for month in sorted(months, reverse=True)
    ]


def _this_month() -> Month:
    return Month.of(clock.today())


class EnrolmentForm(NewPassword):
    """What the organisation says about itself, and who asks where nobody is signed in."""

    uscc = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("18 digits and letters, as on the business licence."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "input-20 input-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    uscc_is_right = forms.BooleanField(
        label=_("The code is written exactly so on the business licence"), required=False
    )
    name_zh = forms.CharField(
        label=_("Chinese name"), max_length=200, required=False, help_text=_("At least one of the two names.")
    )
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    activities = forms.MultipleChoiceField(
        label=_("Activities"),
        choices=Activity.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All that apply."),
    )
    province = forms.CharField(
        label=_("Province"), max_length=60, widget=forms.TextInput(attrs={"class": "input-20"})
    )
    reports_from = forms.ChoiceField(
        label=_("First month to report"), help_text=_("The regulator may set another when it decides.")
    )
    note = forms.CharField(
        label=_("Anything the regulator should know"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = name_field()
    email = email_field(_("Your e-mail address at work"))
    password, password_again = password_fields()

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signed_in = signed_in
        self.code_fails = False
        self.fields["reports_from"].choices = month_choices(_this_month())  # type: ignore[attr-defined]
        self.fields["reports_from"].initial = str(_this_month())
        if signed_in:
            for name in ("name", "email", "password", "password_again"):
                del self.fields[name]

    def clean_uscc(self) -> str:
        written: str = code_rules.compact(self.cleaned_data["uscc"])
        try:
            code_rules.validate(written)
        except InvalidChecksum:
            self.code_fails = True
        except Misshapen as error:
            message = _(
                "The code has 18 characters: eight digits, then digits and capital letters without I, O, S, V and Z."
            )
            raise forms.ValidationError(message) from error
        return written

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.code_fails and not data.get("uscc_is_right"):
            message = _(
                "The last character does not fit the others. Compare the code; if it is right, say so below."
            )
            self.add_error("uscc", message)
        if not data.get("name_zh") and not data.get("name_en"):
            self.add_error("name_zh", _("Write the organisation's name in Chinese, in English or in both."))
        if not self.signed_in:
            email = data.get("email", "")
            names = [data.get(key, "") for key in ("name_en", "name_zh", "uscc")]
            self.check_password(User(username=email, email=email, first_name=data.get("name", "")), names)
        return data

    def details(self) -> OrganisationDetails:
        """What the organisation says about itself."""
        data = self.cleaned_data
        return OrganisationDetails(
            uscc=data["uscc"],
            name_zh=data["name_zh"],
            name_en=data["name_en"],
            activities=tuple(data["activities"]),
            province=data["province"],
            reports_from=Month.parse(data["reports_from"]),
        )

    def applicant(self) -> Applicant | None:
        """Who asks; None for a signed-in person."""
        if self.signed_in:
            return None
        data = self.cleaned_data
        language = get_language() or settings.LANGUAGE_CODE
        return Applicant(data["name"], data["email"].lower(), data["password"], language)


class ApprovalForm(forms.Form):
    """Consent, with the first month to report."""

    reports_from = forms.ChoiceField(label=_("First month to report"))

    def __init__(self, *args: Any, asked: Month | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reports_from"].choices = month_choices(_this_month(), asked)  # type: ignore[attr-defined]
        self.fields["reports_from"].initial = str(asked or _this_month())

    def month(self) -> Month:
        """The month chosen."""
        return Month.parse(self.cleaned_data["reports_from"])


class RefusalForm(forms.Form):
    """Refusal, with a reason that the applicant reads."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The applicant reads it. Say what would have to be mended."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
