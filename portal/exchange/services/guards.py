"""The database's own guards stand aside for a restore, inside its transaction, and stand again before it ends.

What a backup holds went past the guards once already, in an order that a restore cannot repeat (a line of a submitted filing
comes after the filing). So the owner of the tables disables the portal's triggers in the transaction that restores (PostgreSQL),
or drops and makes them again from the database's own text (SQLite; its schema changes are transactional as well). References,
unique values and conditions are no triggers of ours and hold all the time. A role that does not own the tables cannot restore.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections


@contextmanager
def aside(tables: Sequence[str], using: str) -> Iterator[None]:
    """The guards of the tables do nothing inside; every reference is checked before they stand again."""
    take = _aside_in_postgresql if connections[using].vendor == "postgresql" else _aside_in_sqlite
    yield from take(list(tables), using)


def _aside_in_postgresql(tables: list[str], using: str) -> Iterator[None]:
    triggers = _rows(
        using,
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND c.relname = ANY(%s) ORDER BY 1, 2",
        [tables],
    )
    forced = _rows(
        using,
        "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname = ANY(%s) ORDER BY 1",
        [tables],
    )
    for table, trigger in triggers:
        _run(using, f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
    for (table,) in forced:
        _run(using, f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    yield
    connections[using].check_constraints()
    for table, trigger in triggers:
        _run(using, f'ALTER TABLE "{table}" ENABLE TRIGGER "{trigger}"')
    for (table,) in forced:
        _run(using, f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def _aside_in_sqlite(tables: list[str], using: str) -> Iterator[None]:
    marks = ", ".join(["%s"] * len(tables))
    triggers = _rows(
        using,
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks}) ORDER BY name",  # noqa: S608 - marks
        tables,
    )
    _run(using, "PRAGMA defer_foreign_keys = ON")
    for name, _sql in triggers:
        _run(using, f'DROP TRIGGER "{name}"')
    yield
    connections[using].check_constraints()
    for _name, sql in triggers:
        _run(using, sql)


def _rows(using: str, statement: str, values: list[Any]) -> list[Any]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _run(using: str, statement: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(statement)
