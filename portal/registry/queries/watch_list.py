"""Watch lists as they stand on a day, and as their keeper searches them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import Http404

from portal.core import clock
from portal.registry.models import WatchEntry

FIELDS: Final[tuple[str, ...]] = (
    "name",
    "aliases",
    "country",
    "id_number",
    "reason",
    "effect",
    "valid_from",
    "valid_until",
)
"""What an entry says, its key aside."""


def _begun(day: date) -> Q:
    return Q(valid_from=None) | Q(valid_from__lte=day)


def _lasting(day: date) -> Q:
    return Q(valid_until=None) | Q(valid_until__gte=day)


def entries_on(day: date) -> QuerySet[WatchEntry]:
    """The entries in force that day."""
    return WatchEntry.objects.filter(_begun(day), _lasting(day)).order_by("pk")


def list_names() -> list[str]:
    """Every list by name."""
    return list(WatchEntry.objects.order_by("list_name").values_list("list_name", flat=True).distinct())


def entries(filters: Mapping[str, Any]) -> QuerySet[WatchEntry]:
    """The entries that fit the filters, by list and number."""
    rows = WatchEntry.objects.order_by("list_name", "entry")
    if words := filters.get("q", "").strip():
        rows = rows.filter(
            Q(name__icontains=words)
            | Q(aliases__icontains=words)
            | Q(entry__icontains=words)
            | Q(id_number__icontains=words)
        )
    if filters.get("list"):
        rows = rows.filter(list_name=filters["list"])
    if filters.get("effect"):
        rows = rows.filter(effect=filters["effect"])
    today = clock.today()
    states = {
        "in_force": _begun(today) & _lasting(today),
        "ended": Q(valid_until__lt=today),
        "to_come": Q(valid_from__gt=today) & _lasting(today),
    }
    return rows.filter(states[filters["state"]]) if filters.get("state") in states else rows


def entry_of(entry_id: int) -> WatchEntry:
    """One entry."""
    found = WatchEntry.objects.filter(pk=entry_id).first()
    if found is None:
        raise Http404
    return found


def stands(entry: WatchEntry, day: date) -> str:
    """``in_force``, ``ended`` or ``to_come``."""
    if entry.valid_until is not None and entry.valid_until < day:
        return "ended"
    return "to_come" if entry.valid_from is not None and entry.valid_from > day else "in_force"


@dataclass(frozen=True)
class Preview:
    """What a file would do: rows that are new, rows that change an entry and in what, and how many change nothing."""

    added: list[Mapping[str, Any]]
    changed: list[tuple[Mapping[str, Any], list[str]]]
    same: int


def preview_of(rows: Sequence[Mapping[str, Any]]) -> Preview:
    """The rows held against what is on record. One query a list."""
    known: dict[tuple[str, str], WatchEntry] = {}
    for name in {row["list"] for row in rows}:
        known |= {(name, one.entry): one for one in WatchEntry.objects.filter(list_name=name)}
    added, changed, same = [], [], 0
    for row in rows:
        stored = known.get((row["list"], row["entry"]))
        if stored is None:
            added.append(row)
        elif names := [name for name in FIELDS if name in row and row[name] != getattr(stored, name)]:
            changed.append((row, names))
        else:
            same += 1
    return Preview(added, changed, same)


def as_table() -> Iterator[tuple[Any, ...]]:
    """Every entry as a row of the data dictionary."""
    yield from WatchEntry.objects.order_by("list_name", "entry").values_list("list_name", "entry", *FIELDS)
