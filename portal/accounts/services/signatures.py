"""What is signed in a person's name asks for more than a role, by whichever door it comes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.accounts.queries import has_second_factor
from portal.core.actors import Actor
from portal.core.errors import Refused


def require_second_factor(*, by: Actor) -> None:
    """The person who signs has a second factor. Refused otherwise; a part of the portal itself has none to show."""
    if by.user is not None and not has_second_factor(by.user):
        raise Refused(
            "second_factor_missing",
            _("Signing asks for a second factor. Set up an authenticator app or a passkey first."),
            status=403,
        )
