"""Drawing the second fence: each table's declaration becomes its policies and grants. The owner of the tables draws it.

``portal/config/fences.py`` says of each table whose it is. Policies are compared with what stands and only what differs
is drawn anew, so that a deployment locks nothing that it does not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.module_loading import import_string

WEB, WORKER = "lodestone_web", "lodestone_worker"
"""The roles of the database: requests are served as the first; workers, relay and clock run as the second."""

ALL = "SELECT, INSERT, UPDATE, DELETE"
ADD = "SELECT, INSERT"
READ = "SELECT"

# In a sub-query each is looked up once a statement, not once a row.
_ORGANISATION = "(SELECT nullif(current_setting('lodestone.organisation', true), '')::bigint)"
_PERSON = "(SELECT nullif(current_setting('lodestone.person', true), '')::bigint)"
_OFFICE = "(SELECT coalesce(current_setting('lodestone.office', true), '') IN ({offices}))"


@dataclass(frozen=True, kw_only=True)
class Fence:
    """Whose the rows of a table are, and which verbs the two roles have."""

    web: str = ALL
    worker: str = ALL
    customs: bool = False  # customs sees every organisation's rows, as the regulator does

    def all_of_them(self) -> str:
        """True for who sees every row."""
        offices = ("regulator", "portal", *(("customs",) if self.customs else ()))
        return _OFFICE.format(offices=", ".join(f"'{office}'" for office in offices))

    def condition(self, table: str) -> str:
        """True for the rows that may be seen and written; empty where no fence stands."""
        return self.all_of_them()

    def reading(self) -> str:
        """True for rows that may be read, not written, besides."""
        return ""


@dataclass(frozen=True)
class Owned(Fence):
    """Rows belong to the organisation named by the column ``by``; those of the person in ``person`` are theirs too."""

    by: str = "organisation_id"
    person: str = ""
    reads: str = ""  # what everybody may read besides, in SQL

    def condition(self, table: str) -> str:
        also = f" OR {self.person} = {_PERSON}" if self.person else ""
        return f"{self.all_of_them()} OR {self.by} = {_ORGANISATION}{also}"

    def reading(self) -> str:
        return self.reads.format(person=_PERSON)


@dataclass(frozen=True)
class Through(Fence):
    """Rows belong to whom the row belongs that the column ``by`` names in the table of ``parent``."""

    parent: str
    by: str

    def condition(self, table: str) -> str:
        above, of = apps.get_model(self.parent)._meta, declared()[self.parent]  # noqa: SLF001 - Django's word for it
        key = f"above.{above.pk.column}"
        if isinstance(of, Owned) and not (of.person or of.reads):
            # once a statement, by the index of the parent's owner: no look-up for each row, and workers in parallel
            rows = f"SELECT {key} FROM {above.db_table} above WHERE above.{of.by} = {_ORGANISATION}"  # noqa: S608 - own names
            return f"{of.all_of_them()} OR {self.by} = ANY (ARRAY({rows}))"
        found = f"SELECT 1 FROM {above.db_table} above WHERE {key} = {table}.{self.by}"  # noqa: S608 - own names
        return f"{of.all_of_them()} OR EXISTS ({found})"


@dataclass(frozen=True)
class Personal(Fence):
    """Rows belong to one person, whatever the organisation acted for."""

    by: str = "user_id"

    def condition(self, table: str) -> str:
        return f"{self.all_of_them()} OR {self.by} = {_PERSON}"


@dataclass(frozen=True)
class Regulators(Fence):
    """Rows of the regulator's own work: no organisation sees them."""


@dataclass(frozen=True)
class Open(Fence):
    """No fence, for a reason: nothing in it is an organisation's, or nobody is known yet when it is read."""

    reason: str

    def condition(self, table: str) -> str:
        return ""


def declared() -> Mapping[str, Fence]:
    """Every table's declaration, by the label of its model."""
    found: Mapping[str, Fence] = import_string(settings.FENCES)
    return found


def policies() -> Iterator[tuple[str, str, str, str]]:
    """Every policy that should stand: table, name, the command it is for, its condition."""
    for label, fence in declared().items():
        table = apps.get_model(label)._meta.db_table  # noqa: SLF001 - Django's word for it
        if condition := fence.condition(table):
            yield table, "own", "ALL", condition
        if reading := fence.reading():
            yield table, "reads", "SELECT", reading


def draw(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The fence stands as declared; what was changed, in words. On SQLite there is none, and nothing is done."""
    if connections[using].vendor != "postgresql":
        return []
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        changed = _draw_policies(cursor)
        for role in (WEB, WORKER):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                changed.append(f"There is no role {role}: nothing was granted to it.")
            else:
                _grant(cursor, role)
    return changed


def _draw_policies(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy') FROM pg_policy p"
        " JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = current_schema()::regnamespace"
    )
    standing = {(table, name): said for table, name, said in cursor.fetchall()}
    wanted = {(table, name): f"{verb}: {words}" for table, name, verb, words in policies()}
    for table, name in standing.keys() - wanted.keys():
        cursor.execute(f"DROP POLICY {name} ON {table}")
    differing = [one for one in policies() if standing.get(one[:2]) != wanted[one[:2]]]
    for table, name, verb, words in differing:
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        cursor.execute(f"DROP POLICY IF EXISTS {name} ON {table}")
        cursor.execute(f"CREATE POLICY {name} ON {table} FOR {verb} USING ({words})")
        cursor.execute(f"COMMENT ON POLICY {name} ON {table} IS %s", [wanted[table, name]])
    for table in {table for table, _name in standing} - {table for table, _name in wanted}:
        cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    return sorted({f"fenced {table}" for table, *_ in differing})


def _grant(cursor: Any, role: str) -> None:
    """The role has each table's verbs and no others; what is not declared it cannot touch, so a new table is shut."""
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    by_verbs: dict[str, list[str]] = {READ: ["django_migrations"]}
    for label, fence in declared().items():
        verbs = fence.web if role == WEB else fence.worker
        by_verbs.setdefault(verbs, []).append(apps.get_model(label)._meta.db_table)  # noqa: SLF001 - Django's word
    cursor.execute("SELECT to_regclass('cache') IS NOT NULL")
    if cursor.fetchone()[0]:
        by_verbs[ALL].append("cache")
    for verbs, tables in by_verbs.items():
        cursor.execute(f"GRANT {verbs} ON {', '.join(tables)} TO {role}")


def binds(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether the fence binds who is connected: neither the owner of the tables nor a role above it."""
    label = next(label for label, fence in declared().items() if not isinstance(fence, Open))
    table = apps.get_model(label)._meta.db_table  # noqa: SLF001 - Django's word for it
    connections[using].ensure_connection()
    with connections[using].connection.cursor() as cursor:  # the connection's own: no query of the page's
        cursor.execute("SELECT row_security_active(%s)", [table])
        return bool(cursor.fetchone()[0])
