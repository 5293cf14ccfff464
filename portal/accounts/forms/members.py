"""Inviting colleagues, giving roles, looking for events of the trail, reporting a lost second factor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts import trail_words
from portal.accounts.forms.people import email_field
from portal.accounts.queries.trail import Wanted
from portal.accounts.roles import Role


class RolesForm(forms.Form):
    """The roles that a member holds."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.code, role.name) for role in offered]  # type: ignore[attr-defined]


class InvitationForm(RolesForm):
    """Whom to invite, and as what."""

    email = email_field(_("E-mail address of your colleague"))
    field_order = ["email", "roles"]


class SeparationForm(forms.Form):
    """Whether preparer and certifier must be two people."""

    separate = forms.BooleanField(
        label=_("Preparer and certifier must be two people"),
        help_text=_(
            "Whoever worked on a filing cannot sign it. Leave this off only where one person does all the work."
        ),
        required=False,
    )


class RecoveryForm(forms.Form):
    """A lost second factor: whose, and how the person can be reached."""

    login = forms.CharField(
        label=_("E-mail address or user name"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "class": "input-20"}
        ),
    )
    reason = forms.CharField(
        label=_("What happened, and at which telephone number you can be reached"),
        help_text=_("Administrators speak to you before they decide."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TrailForm(forms.Form):
    """What to look for in the trail; all fields may stay empty."""

    about = forms.ChoiceField(label=_("About"), required=False)
    person = forms.CharField(label=_("Person"), required=False, max_length=60)
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(code, words) for code, (words, _starts) in trail_words.GROUPS.items()]
        self.fields["about"].choices = [("", _("Everything")), *groups]  # type: ignore[attr-defined]

    def wanted(self, organisation_id: int | None) -> Wanted:
        """What is looked for; a field that cannot be read narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            verbs=trail_words.verbs_of(data.get("about", "")),
            person=data.get("person", "").strip(),
            first=data.get("first"),
            last=data.get("last"),
            organisation_id=organisation_id,
        )
