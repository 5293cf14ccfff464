"""What a person does with their passkeys, beside adding and taking away, which allauth does."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import Http404

from portal.accounts.services.sign_in import note
from portal.core.actors import Actor


def rename(*, by: Actor, passkey_id: int, name: str) -> None:
    """The person's own passkey is called so. Http404 where it is none of theirs."""
    with transaction.atomic():
        mine = Authenticator.objects.filter(user_id=by.user.pk, type=Authenticator.Type.WEBAUTHN)
        passkey = mine.select_for_update().filter(pk=passkey_id).first()
        if passkey is None:
            raise Http404
        if passkey.data["name"] == name:
            return
        passkey.data["name"] = name
        passkey.save(update_fields=["data"])
        note(by=by, verb="account.passkey_renamed")
