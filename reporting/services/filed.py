"""Keeping with a filing, at its submission, what it names: counterparties and products as they stand then."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection, models

from portal.registry.models import Counterparty, CounterpartyDetails, Product, ProductDetails
from reporting.models import FiledParty, FiledProduct, Filing, Line

_KEPT: Final[tuple[tuple[type[models.Model], type[models.Model], type[models.Model], str], ...]] = (
    (FiledParty, Counterparty, CounterpartyDetails, "counterparty_id"),
    (FiledProduct, Product, ProductDetails, "product_id"),
)


def keep_named(filing: Filing) -> None:
    """Keep every counterparty and product that the lines name, once. Two statements, part of the caller's transaction.

    The rows of the register cannot be changed by anybody else until it ends: what is checked is what is kept.
    """
    for kept, register, details, column in _KEPT:
        with connection.cursor() as cursor:
            cursor.execute(_statement(kept, register, details, column), [filing.pk, filing.pk])


def _statement(
    kept: type[models.Model], register: type[models.Model], details: type[models.Model], column: str
) -> str:
    fields: list[Any] = list(details._meta.fields)  # noqa: SLF001 - Django's documented way to the columns
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    into, source, lines = (
        connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001
        for model in (kept, register, Line)
    )
    lock = " FOR SHARE" if connection.vendor == "postgresql" else ""  # SQLite lets one write at a time
    return (
        f"INSERT INTO {into} (filing_id, {column}, {names}) SELECT %s, id, {names} FROM {source} "  # noqa: S608 - own names
        f"WHERE id IN (SELECT {column} FROM {lines} WHERE filing_id = %s) ORDER BY id{lock}"
    )
