# ruff: noqa: SLF001 - a model says what it is made of in _meta
"""The tables that make up the portal's state, and their rows out of and into PostgreSQL and SQLite."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models
from django.db.migrations.recorder import MigrationRecorder

from portal.exchange.domain.archive import Extent, Sink, Tally
from portal.exchange.domain.portable import (
    Kind,
    json_mended,
    lines_of,
    rows_from,
    values_from,
)

# Left out: whoever was signed in signs in again.
LEFT_OUT: Final = frozenset({"django_session", "usersessions_usersession"})
# Filled by migrations; a restored portal takes the backup's rows in their stead.
SEEDED: Final = frozenset(
    {
        "auth_permission",
        "django_content_type",
        "registry_element",
        "licensing_listversion",
        "licensing_instrument",
        "licensing_suspension",
        "licensing_entry",
        "licensing_referencecode",
        "licensing_threshold",
        "licensing_regime",
        "licensing_customsmeaning",
        "licensing_queue",
        "licensing_routingrule",
    }
)
ROWS_AT_ONCE: Final = 5_000

_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(
        "AutoField BigAutoField SmallAutoField BigIntegerField IntegerField PositiveBigIntegerField "
        "PositiveIntegerField PositiveSmallIntegerField SmallIntegerField".split(),
        "integer",
    ),
    **dict.fromkeys("CharField TextField EmailField SlugField URLField FileField".split(), "text"),
    "GenericIPAddressField": "address",
    "BooleanField": "boolean",
    "DateTimeField": "instant",
    "DateField": "date",
    "JSONField": "json",
    "BinaryField": "bytes",
    "UUIDField": "uuid",
}


@dataclass(frozen=True)
class Table:
    """A table with its columns in order; rows are told apart and ordered by ``key``."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    key: str

    def about(self) -> dict[str, Any]:
        """What the backup says of it, and the restored database must say too."""
        return {"columns": list(self.columns), "kinds": list(self.kinds)}


def state_models() -> list[type[models.Model]]:
    """Every model whose rows are part of the state, the hidden ones between two others included."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    ]


def state_tables() -> list[Table]:
    """Every table of the state. TypeError for a kind of column that cannot be carried over."""
    return [_table(model) for model in state_models()]


def schema_of(using: str) -> list[str]:
    """The migrations by which the database got its shape."""
    labels = {config.label for config in apps.get_app_configs()}
    applied = MigrationRecorder(connections[using]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app in labels)


def _table(model: type[models.Model]) -> Table:
    fields = model._meta.local_concrete_fields
    key = model._meta.pk
    if key is None or key.column is None:
        raise TypeError(f"{model._meta.label} has no column that tells its rows apart")
    columns = tuple(str(field.column) for field in fields)
    return Table(model._meta.db_table, columns, tuple(map(_kind, fields)), key.column)


def _kind(field: Any) -> Kind:
    while field.remote_field is not None:
        field = field.target_field
    name = field.get_internal_type()
    if name == "DecimalField":
        return f"decimal:{field.decimal_places}"
    if name not in _KINDS:
        raise TypeError(f"A backup cannot carry {field.model._meta.label}.{field.name} ({name}) yet")
    return _KINDS[name]


def read_rows(table: Table, sink: Sink, using: str) -> None:
    """Every row of the table, as portable text, in the order of its key."""
    if connections[using].vendor == "postgresql":
        _copy_out(table, sink, using)
        return
    names = ", ".join(f'"{column}"' for column in table.columns)
    with connections[using].cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{table.name}" ORDER BY "{table.key}"')  # noqa: S608 - own names
        kinds = ["text" if kind == "address" else kind for kind in table.kinds]
        for row in rows_from(_fetched(cursor), kinds):
            sink.write(row)


def extent_of(table: Table, using: str) -> Extent:
    """How many rows the table holds and their digest."""
    tally = Tally()
    read_rows(table, _TallySink(tally), using)
    return tally.extent()


def write_rows(table: Table, blocks: Iterable[bytes], using: str) -> None:
    """Put portable rows into the table; part of the caller's transaction."""
    if connections[using].vendor == "postgresql":
        names = ", ".join(f'"{column}"' for column in table.columns)
        source = io.BufferedReader(_Blocks(iter(blocks)), buffer_size=2**18)
        with connections[using].cursor() as cursor, connections[using].wrap_database_errors:
            cursor.copy_expert(f'COPY "{table.name}" ({names}) FROM STDIN', source, 2**18)
        return
    marks = ", ".join(["%s"] * len(table.columns))
    names = ", ".join(f'"{column}"' for column in table.columns)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - own names
    kinds = ["text" if kind == "address" else kind for kind in table.kinds]
    rows: list[list[Any]] = []
    with connections[using].cursor() as cursor:
        for row in values_from(lines_of(blocks), kinds):
            rows.append(row)
            if len(rows) == ROWS_AT_ONCE:
                cursor.executemany(statement, rows)
                rows.clear()
        if rows:
            cursor.executemany(statement, rows)


def is_empty(table: Table, using: str) -> bool:
    """Whether nobody has written into the table yet."""
    with connections[using].cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table.name}" LIMIT 1')  # noqa: S608 - own names
        return cursor.fetchone() is None


def clear(table: Table, using: str) -> None:
    """Take away what migrations put into the table."""
    with connections[using].cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 - own names


def reset_sequences(using: str) -> None:
    """The next row gets the number after the last one restored."""
    with connections[using].cursor() as cursor:
        for statement in connections[using].ops.sequence_reset_sql(no_style(), state_models()):
            cursor.execute(statement)


def _copy_out(table: Table, sink: Sink, using: str) -> None:
    chosen = ", ".join(
        _exactly(column, kind) for column, kind in zip(table.columns, table.kinds, strict=True)
    )
    order = f'"{table.key}"'
    if table.kinds[table.columns.index(table.key)] == "text":
        order += ' COLLATE "C"'
    statement = f'COPY (SELECT {chosen} FROM "{table.name}" ORDER BY {order}) TO STDOUT'  # noqa: S608 - own names
    places = [place for place, kind in enumerate(table.kinds) if kind == "json"]
    target = _JsonMending(sink, places) if places else sink
    with connections[using].cursor() as cursor, connections[using].wrap_database_errors:
        cursor.copy_expert(statement, target)


def _exactly(column: str, kind: Kind) -> str:
    """A column as PostgreSQL must say it, whatever the session's settings."""
    if kind == "instant":
        return f"""to_char("{column}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    if kind == "date":
        return f"""to_char("{column}", 'YYYY-MM-DD')"""
    if kind == "bytes":
        return f"""'\\x' || encode("{column}", 'hex')"""
    if kind == "address":
        return f'host("{column}")'
    return f'"{column}"'


def _fetched(cursor: Any) -> Iterator[Any]:
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows


class _JsonMending:
    """Between ``COPY``, which gives one row a call, and the sink."""

    def __init__(self, sink: Sink, places: list[int]) -> None:
        self._sink, self._places = sink, places

    def write(self, row: bytes) -> int:
        self._sink.write(json_mended(row, self._places))
        return len(row)


class _TallySink:
    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def write(self, data: bytes) -> int:
        self._tally.add(data)
        return len(data)


class _Blocks(io.RawIOBase):
    """Blocks of bytes as the file that ``COPY`` reads."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        super().__init__()
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._blocks, b"")
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)
