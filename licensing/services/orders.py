"""Orders of the office about a licence, each with its letter: suspended, lifted, revoked. They act at the next check."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from licensing.models import Licence
from licensing.services import licences
from licensing.services.letters import write_about_licence
from licensing.services.moves import words_given
from portal.core.actors import Actor
from portal.core.errors import Refused

LETTERS = {"suspend": "suspended", "lift": "lifted", "revoke": "revoked"}


def order(*, by: Actor, licence_id: int, action: str, reason: str, until: date | None = None) -> Licence:
    """The licence stands as ordered and a letter says why. Refused where its state does not allow it."""
    words = words_given(reason, 2_000)
    if action not in LETTERS:
        raise Refused("unknown_code", _("Choose what is ordered."), status=422)
    with transaction.atomic():
        if action == "suspend":
            licence = licences.suspend(by=by, licence_id=licence_id, reason=words, until=until)
        elif action == "lift":
            licence = licences.lift(by=by, licence_id=licence_id, reason=words)
        else:
            licence = licences.revoke(by=by, licence_id=licence_id, reason=words)
        write_about_licence(licence, LETTERS[action], by=by, values={"words": words})
    return licence
