"""Fresh, migrated databases beside the one of the tests: migrated once, copied for each test."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections

_numbers = itertools.count(1)
ON_POSTGRESQL = connection.vendor == "postgresql"


class Spares:
    """Hands out empty databases of either kind, each under an alias of its own while it is used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._models: dict[str, str] = {}

    @contextmanager
    def fresh(self, vendor: str) -> Iterator[str]:
        """The alias of a migrated database in which nobody has written."""
        if vendor not in self._models:
            self._models[vendor] = self._migrated(vendor)
        name = self._copied(vendor)
        with _alias(vendor, name) as alias:
            yield alias
        _forget(vendor, name)

    def close(self) -> None:
        for vendor, name in self._models.items():
            _forget(vendor, name)

    def _migrated(self, vendor: str) -> str:
        name = self._new_name(vendor)
        if vendor == "postgresql":
            _in_postgresql(f'CREATE DATABASE "{name}"')
        with _alias(vendor, name) as alias:
            call_command("migrate", database=alias, verbosity=0)
            if vendor == "sqlite":
                with connections[alias].cursor() as cursor:
                    cursor.execute("PRAGMA journal_mode=DELETE")
        return name

    def _copied(self, vendor: str) -> str:
        name = self._new_name(vendor)
        if vendor == "postgresql":
            _in_postgresql(f'CREATE DATABASE "{name}" TEMPLATE "{self._models[vendor]}"')
        else:
            shutil.copy(self._models[vendor], name)
        return name

    def _new_name(self, vendor: str) -> str:
        number = next(_numbers)
        beside = connection.settings_dict["NAME"]  # several processes may share the server
        return (
            f"{beside}_spare_{number}"
            if vendor == "postgresql"
            else str(self._folder / f"spare-{number}.sqlite3")
        )


@contextmanager
def _alias(vendor: str, name: str) -> Iterator[str]:
    alias = f"spare{next(_numbers)}"
    options: dict[str, Any] = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA foreign_keys=ON;"}
    own = connections.databases["default"]
    connections.databases[alias] = (
        {**own, "NAME": name}
        if vendor == "postgresql"
        else {**own, "ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    )
    connections[alias].connect()  # Django's test case lets no unknown alias connect by itself
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def _forget(vendor: str, name: str) -> None:
    if vendor == "postgresql":
        _in_postgresql(f'DROP DATABASE "{name}"')
    else:
        Path(name).unlink()


def _in_postgresql(statement: str) -> None:
    """Databases are made outside of any transaction."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


class Everything:
    """A router that leads every query to one database."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def db_for_read(self, model: object, **hints: object) -> str:
        return self.alias

    db_for_write = db_for_read

    def allow_relation(self, *sides: object, **hints: object) -> bool:
        return True
