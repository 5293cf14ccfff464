"""The filters of the regulator's lists. Names of organisations never stand in an address: ids do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Activity
from portal.core import clock
from portal.core.months import Month
from portal.core.templatetags import badge_words
from portal.core.templatetags.lodestone import day, month
from reporting.checks.core import every_check
from reporting.queries.listings import organisation_called
from reporting.queries.reviewing import reviewers
from reporting.queries.wording import title_of

MONTHS_BACK = 72


def month_choices() -> list[tuple[str, str]]:
    """The latest seventy-two months, newest first."""
    last = Month.of(clock.today())
    months = [last - back for back in range(MONTHS_BACK)]
    return [("", _("All months")), *((str(one), month(one)) for one in months)]


def _states(badges: dict[str, badge_words.Badge], every: str) -> list[tuple[str, Any]]:
    return [("", every), *((code, badge.label) for code, badge in badges.items())]


def reviewer_choices() -> list[tuple[str, str]]:
    """Me, nobody, or one of the reviewers."""
    people = [(str(person.pk), person.label) for person in reviewers()]
    return [("", _("Anybody")), ("me", _("Me")), ("nobody", _("Nobody")), *people]


def check_choices() -> list[tuple[str, Any]]:
    """Every check under its family; a family alone means all of its checks."""
    families: dict[str, list[tuple[str, str]]] = {}
    for item in every_check():
        families.setdefault(item.code[:3], []).append((item.code, f"{item.code} {title_of(item.code)}"))
    grouped = [
        (family, [(family, _("%(family)s: all") % {"family": family}), *codes])
        for family, codes in families.items()
    ]
    return [("", _("All checks")), *grouped]


class _ByReviewer(forms.Form):
    """A list that can be narrowed to one person's work; the people are looked up once."""

    reviewer = forms.ChoiceField(label=gettext_lazy("Reviewer"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewer"]
        field.choices = reviewer_choices()


class _ByOrganisation(forms.Form):
    """A list that can be narrowed to one organisation, found in a search of its own."""

    organisation = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def organisation_words(self, organisation_id: int) -> str:
        """The chip of the organisation."""
        return organisation_called(organisation_id) or _("an organisation that does not exist")


class _ByMonth(_ByOrganisation):
    period = forms.ChoiceField(label=gettext_lazy("Reporting month"), required=False, choices=month_choices)

    def clean_period(self) -> Month | None:
        """The month chosen."""
        text = self.cleaned_data["period"]
        return Month.parse(text) if text else None


class _Since(_ByMonth):
    since = forms.DateField(required=False, widget=forms.HiddenInput)

    def since_words(self, since: Any) -> str:
        """The chip of the day since when."""
        return _("since %(day)s") % {"day": day(since)}


class ObligationFilter(_ByMonth):
    """Who has filed."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=lambda: _states(
            {code: badge for code, badge in badge_words.OBLIGATION.items() if code != "extended"},
            _("All states"),
        ),
    )


class FilingFilter(_ByReviewer, _Since):
    """The queue of filings."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=lambda: [
            ("", _("All states")),
            *(
                (code, badge_words.FILING[code].label)
                for code in ("submitted", "accepted", "returned", "withdrawn")
            ),
        ],
    )
    timely = forms.ChoiceField(
        label=gettext_lazy("On time"),
        required=False,
        choices=lambda: [("", _("On time or late")), ("yes", _("Filed on time")), ("no", _("Filed late"))],
    )


class FindingFilter(_ByReviewer, _Since):
    """The queue of findings."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=lambda: _states(badge_words.FINDING, _("All states")),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"),
        required=False,
        choices=lambda: _states(badge_words.SEVERITY, _("All severities")),
    )
    check = forms.ChoiceField(label=gettext_lazy("Check"), required=False, choices=check_choices)


class AskedFilter(_ByReviewer, _Since):
    """The questions that were asked."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=lambda: [
            ("", _("All states")),
            *((code, badge_words.QUESTION[code].label) for code in ("open", "overdue", "answered", "closed")),
        ],
    )


class OrganisationFilter(forms.Form):
    """The organisations that report."""

    activity = forms.ChoiceField(
        label=gettext_lazy("Activity"),
        required=False,
        choices=lambda: [("", _("All activities")), *Activity.choices],
    )
    duty = forms.ChoiceField(
        label=gettext_lazy("Reporting duty"),
        required=False,
        choices=lambda: [
            ("", _("With and without")),
            ("yes", _("Owes monthly filings")),
            ("no", _("Owes none")),
        ],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=lambda: [
            ("", _("All states")),
            ("active", _("active")),
            ("applied", _("waiting for approval")),
            ("suspended", _("suspended")),
            ("refused", _("refused")),
        ],
    )


class SweepFilter(forms.Form):
    """The sweeps that were run."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Started by"),
        required=False,
        choices=lambda: [
            ("", _("Any cause")),
            ("night", _("Every night's run")),
            ("page", _("A person")),
            ("command", _("A command")),
        ],
    )
