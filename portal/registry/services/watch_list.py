"""Keeping watch lists: entries are put, changed and retired, each change in the trail; whoever screens hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.permissions import Permission
from portal.core.words import storable
from portal.registry.models import WatchEntry
from portal.registry.queries.watch_list import FIELDS


def put_entries(*, by: Actor, list_name: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """The list holds these entries as given, by their key ``entry``; how many are new or other than they were.

    Entries that are not named stay: one that ends gets its last day. All parties alive are screened again.
    """
    _need(by)
    with transaction.atomic():
        known = {row.entry: row for row in WatchEntry.objects.select_for_update().filter(list_name=list_name)}
        changed = []
        for given in rows:
            row = known.get(given["entry"]) or WatchEntry(list_name=list_name, entry=given["entry"])
            before = None if row.pk is None else _plain(row)
            for name in FIELDS:
                if name in given:
                    setattr(row, name, given[name])
            if before != _plain(row):
                row.save()
                changed.append(row.entry)
        if changed:
            data = {"list": list_name, "count": len(changed), "entries": changed[:200]}
            event = record("watch_list.changed", by=by, data=data)
            publish("watch_list.changed", event.pk)
    return len(changed)


def import_entries(*, by: Actor, rows: Sequence[Mapping[str, Any]]) -> int:
    """The lists named hold these rows, all or nothing; how many are new or other than they were."""
    ordered = sorted(rows, key=lambda row: str(row["list"]))
    with transaction.atomic():
        return sum(
            put_entries(by=by, list_name=name, rows=list(group))
            for name, group in groupby(ordered, key=lambda row: str(row["list"]))
        )


def add(*, by: Actor, list_name: str, entry: str, fields: Mapping[str, Any]) -> WatchEntry:
    """The list has one entry more. Refused: one with this number is there."""
    _need(by)
    with transaction.atomic():
        row, made = WatchEntry.objects.get_or_create(list_name=list_name, entry=entry, defaults=dict(fields))
        if not made:
            raise Refused("entry_twice", _("The list has an entry with this number."), status=422)
        _tell("watch_list.entry_added", by, row)
    return row


def change(*, by: Actor, entry_id: int, fields: Mapping[str, Any]) -> WatchEntry:
    """The entry says what is given; the same again changes nothing."""
    _need(by)
    with transaction.atomic():
        row = _locked(entry_id)
        before = _plain(row)
        for name, value in fields.items():
            setattr(row, name, value)
        after = _plain(row)
        changed = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
        if changed:
            row.save()
            _tell("watch_list.entry_changed", by, row, changed=changed)
    return row


def retire(*, by: Actor, entry_id: int, reason: str) -> WatchEntry:
    """From today on the entry counts no more, for the reason given; it stays on record. A second call changes nothing."""
    _need(by)
    words = storable(reason).strip()
    if not words:
        raise Refused("reason_missing", _("Write the reason: it stays in the trail."), status=422)
    with transaction.atomic():
        row = _locked(entry_id)
        today = clock.today()
        if row.valid_until is None or row.valid_until >= today:
            row.valid_until = today - timedelta(days=1)
            row.save(update_fields=["valid_until"])
            _tell("watch_list.entry_retired", by, row, why=words)
    return row


def announce(*, by: Actor, count: int) -> None:
    """A load changed so many entries: whoever screens hears of it. Part of the caller's transaction."""
    event = record("watch_list.changed", by=by, data={"list": "", "count": count})
    publish("watch_list.changed", event.pk)


def _need(by: Actor) -> None:
    if not by.may(Permission.REFERENCE_EDIT):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def _locked(entry_id: int) -> WatchEntry:
    row = WatchEntry.objects.select_for_update().filter(pk=entry_id).first()
    if row is None:
        raise Http404
    return row


def _plain(row: WatchEntry) -> dict[str, str]:
    values = {name: getattr(row, name) for name in FIELDS}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _tell(verb: str, by: Actor, row: WatchEntry, **more: Any) -> None:
    data = {"list": row.list_name, "entry": row.entry, **more}
    event = record(verb, by=by, subject=("watch_entry", row.pk), data=data)
    publish("watch_list.changed", event.pk)
