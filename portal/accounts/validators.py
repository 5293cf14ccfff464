"""Password rules beside Django's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.core import fence


def refuse_names(password: str, names: Iterable[str]) -> None:
    """ValidationError where the password holds one of an organisation's names."""
    lowered = password.casefold()
    if any(len(name) >= 4 and name.casefold() in lowered for name in names if name):
        raise ValidationError(
            _("The password holds your organisation's name. Choose words that nobody would guess."),
            code="password_organisation_name",
        )


class OrganisationNameValidator:
    """Refuse a password that is made of the name of one's organisation."""

    @fence.lifted(reason="a password is chosen before its person is in; only whether it will do is told")
    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        names = Organisation.objects.filter(memberships__user=user).values_list("name_en", "name_zh", "uscc")
        refuse_names(password, {name for row in names.distinct() for name in row if name})

    def get_help_text(self) -> str:
        return _("It must not hold your organisation's name.")
