"""Writing an organisation's counterparties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.registry.models import Counterparty

IDENTITY = frozenset({"name", "name_local", "country", "id_number"})
"""What says who a counterparty is: another of these, and whoever screens hears of it."""


def add(*, by: Actor, fields: Mapping[str, Any]) -> Counterparty:
    """A new client or supplier in the actor's organisation's register. Refused: a code that is taken."""
    try:
        with transaction.atomic():
            row = Counterparty.objects.create(organisation=by.organisation, **fields)
            record("counterparty.added", by=by, subject=("counterparty", row.pk), data={"code": row.code})
    except IntegrityError as error:
        raise Refused("code_taken", _("You already have a counterparty with this code.")) from error
    return row


@transaction.atomic
def edit(*, by: Actor, counterparty: Counterparty, fields: Mapping[str, Any]) -> Counterparty:
    """Change a counterparty. The trail names the fields that changed, never what they say."""
    locked = Counterparty.objects.select_for_update().get(pk=counterparty.pk)
    changed = sorted(name for name, value in fields.items() if getattr(locked, name) != value)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save()
    data = {"code": locked.code, "fields": changed}
    record("counterparty.changed", by=by, subject=("counterparty", locked.pk), data=data)
    if IDENTITY & set(changed):
        publish("counterparty.renamed", locked.pk)
    return locked


@transaction.atomic
def retire(*, by: Actor, counterparty: Counterparty, retired: bool) -> None:
    """No longer offer the counterparty in new filings, or offer it again; what was filed stays."""
    Counterparty.objects.filter(pk=counterparty.pk).update(retired_at=clock.now() if retired else None)
    verb = "counterparty.retired" if retired else "counterparty.restored"
    record(verb, by=by, subject=("counterparty", counterparty.pk), data={"code": counterparty.code})
