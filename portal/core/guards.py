"""Database triggers that hold what no service may break, written for PostgreSQL and for SQLite."""

from __future__ import annotations

from typing import Any

from django.db.migrations import RunPython


def triggers(*, postgresql: list[str], sqlite: list[str], undo: dict[str, list[str]]) -> RunPython:
    """A migration operation that runs the statements of the database at hand."""

    def forward(apps: Any, schema_editor: Any) -> None:
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            _run(schema_editor, statement)

    def backward(apps: Any, schema_editor: Any) -> None:
        for statement in undo[schema_editor.connection.vendor]:
            _run(schema_editor, statement)

    return RunPython(forward, backward)


def _run(schema_editor: Any, statement: str) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(statement)
