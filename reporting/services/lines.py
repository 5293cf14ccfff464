"""Lines into the database, many at once: ``COPY`` in PostgreSQL, one prepared statement in SQLite.

The columns are those that the checks read (``reporting.checks.columns``, table ``lines``): what intake and the bulk
load have read can be judged and stored as it is, without a row ever becoming an object.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db import connection, transaction

from portal.core import fencing
from reporting.checks.columns import NA, SCHEMA

ROWS_AT_ONCE: Final = 50_000
_FIELDS: Final = tuple(SCHEMA["lines"])
_NULL: Final = "\\N"
ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_lines(lines: pd.DataFrame) -> int:
    """Store lines of open filings; the number stored. Part of the caller's transaction.

    ``lines`` has the columns of the contract's table ``lines``: whole grams and fen with the decimals reported, days
    since 1970-01-01, text as categories, missing as the contract says. IntegrityError where the filing is closed,
    a line number stands twice or a product does not exist.
    """
    write = _copy if connection.vendor == "postgresql" else _execute
    with transaction.atomic():
        for start in range(0, len(lines), ROWS_AT_ONCE):
            write(lines.iloc[start : start + ROWS_AT_ONCE])
    return len(lines)


def _copy(lines: pd.DataFrame) -> None:
    columns = [_texts(name, lines[name]) for name in _FIELDS]
    body = io.StringIO("".join(f"{row}\n" for row in map("\t".join, zip(*columns, strict=True))))
    names = ", ".join(_FIELDS)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if not fencing.binds():
            cursor.copy_expert(f"COPY reporting_line ({names}) FROM STDIN", body)
            return
        # no COPY into a table behind the fence: into one of our own, and from there
        empty = f"SELECT {names} FROM reporting_line LIMIT 0"  # noqa: S608 - own names
        cursor.execute(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS {empty}")
        cursor.copy_expert(f"COPY incoming ({names}) FROM STDIN", body)
        cursor.execute(f"INSERT INTO reporting_line ({names}) SELECT {names} FROM incoming")  # noqa: S608 - own names
        cursor.execute("DROP TABLE incoming")


def _execute(lines: pd.DataFrame) -> None:
    columns = [_values(name, lines[name]) for name in _FIELDS]
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO reporting_line ({', '.join(_FIELDS)}) VALUES ({marks})"  # noqa: S608 - own names
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_rows(columns)))


def _rows(columns: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    return zip(*columns, strict=True)


def _texts(name: str, column: pd.Series[Any]) -> list[str]:
    """One column as ``COPY`` reads it."""
    if SCHEMA["lines"][name] == "text":
        absent = _NULL if name == "unread" else ""
        words = [str(word).translate(ESCAPES) for word in column.cat.categories]
        return _spread(words, absent, column)
    if name == "date":
        return [_NULL if day is None else day for day in _days(column)]
    missing = 0 if name == "kind" else NA
    return [_NULL if value == missing else str(value) for value in column.tolist()]


def _values(name: str, column: pd.Series[Any]) -> list[Any]:
    """One column as SQLite's driver takes it."""
    if SCHEMA["lines"][name] == "text":
        return _spread(list(column.cat.categories), None if name == "unread" else "", column)
    if name == "date":
        return _days(column)
    missing = 0 if name == "kind" else NA
    return [None if value == missing else value for value in column.tolist()]


def _spread(words: list[Any], absent: Any, column: pd.Series[Any]) -> list[Any]:
    chosen = np.empty(len(words) + 1, dtype=object)
    chosen[:-1] = words
    chosen[-1] = absent
    spread: list[Any] = chosen[column.cat.codes.to_numpy()].tolist()
    return spread


def _days(column: pd.Series[Any]) -> list[str | None]:
    numbers = column.to_numpy()
    missing = numbers == NA
    texts = np.datetime_as_string(np.where(missing, 0, numbers).astype("datetime64[D]")).tolist()
    return [None if gone else text for text, gone in zip(texts, missing.tolist(), strict=True)]
