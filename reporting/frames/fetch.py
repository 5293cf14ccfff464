"""Columns out of the database as arrays: ``COPY`` in PostgreSQL, a cursor in SQLite, the same arrays from both.

No row becomes an object: a million lines are read in a few seconds. What is missing is written as the contract of the
checks' tables says (``reporting.checks.columns``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db import connection

from reporting.checks.columns import NA

__all__ = ["Columns", "Question", "Reading", "among", "fetch"]

Columns = dict[str, Any]
"""Column name -> array (int64, float64, bool) or, for text, a Categorical."""

_NA: Final = str(NA)
_POSTGRESQL: Final[Mapping[str, str]] = {
    "int": f"COALESCE(({{0}})::bigint, {_NA})",
    "code": "COALESCE({0}, 0)",
    "bool": "({0})::int",
    "float": "({0})::float8",
    "text": "{0}",
    "json": "({0})::text",
    "day": f"COALESCE(({{0}}) - DATE '1970-01-01', {_NA})",
    "instant": f"COALESCE(CEIL(EXTRACT(EPOCH FROM {{0}}))::bigint, {_NA})",  # a moment late is late
}
_FEW: Final = 60_000
"""Bytes below which a table is read without pandas."""
_DTYPES: Final = {
    "int": "int64",
    "code": "int8",
    "bool": "bool",
    "float": "float64",
    "day": "int64",
    "instant": "int64",
}


@dataclass(frozen=True, slots=True)
class Question:
    """``SELECT columns rest``, not asked yet.

    ``columns`` leads from a name to (SQL expression, kind); kinds are int, code, bool, float, text, json (as text), day (days since
    1970-01-01) and instant (UTC seconds, a fraction rounded up). ``rest`` begins with FROM; it holds no values of
    people, those go into ``parameters``.
    """

    columns: Mapping[str, tuple[str, str]]
    rest: str
    parameters: Sequence[Any] = ()

    def ask(self) -> Reading:
        """Ask the database now."""
        copies = connection.vendor == "postgresql"
        return Reading(self.columns, _copied(self) if copies else _selected(self))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the database answered, before arrays are made of it."""

    columns: Mapping[str, tuple[str, str]]
    answer: bytes | list[tuple[Any, ...]]  # PostgreSQL's CSV, SQLite's rows

    @property
    def content(self) -> bytes:
        """Equal where the answers are equal."""
        return self.answer if isinstance(self.answer, bytes) else repr(self.answer).encode()

    def arrays(self) -> Columns:
        """Return the answer as arrays by name."""
        if isinstance(self.answer, bytes):
            return _read(self.columns, self.answer)
        return _columns_of(self.columns, self.answer)


def fetch(columns: Mapping[str, tuple[str, str]], rest: str, parameters: Sequence[Any] = ()) -> Columns:
    """Return the answer to a ``Question`` as arrays by name."""
    return Question(columns, rest, parameters).ask().arrays()


def among(column: str, ids: Sequence[int]) -> tuple[str, list[Any]]:
    """Return the SQL condition that ``column`` is one of ``ids`` (any number of them), and its parameters."""
    numbers = ",".join(str(int(value)) for value in ids)
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::bigint[])", ["{" + numbers + "}"]
    return f"{column} IN (SELECT value FROM json_each(%s))", [f"[{numbers}]"]  # noqa: S608 - numbers alone


def _copied(question: Question) -> bytes:
    chosen = ", ".join(_POSTGRESQL[kind].format(expression) for expression, kind in question.columns.values())
    body = io.BytesIO()
    with connection.cursor() as cursor, connection.wrap_database_errors:
        statement = cursor.mogrify(f"SELECT {chosen} {question.rest}", question.parameters).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT csv)", body)
    return body.getvalue()


def _read(columns: Mapping[str, tuple[str, str]], body: bytes) -> Columns:
    if len(body) < _FEW:
        return _read_few(columns, body.decode())
    types = {name: _read_as(kind) for name, (_expression, kind) in columns.items()}
    frame = pd.read_csv(
        io.BytesIO(body),
        header=None,
        names=list(columns),
        dtype=types,
        engine="c",
        low_memory=False,
        na_filter=False,
    )
    return {name: _typed(kind, frame[name].to_numpy()) for name, (_expression, kind) in columns.items()}


def _read_few(columns: Mapping[str, tuple[str, str]], text: str) -> Columns:
    """A few rows, for which pandas' reader takes longer to be set up than to read."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    values: list[Sequence[str]] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return {
        name: _typed(kind, [*map(int, column)] if kind in _DTYPES and kind != "float" else list(column))
        for (name, (_expression, kind)), column in zip(columns.items(), values, strict=True)
    }


def _read_as(kind: str) -> Any:
    return {"text": object, "json": object, "float": object, "bool": "int8", "code": "int8"}.get(
        kind, "int64"
    )


def _selected(question: Question) -> list[tuple[Any, ...]]:
    chosen = ", ".join(expression for expression, _kind in question.columns.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {chosen} {question.rest}", question.parameters)
        return list(cursor.fetchall())


def _columns_of(columns: Mapping[str, tuple[str, str]], rows: Sequence[tuple[Any, ...]]) -> Columns:
    values: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return {
        name: _typed(kind, [_plain(kind, value) for value in column])
        for (name, (_expression, kind)), column in zip(columns.items(), values, strict=True)
    }


def _plain(kind: str, value: Any) -> Any:
    """One value of SQLite's as the contract writes it."""
    if value is None:
        return {"text": "", "json": "", "float": None, "code": 0, "bool": False}.get(kind, NA)
    return _READ[kind](value) if kind in _READ else value


def _day(value: str | date) -> int:
    return (date.fromisoformat(str(value)[:10]) - date(1970, 1, 1)).days


def _instant(value: str | datetime) -> int:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    whole = int(aware.replace(microsecond=0).timestamp())
    return whole + (aware.microsecond > 0)


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {"day": _day, "instant": _instant}


def _typed(kind: str, values: Any) -> Any:
    if kind in {"text", "json"}:
        return _category(np.asarray(values, dtype=object))
    if kind == "float":
        return np.array(
            [np.nan if value in ("", None) else float(value) for value in values], dtype="float64"
        )
    return np.asarray(values, dtype=_DTYPES[kind])


def _category(words: npt.NDArray[np.object_]) -> pd.Categorical:
    """Text as a Categorical; what is missing or empty has the code -1 and is no category."""
    codes, distinct = pd.factorize(words)
    empty = np.flatnonzero(distinct == "")
    if len(empty):
        place = int(empty[0])
        distinct = np.delete(distinct, place)
        codes = np.where(codes == place, -1, codes - (codes > place))
    return pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype=object), validate=False)
