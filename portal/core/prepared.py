"""Queries whose SQL is made once and asked many times, for the few requests that must be fast.

Most of what a query costs is not the database's: Django makes its SQL anew each time. A ``Prepared`` query is written as
any other, with ``Given`` where a value comes later; its SQL is made at the first asking and kept for the process. A
row is put in by ``insert`` in the same way. Everything else (locks, policies, converters) is as Django does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)


class Given(Expression):
    """A value that is named when the query is asked: a text or a whole number, as the database takes it."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:
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
        self._related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
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
            cursor.execute(made.sql, made.parameters(given))
            return made.objects(cursor.fetchall())

    def first(self, **given: Any) -> Row | None:
        """The first of them; None where there is none."""
        return next(iter(self.rows(**given)), None)


_inserts: dict[tuple[str, type[models.Model]], tuple[str, list[Field[Any, Any]]]] = {}


def insert(row: Row, *, using: str = DEFAULT_DB_ALIAS) -> Row:
    """The row stands in its table and has its number. No signal is sent; a value left to the database is refused."""
    connection = connections[using]
    model = type(row)
    if (connection.vendor, model) not in _inserts:
        _inserts[connection.vendor, model] = _insert_of(model, connection)
    sql, fields = _inserts[connection.vendor, model]
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, using  # noqa: SLF001 - as a saved row has it
    return row


def _insert_of(model: type[models.Model], connection: Any) -> tuple[str, list[Field[Any, Any]]]:
    meta, quoted = model._meta, connection.ops.quote_name  # noqa: SLF001 - Django's word for it
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({places}) RETURNING {quoted(meta.pk.column)}"  # noqa: S608 - own names
    return sql, fields
