"""Versions of the list as the administrator's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification.list_rows import Row, differences
from licensing.models import (
    CustomsMeaning,
    Entry,
    Instrument,
    ListState,
    ListVersion,
    Regime,
    Suspension,
    Threshold,
)
from licensing.queries.control_list import version_in_force
from licensing.queries.list_tables import tables_of

MODELS: dict[str, type[models.Model]] = {
    "instruments": Instrument,
    "suspensions": Suspension,
    "entries": Entry,
    "thresholds": Threshold,
    "regimes": Regime,
    "customs_meanings": CustomsMeaning,
}
TABLE_WORDS: dict[str, str | Promise] = {
    "instruments": _("Instruments"),
    "suspensions": _("Suspensions"),
    "entries": _("Entries"),
    "thresholds": _("Content settings"),
    "regimes": _("Regime of suspensions"),
    "customs_meanings": _("Meanings of customs codes"),
}


def version_of(version_id: int) -> ListVersion:
    """A version, whatever its state; Http404 where there is none."""
    found = ListVersion.objects.select_related("base").filter(pk=version_id).first()
    if found is None:
        raise Http404
    return found


def rows_of(version: ListVersion, table: str) -> list[Any]:
    """The rows of one table of the version. Http404 for a table that there is not."""
    if table not in MODELS:
        raise Http404
    rows = MODELS[table]._default_manager.filter(version=version)  # noqa: SLF001 - the documented name
    related = {"entries": ("instrument",), "suspensions": ("instrument", "by")}.get(table, ())
    return list(rows.select_related(*related))


def row_of(version: ListVersion, table: str, row_id: int) -> models.Model:
    """One row of the version; Http404 for any other."""
    if table not in MODELS:
        raise Http404
    found = MODELS[table]._default_manager.filter(version=version, pk=row_id).first()  # noqa: SLF001
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class ShownChange:
    """One cell that a version says otherwise."""

    table: str | Promise
    key: str
    change: str  # added, removed, changed
    column: str
    was: str
    is_now: str


def changes_of(version: ListVersion) -> list[ShownChange]:
    """What a draft says otherwise than the list in force, or a published version than the one before."""
    base = version_in_force() if version.state == ListState.DRAFT else version.base
    if base is None:
        return []
    found = []
    for one in differences(tables_of(base), tables_of(version)):
        change = "changed" if one.before and one.after else "added" if one.after else "removed"
        key = " ".join(part for part in one.key if part)
        columns = one.columns if change == "changed" else [""]
        for column in columns:
            was, is_now = one.before.get(column, ""), one.after.get(column, "")
            if change != "changed":
                was, is_now = (_title(one.before), _title(one.after))
            found.append(ShownChange(TABLE_WORDS[one.table], key, change, column, was, is_now))
    return found


def _title(row: Row) -> str:
    named = (row.get(name, "") for name in ("content_pct", "name_en", "until_on", "after"))
    return next((text for text in named if text), "")
