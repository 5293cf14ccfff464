"""Queries whose SQL is made once and asked many times, for the few requests that must be fast.

Most of what a small query costs is in making it: Django makes its SQL anew each time, and PostgreSQL its plan. A
``Prepared`` query is written as any other, with ``Given`` where a value comes later; its SQL is made at the first asking
and kept for the process, its plan is kept by the server for the connection. A row is put in by ``insert`` in the same
way. Everything else (locks, policies, converters) is as Django and PostgreSQL do it; SQLite plans each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)
_related: Any = get_related_populators  # as this Django has it: the type checker knows a later one


def run(cursor: Any, sql: str, values: Sequence[Any]) -> None:
    """The statement is executed with these values (``%s`` each), planned once for a connection to PostgreSQL."""
    connection = cursor.db
    if connection.vendor != "postgresql":
        cursor.execute(sql, values)
        return
    if sql not in connection.prepared:
        name = f"prepared_{len(connection.prepared)}"
        pieces = sql.replace("%%", "%").split("%s")
        numbered = (
            "".join(f"{piece}${place}" for place, piece in enumerate(pieces[:-1], start=1)) + pieces[-1]
        )
        cursor.execute(f"PREPARE {name} AS {numbered}")
        connection.prepared[sql] = f"EXECUTE {name} ({', '.join(['%s'] * (len(pieces) - 1))})"
    cursor.execute(connection.prepared[sql], values)


class Given(Expression):
    """A value that is named when the query is asked: a text or a whole number, as the database takes it."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        """A place for the value, which stands for itself until the query is asked."""
        return "%s", [self]


class _Made(Generic[Row]):
    """The SQL of a query for one database, and how its rows become objects: as a queryset makes them."""

    def __init__(self, query: Any) -> None:
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self._values = compiler.as_sql()
        self.locks: bool = query.select_for_update
        self._compiler = compiler
        columns = [column for column, _sql, _alias in compiler.select]
        self._converters = compiler.get_converters(columns)
        own = compiler.klass_info["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._model: type[Row] = compiler.klass_info["model"]
        self._names = [column.target.attname for column in columns[self._own]]
        self._related = _related(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
        self._annotations = tuple(compiler.annotation_col_map.items())

    def parameters(self, given: Mapping[str, Any]) -> list[Any]:
        """The values of the query, those that come later filled in."""
        return [given[value.name] if isinstance(value, Given) else value for value in self._values]

    def objects(self, rows: list[Any]) -> list[Row]:
        """The objects with their related ones and their annotations."""
        if self._converters:
            rows = list(map(tuple, self._compiler.apply_converters(rows, self._converters)))
        return [self._object(row) for row in rows]

    def _object(self, row: Any) -> Row:
        one = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for populator in self._related:
            populator.populate(row, one)
        for name, place in self._annotations:
            setattr(one, name, row[place])
        return one


class Prepared(Generic[Row]):
    """A query of the ORM; ``rows`` asks it. ``only``, ``select_related``, annotations and ``select_for_update`` work."""

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build = build
        self._made: dict[str, _Made[Row]] = {}

    def rows(self, **given: Any) -> list[Row]:
        """The objects that the query finds with these values. KeyError where one is missing."""
        connection = connections[DEFAULT_DB_ALIAS]
        made = self._made.get(connection.vendor)
        if made is None:
            made = self._made[connection.vendor] = _Made(self._build().query)
        if made.locks and not connection.in_atomic_block:
            raise transaction.TransactionManagementError("A query that locks is asked in a transaction.")
        with connection.cursor() as cursor:
            run(cursor, made.sql, made.parameters(given))
            return made.objects(cursor.fetchall())

    def first(self, **given: Any) -> Row | None:
        """The first of them; None where there is none."""
        return next(iter(self.rows(**given)), None)


def insert(row: Row, *beside: models.Model, using: str = DEFAULT_DB_ALIAS) -> Row:
    """The row stands in its table and has its number, and so have those beside it: one statement on PostgreSQL.

    No signal is sent; a value that is left to the database is refused. None of the rows may need another's number.
    """
    connection = connections[using]
    rows: list[models.Model] = [row, *beside]
    if beside and connection.vendor != "postgresql":
        for one in rows:
            insert(one, using=using)
        return row
    made = [_insert_of(type(one), connection.vendor) for one in rows]
    values = [value for one, own in zip(rows, made, strict=True) for value in own.values(one, connection)]
    with connection.cursor() as cursor:
        run(cursor, _in_one(tuple(own.sql for own in made)), values)
        numbers = cursor.fetchone()
    for one, number in zip(rows, numbers, strict=True):
        one.pk = number
        one._state.adding, one._state.db = False, using  # noqa: SLF001 - as a saved row has it
    return row


@cache
def _in_one(statements: tuple[str, ...]) -> str:
    if len(statements) == 1:
        return statements[0]
    parts = ", ".join(f"row{place} AS ({sql})" for place, sql in enumerate(statements))
    names = [f"row{place}" for place in range(len(statements))]
    numbers = ", ".join(f"{name}.id" for name in names)
    return f"WITH {parts} SELECT {numbers} FROM {', '.join(names)}"  # noqa: S608 - own names


_NATIVE: Final[dict[type[Any], type]] = {
    models.CharField: str, models.TextField: str, models.BooleanField: bool, models.ForeignKey: int,
    models.IntegerField: int, models.BigIntegerField: int, models.SmallIntegerField: int,
    models.PositiveIntegerField: int, models.PositiveSmallIntegerField: int,
}  # fmt: skip
"""Columns of these kinds take a value of this type as it is; every other value is made ready by its field."""


@dataclass(frozen=True)
class _Insert:
    """The SQL that puts a row of one table in, and the columns in its order with the types that they take as they are."""

    sql: str
    fields: tuple[tuple[Any, type | None], ...]

    def values(self, row: models.Model, connection: Any) -> Iterator[Any]:
        for field, native in self.fields:
            value = field.pre_save(row, True)
            if hasattr(value, "resolve_expression"):
                raise TypeError(f"{field.name} is left to the database: save the row instead.")
            yield value if type(value) is native else field.get_db_prep_save(value, connection)


@cache
def _insert_of(model: type[models.Model], vendor: str) -> _Insert:
    meta = model._meta  # noqa: SLF001 - Django's word for it
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {meta.db_table} ({columns}) VALUES ({places}) RETURNING {meta.pk.column} AS id"  # noqa: S608 - own names
    return _Insert(sql, tuple((field, _NATIVE.get(type(field))) for field in fields))
