"""The secret address of an organisation's calendar feed: made, renewed, turned off."""

from __future__ import annotations

import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.permissions import Permission


def renew_calendar_key(*, by: Actor) -> str:
    """Make a new secret address; whoever holds the one before sees nothing any more."""
    return _set(by, secrets.token_urlsafe(32), "calendar.renewed") or ""


def turn_off_calendar(*, by: Actor) -> None:
    """Take the address away."""
    _set(by, None, "calendar.turned_off")


def _set(by: Actor, key: str | None, verb: str) -> str | None:
    if not by.may(Permission.FILING_VIEW) or by.organisation_id is None:
        raise PermissionDenied
    with transaction.atomic():
        Organisation.objects.filter(pk=by.organisation_id).update(calendar_key=key)
        record(verb, by=by, subject=("organisation", by.organisation_id))
    return key
