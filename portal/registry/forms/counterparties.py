"""The form of a counterparty: identity numbers verified, likenesses shown before a double is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.actors import Actor
from portal.registry.countries import country_choices
from portal.registry.domain.identifiers import IdentityVerdict, verify
from portal.registry.domain.similarity import Named
from portal.registry.models import Counterparty
from portal.registry.queries.counterparties import lookalikes


class CounterpartyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an organisation says of a client or supplier.

    A number that fails its check digit, and a likeness to one already listed, are shown once and may then be confirmed:
    some genuine codes fail, and some names are alike.
    """

    confirmed = forms.BooleanField(label=_("I have looked, and it is right as it stands"), required=False)

    class Meta:
        model = Counterparty
        fields = (
            "code",
            "name",
            "name_local",
            "country",
            "id_type",
            "id_number",
            "address",
            "city",
            "end_use",
            "end_user_name",
            "end_user_country",
        )
        help_texts = {
            "code": _("Your own number for it. At most 40 characters."),
            "name": _("As on the contract."),
            "name_local": _("If it is written in another script at home."),
            "id_number": _("For a Chinese company its unified social credit code."),
            "end_use": _("What the goods are for. Required for clients that you export to."),
            "end_user_name": _("If the client is not the end user."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.doubts: list[str] = []
        self.alike: list[tuple[Counterparty, Any]] = []
        for name in ("country", "end_user_country"):
            field = self.fields[name]
            self.fields[name] = forms.ChoiceField(
                label=field.label, choices=country_choices, required=field.required, help_text=field.help_text
            )
        kinds = self.fields["id_type"]
        kinds.choices = [("", "–"), *[choice for choice in kinds.choices if choice[0]]]  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs["class"] = "input-code"
        self.fields["id_number"].widget.attrs["class"] = "input-20"
        if self.instance.pk:
            self.fields["code"].disabled = True
        else:
            self.fields["name"].widget.attrs["data-suggest"] = "/counterparties/suggestions/"

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        taken = Counterparty.objects.filter(organisation=self.actor.organisation, code=code)
        if taken.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("You already have a counterparty with this code."), code="code_taken"
            )
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("id_number") and not cleaned.get("id_type"):
            words = _("Choose which kind of number it is.")
            self.add_error("id_type", forms.ValidationError(words, code="kind_missing"))
        elif not self.errors:
            verdict = verify(cleaned["id_type"], cleaned["id_number"], cleaned["country"])
            if verdict.hint == "empty":
                self.add_error("id_number", forms.ValidationError(gettext(verdict.words), code="empty"))
            cleaned["id_number"] = verdict.normalised
            self._doubt(cleaned, verdict)
        return cleaned

    def _doubt(self, cleaned: dict[str, Any], verdict: IdentityVerdict) -> None:
        """Collect what a person should look at once more, and ask for the confirmation."""
        if verdict.warns and verdict.hint != "empty":
            self.doubts.append(gettext(verdict.words) % {"count": verdict.count})
        asked = Named("", cleaned["name"], cleaned["name_local"], cleaned["id_number"])
        if not self.instance.pk or {"name", "name_local", "id_number"} & set(self.changed_data):
            self.alike = lookalikes(self.actor, asked, besides=self.instance.pk)
        if (self.doubts or self.alike) and not cleaned.get("confirmed"):
            words = _("Please look at the remarks below, then confirm or correct.")
            self.add_error("confirmed", forms.ValidationError(words, code="look_again"))

    def values(self) -> dict[str, Any]:
        """What the form says, without the confirmation."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """All fields but the confirmation, which stands beside its cause."""
        return [self[name] for name in self.Meta.fields]
