"""An application sent whole by software: its goods, parties and use take the place of what stood in the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from licensing.models import Application
from licensing.services import applications
from portal.core.actors import Actor


@dataclass(frozen=True)
class Sent:
    """What was sent: goods as (product, values), parties and use as values; None leaves what stands there."""

    lines: Sequence[tuple[int, Mapping[str, Any]]] | None = None
    parties: Sequence[Mapping[str, Any]] | None = None
    use: Mapping[str, Any] = field(default_factory=dict)


def begin(
    *, by: Actor, kind: str, purpose: str, licence_id: int | None, sent: Sent, copy_of: int | None = None
) -> Application:
    """A draft with what was sent; begun anew, as a copy, or about a licence."""
    with transaction.atomic():
        if copy_of is not None:
            draft = applications.copy(by=by, application_id=copy_of)
        else:
            draft = applications.start(by=by, kind=kind, purpose=purpose, licence_id=licence_id)
        return replace(by=by, application_id=draft.pk, sent=sent)


def replace(*, by: Actor, application_id: int, sent: Sent) -> Application:
    """The draft holds exactly these goods and parties, and this use where it is named."""
    with transaction.atomic():
        draft = applications.open_draft(by, application_id)
        if sent.lines is not None:
            draft.lines.all().delete()
            for product_id, values in sent.lines:
                applications.add_line(by=by, application_id=draft.pk, product_id=product_id, values=values)
        if sent.parties is not None:
            draft.parties.all().delete()
            for values in sent.parties:
                applications.save_party(by=by, application_id=draft.pk, values=values)
        if sent.use:
            applications.save_use(by=by, application_id=draft.pk, values=sent.use)
        draft.refresh_from_db()
    return draft
