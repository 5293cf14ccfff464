"""Secrets kept encrypted are encrypted anew with the present key, so that an older key may be forgotten."""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from portal.audit.services import record
from portal.core.actors import Actor

ENCRYPTED: Final = ("secret", "seed")  # of authenticator apps, of recovery codes


@transaction.atomic
def rekey(*, by: Actor) -> int:
    """Encrypt every second factor with SECRET_KEY; how many. Run again, it does the same again. One trail event.

    cryptography.fernet.InvalidToken where one opens with neither SECRET_KEY nor SECRET_KEY_FALLBACKS: nothing is changed.
    """
    changed = []
    for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
        names = [name for name in ENCRYPTED if name in authenticator.data]
        for name in names:
            authenticator.data[name] = encrypt(decrypt(authenticator.data[name]))
        if names:
            changed.append(authenticator)
    Authenticator.objects.bulk_update(changed, ["data"], batch_size=500)
    record("second_factors.rekeyed", by=by, data={"count": len(changed)})
    return len(changed)
