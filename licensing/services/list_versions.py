"""Versions of the control list: begun as a draft, published for good, or discarded. Each write leaves one trail event."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification import list_rows
from licensing.models import (
    CustomsMeaning,
    Entry,
    Instrument,
    ListState,
    ListVersion,
    ReferenceCode,
    Regime,
    Suspension,
    Threshold,
)
from licensing.queries.control_list import version_in_force
from licensing.queries.list_tables import tables_of
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish as announce
from portal.core.permissions import Permission
from portal.core.words import storable


def need(by: Actor) -> None:
    """Only who keeps reference data changes the list."""
    if not by.may(Permission.REFERENCE_EDIT):
        raise PermissionDenied


def locked_draft(version_id: int) -> ListVersion:
    """The draft, held until the transaction ends. Refused where it is published or discarded already."""
    version = ListVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None or version.state != ListState.DRAFT:
        raise Refused(
            "list_not_a_draft", _("This version is no draft any more. Begin a new one to change the list.")
        )
    return version


@transaction.atomic
def begin(*, by: Actor) -> ListVersion:
    """A draft that says what the list in force says."""
    need(by)
    base = version_in_force()
    draft = ListVersion.objects.create(base=base, created_at=clock.now(), created_by_id=by.user_id)
    instruments = _copied(Instrument, base, draft)
    _copied(Suspension, base, draft, instrument_id=instruments, by_id=instruments)
    entries = _copied(Entry, base, draft, instrument_id=instruments)
    _copied(ReferenceCode, base, draft, entry_id=entries)
    for model in (Threshold, Regime, CustomsMeaning):
        _copied(model, base, draft)
    record("list.draft_begun", by=by, subject=("list_version", draft.pk), data={"base": base.number})
    return draft


def _copied(
    model: type[models.Model], base: ListVersion, draft: ListVersion, **pointers: dict[int, int]
) -> dict[int, int]:
    """The base's rows as the draft's own; old key -> new key."""
    old = list(model._default_manager.filter(version=base).order_by("pk"))  # noqa: SLF001 - the documented name
    new = []
    for row in old:
        names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
        values: dict[str, Any] = {name: getattr(row, name) for name in names}
        values |= {name: keys[values[name]] for name, keys in pointers.items()}
        new.append(model(**(values | {"version_id": draft.pk})))
    created = model._default_manager.bulk_create(new)  # noqa: SLF001
    return {before.pk: after.pk for before, after in zip(old, created, strict=True)}


@transaction.atomic
def publish(*, by: Actor, version_id: int, note: str) -> ListVersion:
    """Put the draft in force, for good; "list.published" is announced.

    Refused: a draft that changes nothing, one begun from another version than that in force, no note.
    """
    need(by)
    draft = locked_draft(version_id)
    words = storable(note).strip()
    if not words:
        raise Refused("note_missing", _("Write a note: it says to everybody what changed and why."))
    base = ListVersion.objects.select_for_update().get(pk=version_in_force().pk)
    if (
        draft.base_id != base.pk or version_in_force().pk != base.pk
    ):  # another may have published while this waited
        raise Refused(
            "list_moved_on",
            _("Another version was published after this draft was begun. Begin a new draft from it."),
        )
    tables = tables_of(draft)
    changes = list_rows.differences(tables_of(base), tables)
    if not changes:
        raise Refused(
            "list_unchanged", _("The draft says what the list in force says. There is nothing to publish.")
        )
    highest = ListVersion.objects.aggregate(highest=Max("number"))["highest"] or 0
    draft.number, draft.note, draft.sha256 = highest + 1, words, list_rows.digest(tables)
    draft.state, draft.published_at, draft.published_by_id = ListState.PUBLISHED, clock.now(), by.user_id
    draft.save()
    data = {"version": draft.number, "sha256": draft.sha256, "changes": len(changes), "note": words}
    record("list.published", by=by, subject=("list_version", draft.pk), data=data)
    announce("list.published", draft.pk)
    return draft


@transaction.atomic
def discard(*, by: Actor, version_id: int) -> None:
    """The draft is no longer offered; what it said is kept."""
    need(by)
    draft = locked_draft(version_id)
    draft.state, draft.discarded_at = ListState.DISCARDED, clock.now()
    draft.save()
    record("list.draft_discarded", by=by, subject=("list_version", draft.pk), data={})
