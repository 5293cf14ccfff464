"""Which cell of a line a check's fault is marked in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reporting.domain.line_columns import COLUMNS

_OF_FIELD: Final = {field: column.name for column in COLUMNS for field in column.fields}


def faulty_column(reads: Sequence[str], values: Mapping[str, Any]) -> str | None:
    """The dictionary's column to mark, from the columns that the check reads; None where it reads none of a line.

    The kind of a line decides which rules hold for it; it is marked only where nothing else is read. A check of cells
    that have none of their own says in its values which they are: the first is marked.
    """
    if "unread_other" in reads:
        return str(values["unread_other"]).partition(":")[0]
    named = [_OF_FIELD.get(name) or _unread(name) for name in reads]
    known = [name for name in named if name is not None]
    return next((name for name in known if name != "kind"), "kind" if known else None)


def _unread(name: str) -> str | None:
    column = name.removeprefix("unread_")
    return column if column != name and column in _OF_FIELD.values() else None
