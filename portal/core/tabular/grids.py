"""What a file's reader hands to the table finder: rows of values, with their place in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.core.tabular.cells import Shown, clean, show
from portal.core.tabular.escaping import unmark, unmark_csv
from portal.core.tabular.tables import BLANK, TEXT


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet or a delimited text. ``rows[i]`` is row ``i + 1`` of the file; cells may be any value.

    ``spoiled`` holds the cells (row, column from 1) that show an error, with code and text;
    ``merged`` the merged ranges as (first row, first column, last row, last column) from 1.
    """

    sheet: str
    rows: Sequence[Sequence[object]]
    shown: Callable[[object], Shown]
    spoiled: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden: bool = False


def shown_in_workbook(value: object) -> Shown:
    """Text and kind of a workbook's cell."""
    text, kind = show(value)
    if kind == TEXT and text[0] == "'":
        text = unmark(text)
    return text, kind


def shown_in_csv(value: object) -> Shown:
    """Text and kind of a delimited text's cell."""
    text = clean(str(value))
    if text[:1] in _MARKS:
        text = unmark_csv(text)
    return text, TEXT if text else BLANK


_MARKS = frozenset("'=")
