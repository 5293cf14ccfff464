"""Links that carry a secret: made when the mail is worded, so that the secret lies in no table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from portal.accounts.models import Invitation, User
from portal.accounts.queries import address_token, invitation_roles, invitation_token
from portal.contact.models import Message


def links_of(message: Message) -> dict[str, Any]:
    """What the template needs beside the message's values, where it is one with a secret link."""
    maker = _MAKERS.get(message.template)
    return maker(message) if maker is not None else {}


def _invitation(message: Message) -> dict[str, Any]:
    invitation = Invitation.objects.select_related("organisation", "invited_by").get(
        pk=message.values["invitation"]
    )
    return {
        "link": _absolute("invitation_accept", invitation_token(invitation)),
        "organisation": invitation.organisation.name,
        "roles": [role.name for role in invitation_roles(invitation)],
        "inviter": invitation.invited_by.label if invitation.invited_by is not None else "",
        "until": invitation.expires_at,
    }


def _password_reset(message: Message) -> dict[str, Any]:
    user = _reader(message)
    key = default_token_generator.make_token(user)
    return {"link": _absolute("account_reset_password_from_key", user_pk_to_url_str(user), key)}


def _address(message: Message) -> dict[str, Any]:
    return {"link": _absolute("account_address_confirm", address_token(_reader(message)))}


def _reader(message: Message) -> User:
    user: User | None = message.recipient
    if user is None:
        raise ValueError(f"message {message.pk} has no reader with an account")
    return user


def _absolute(name: str, *args: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"


_MAKERS: dict[str, Callable[[Message], dict[str, Any]]] = {
    "invitation": _invitation,
    "password_reset": _password_reset,
    "address_proof": _address,
}
