"""One's own account: name, language, address."""

from __future__ import annotations

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.queries import address_from, person_with_address
from portal.accounts.services.sign_in import note
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish


def choose_language(*, by: Actor, language: str) -> None:
    """The account speaks this language, in every browser and in mail."""
    with transaction.atomic():
        if User.objects.filter(pk=by.user.pk).exclude(language=language).update(language=language):
            record(
                "account.language_chosen", by=by, subject=("user", by.user_id), data={"language": language}
            )


def change_details(*, by: Actor, name: str, language: str) -> None:
    """The account carries this name and speaks this language."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=by.user.pk)
        if (user.label, user.language) == (name, language):
            return
        user.first_name, user.last_name, user.language = name, "", language
        user.save(update_fields=["first_name", "last_name", "language"])
        record("account.details_changed", by=by, subject=("user", by.user_id), data={"language": language})


def ask_new_address(*, by: Actor, address: str) -> None:
    """A mail with a link that proves the new address is owed to it; until then the old one stays.

    An address that another account has is answered the same and gets no mail.
    """
    with transaction.atomic():
        event = record("account.address_asked", by=by, subject=("user", by.user_id))
        if person_with_address(address) is None:
            User.objects.filter(pk=by.user.pk).update(email_asked=address.lower())
            publish("address.asked", event.pk)


def confirm_address(*, by: Actor, token: str) -> None:
    """The account has the address that the link proves. Refused where the link is old, used or another's."""
    try:
        user_id, address = address_from(token)
    except signing.BadSignature as error:
        raise Refused(
            "link_old", _("This link was used already or has expired. Ask for a new one.")
        ) from error
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=by.user.pk)
        if user.pk != user_id or user.email_asked != address:
            raise Refused("link_old", _("This link was used already or has expired. Ask for a new one."))
        user.email, user.email_asked = address, ""
        try:
            with transaction.atomic():
                user.save(update_fields=["email", "email_asked"])
        except IntegrityError as error:
            raise Refused("address_taken", _("Another account has this address by now.")) from error
        note(by=by, verb="account.address_changed")
