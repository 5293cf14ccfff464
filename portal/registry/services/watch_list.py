"""Keeping watch lists: whole entries are put, and whoever screens hears of a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.events import publish
from portal.registry.models import WatchEntry

FIELDS = ("name", "aliases", "country", "id_number", "reason", "effect", "valid_from", "valid_until")


def put_entries(*, by: Actor, list_name: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """The list holds these entries as given, by their key ``entry``; how many are new or other than they were.

    Entries that are not named stay: one that ends gets its last day. All parties alive are screened again.
    """
    with transaction.atomic():
        known = {row.entry: row for row in WatchEntry.objects.select_for_update().filter(list_name=list_name)}
        changed = 0
        for given in rows:
            row = known.get(given["entry"]) or WatchEntry(list_name=list_name, entry=given["entry"])
            before = None if row.pk is None else [getattr(row, name) for name in FIELDS]
            for name in FIELDS:
                if name in given:
                    setattr(row, name, given[name])
            if before != [getattr(row, name) for name in FIELDS]:
                row.save()
                changed += 1
        if changed:
            event = record("watch_list.changed", by=by, data={"list": list_name, "count": changed})
            publish("watch_list.changed", event.pk)
    return changed
