"""A nation that is in the database, beside itself as often as wanted: other enterprises with the same books.

Trade stays within each copy, so that each is as dense as the first; clients that file nothing are the same for all. Licences and
declarations are not copied: what a copy exports it sells at home. The triggers that guard single changes are asleep meanwhile.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from stdnum.cn import uscc as numbers

from portal.accounts.models import Organisation
from portal.accounts.roles import Kind
from portal.registry.models import Counterparty, Lot, Product
from reporting.checks.columns import KIND_CODES
from reporting.models import Filing, Invoice, Line, Obligation, Quota

TABLES: tuple[type[models.Model], ...] = (
    Organisation, Product, Counterparty, Lot, Obligation, Filing, Line, Invoice, Quota,
)  # fmt: skip
_ABROAD = f"kind IN ({KIND_CODES['exported']}, {KIND_CODES['imported']})"
_NOW = "COALESCE((SELECT n.now FROM numbers n WHERE n.was = {0}), {0})"
_OTHERWISE = {
    (Filing, "receipt_no"): "NULL",
    (Line, "kind"): f"CASE kind WHEN {KIND_CODES['exported']} THEN {KIND_CODES['sold']} WHEN {KIND_CODES['imported']} THEN {KIND_CODES['purchased']} ELSE kind END",
    (Line, "invoice_no"): f"CASE WHEN {_ABROAD} THEN '' ELSE invoice_no END",
    (Line, "note"): f"CASE WHEN {_ABROAD} THEN 'no invoice' ELSE note END",
    (Line, "licence_no"): "''", (Line, "declaration_no"): "''", (Line, "destination"): "''",
    (Counterparty, "id_number"): _NOW.format("id_number"),
    (Counterparty, "address"): "CASE WHEN id_number IN (SELECT n.was FROM numbers n) THEN address || ' %(copy)s' ELSE address END",
    (Organisation, "uscc"): "(SELECT n.now FROM numbers n WHERE n.was = uscc)",
    (Invoice, "seller"): _NOW.format("seller"), (Invoice, "buyer"): _NOW.format("buyer"),
}  # fmt: skip
REGIONS = range(130_000, 990_000, 1_000)


def multiply(times: int) -> int:
    """The enterprises on record and their books, so many times in all; how many lines there are then."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        last = {model: _last(cursor, model) for model in TABLES}
        owners = _first_owners()
        for copy in range(1, times):
            _number(cursor, owners, REGIONS[copy])
            for model in TABLES:
                cursor.execute(_statement(model, last, copy))
        for model in TABLES:
            name = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")
    return Line.objects.count()


def _first_owners() -> list[str]:
    return list(Organisation.objects.filter(kind=Kind.ENTERPRISE).values_list("uscc", flat=True))


def _last(cursor: Any, model: type[models.Model]) -> int:
    cursor.execute(f"SELECT COALESCE(max(id), 0) FROM {model._meta.db_table}")
    return int(cursor.fetchone()[0])


def _number(cursor: Any, owners: list[str], region: int) -> None:
    """The numbers of a copy's enterprises: of another region, with the check digit that belongs to them."""
    pairs = []
    for was in owners:
        now = was[:2] + str(region) + was[8:17]
        pairs.append((was, now + numbers.calc_check_digit(now)))
    cursor.execute("DROP TABLE IF EXISTS numbers")
    cursor.execute("CREATE TEMP TABLE numbers (was text PRIMARY KEY, now text)")
    cursor.executemany("INSERT INTO numbers VALUES (%s, %s)", pairs)


def _statement(model: type[models.Model], last: dict[type[models.Model], int], copy: int) -> str:
    names, chosen = [], []
    for field in model._meta.concrete_fields:
        names.append(f'"{field.column}"')
        target = model if field.primary_key else field.related_model
        if (model, field.name) in _OTHERWISE:
            chosen.append(_OTHERWISE[model, field.name].replace("%(copy)s", str(copy)))
        elif target in last and (field.primary_key or field.column != "sandbox_of_id"):
            chosen.append(f'"{field.column}" + {copy * last[target]}')
        else:
            chosen.append(f'"{field.column}"')
    table = model._meta.db_table
    only = f"id <= {last[model]}"
    if model is Organisation:
        only += f" AND kind = '{Kind.ENTERPRISE}'"
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(chosen)} FROM {table} WHERE {only} ORDER BY id"
