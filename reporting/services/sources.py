"""Keeping with a filing, at its submission, the lots that its lines were made from: a row for each, found by either lot."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db import connection

from portal.core import fencing
from reporting.domain.source_lots import source_lots
from reporting.models import FiledSource, Filing, Line
from reporting.services.lines import ESCAPES

AT_ONCE: Final = 5_000
_FIELDS: Final = ("filing_id", "line_no", "place", "batch", "source_uscc", "source_batch", "quantity_g")

Said = tuple[int, int, str, str]
"""Filing, number of the line, the lot that was made, the cell that names its sources."""


def keep_sources(filing: Filing) -> None:
    """What the lines of one filing name is kept. Part of the caller's transaction, before the filing is closed."""
    lines = Line.objects.filter(filing=filing).exclude(from_batches="")
    _insert(lines.values_list("filing_id", "line_no", "batch", "from_batches"))


def keep_sources_of(lines: pd.DataFrame) -> None:
    """The same for the lines of many filings, in the columns that the checks read."""
    named = lines[lines["from_batches"].cat.codes.to_numpy() >= 0]
    batches = np.where(named["batch"].isna(), "", named["batch"].astype(object))
    columns = (
        named["filing_id"].tolist(),
        named["line_no"].tolist(),
        batches.tolist(),
        named["from_batches"].tolist(),
    )
    _insert(zip(*columns, strict=True))


def _insert(said: Iterable[Said]) -> None:
    rows = [
        (filing_id, line_no, place, batch, lot.uscc, lot.batch, lot.grams)
        for filing_id, line_no, batch, text in said
        for place, lot in enumerate(source_lots(text))
    ]
    if connection.vendor == "postgresql" and not fencing.binds() and len(rows) > AT_ONCE:
        _copy(rows)
    else:
        made = [FiledSource(**dict(zip(_FIELDS, row, strict=True))) for row in rows]
        FiledSource.objects.bulk_create(made, batch_size=AT_ONCE)


def _copy(rows: list[tuple[Any, ...]]) -> None:
    body = io.StringIO("".join("\t".join(map(_text, row)) + "\n" for row in rows))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY reporting_filedsource ({', '.join(_FIELDS)}) FROM STDIN", body)


def _text(value: Any) -> str:
    return "\\N" if value is None else str(value).translate(ESCAPES)
