"""The one door: typed text, wherever it came from, becomes lines that can be checked and stored.

The form, the grid, a pasted block, a workbook, a CSV and (later) the API all hand over rows of text. What can be read
becomes exact values; what cannot stays as it was typed, column by column, and is said in place by the checks.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

import pandas as pd

from reporting.checks.columns import table
from reporting.domain.cells import ReadLines, Row, read_rows
from reporting.models import Filing, Line
from reporting.queries.vocabularies import vocabulary_of
from reporting.services.lines import insert_lines

_EPOCH = dt.date(1970, 1, 1)
_MANY = 500


def read(
    filing: Filing, rows: Sequence[Row], doubted: Mapping[tuple[int, str], str] | None = None
) -> ReadLines:
    """Rows of text as columns of values, by the words of the filing's organisation. Two queries, however many rows."""
    return read_rows(rows, vocabulary_of(filing.organisation_id), doubted)


def frame_of(filing: Filing, lines: ReadLines) -> pd.DataFrame:
    """The lines as the table that the checks read and the fast writer stores."""
    columns = dict(lines.values)
    columns["date"] = [None if day is None else (day - _EPOCH).days for day in columns["date"]]
    unread = [json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None for kept in lines.unread]
    return table(
        "lines",
        {"filing_id": [filing.pk] * len(lines), "line_no": lines.line_nos, **columns, "unread": unread},
    )


def add(filing: Filing, lines: ReadLines) -> None:
    """Store lines whose numbers are free. Part of the caller's transaction."""
    if len(lines):
        insert_lines(frame_of(filing, lines))


def take_out(filing: Filing, line_nos: Sequence[int]) -> int:
    """Delete lines by number; how many there were. Part of the caller's transaction."""
    gone = 0
    for start in range(0, len(line_nos), _MANY):
        chosen = Line.objects.filter(filing=filing, line_no__in=line_nos[start : start + _MANY])
        gone += chosen.delete()[0]
    return gone
