"""Taking hold of a draft to change it: who may, in which state, from which revision."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from reporting.models import DraftSave, Filing, FilingStatus

SAVES_KEPT = 200


@dataclass(frozen=True)
class Saved:
    """A draft after a change: its revision, when it was saved, whether this very change had been made before."""

    revision: int
    saved_at: datetime
    line_count: int
    repeated: bool = False


class Stale(Refused):
    """The page has not seen the latest change. ``changed`` are the lines touched since, None where any may be."""

    def __init__(self, revision: int, changed: list[int] | None) -> None:
        super().__init__(
            "stale",
            _("The draft was changed in another window meanwhile. Look at the lines again, then save."),
        )
        self.revision = revision
        self.changed = changed


def hold(by: Actor, filing_id: int, *permissions: Permission) -> Filing:
    """The organisation's own open version, locked for this transaction. Http404 for any other organisation's."""
    if not any(by.may(permission) for permission in permissions or (Permission.FILING_PREPARE,)):
        raise Refused("not_permitted", _("Only a preparer may change a draft."), status=403)
    own = Filing.objects.select_for_update(of=("self",)).select_related("organisation")
    filing = own.filter(pk=filing_id, organisation_id=by.organisation_id or 0).first()
    if filing is None:
        raise Http404
    if not filing.is_open:
        raise Refused(
            "already_submitted",
            _("This version was submitted and cannot change. Begin an amendment instead."),
        )
    return filing


def hold_draft(by: Actor, filing_id: int) -> Filing:
    """The same, only while it is not with the certifier."""
    filing = hold(by, filing_id)
    if filing.status != FilingStatus.DRAFT:
        raise Refused(
            "handed_over", _("The filing is with the certifier. Take it back before you change it.")
        )
    return filing


def require_revision(filing: Filing, revision: int) -> None:
    """Refuse with Stale unless the page saw the draft as it is."""
    if filing.revision == revision:
        return
    changed: set[int] = set()
    saves = DraftSave.objects.filter(filing=filing, revision__gt=revision).values_list("line_nos", flat=True)
    touched = list(saves)
    known = revision < filing.revision and len(touched) == filing.revision - revision
    for line_nos in touched:
        if line_nos is None:
            known = False
            break
        changed |= set(line_nos)
    raise Stale(filing.revision, sorted(changed) if known else None)


def digest_of(request: Any) -> str:
    """What a page asked for, in 64 digits."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def repeated(filing: Filing, client: str, base: int, digest: str) -> Saved | None:
    """The save that this request made already, if it did: its answer was lost on the way."""
    if not client:
        return None
    row = DraftSave.objects.filter(
        filing=filing, revision__gt=base, client=client, base=base, digest=digest
    ).first()
    return None if row is None else Saved(row.revision, row.at, filing.line_count, repeated=True)


def mark_saved(
    filing: Filing, *, line_nos: Sequence[int] | None, client: str = "", base: int = 0, digest: str = ""
) -> Saved:
    """Count the change: a new revision, and a row by which a repetition is known."""
    filing.revision += 1
    filing.nil = filing.nil and not filing.line_count  # whoever enters lines has something to report
    filing.saved_at = clock.now()
    filing.save(
        update_fields=[
            "revision",
            "saved_at",
            "line_count",
            "nil",
            "source",
            "status",
            "prepared_by",
            "handed_over_at",
        ]
    )
    DraftSave.objects.filter(filing=filing, revision__lte=filing.revision - SAVES_KEPT).delete()
    DraftSave.objects.create(
        filing=filing,
        revision=filing.revision,
        client=client,
        base=base,
        digest=digest,
        line_nos=None if line_nos is None else list(line_nos),
        at=filing.saved_at,
    )
    return Saved(filing.revision, filing.saved_at, filing.line_count)
