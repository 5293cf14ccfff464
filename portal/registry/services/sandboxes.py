"""Registers of a sandbox: copied from those of its enterprise, then its own."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Model

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.core.actors import Actor
from portal.registry.models import Counterparty, Lot, Product

AT_ONCE: Final = 500
M = TypeVar("M", bound=Model)


def fill(*, by: Actor, sandbox_id: int) -> int:
    """What the enterprise's registers hold and the sandbox's lack stands in both; how many rows were copied.

    Later changes of the enterprise's rows are not carried over: what the sandbox has is its own.
    """
    with transaction.atomic():
        sandbox = Organisation.objects.select_for_update().get(pk=sandbox_id)
        if sandbox.sandbox_of_id is None:
            return 0
        made = _products(sandbox) + _counterparties(sandbox) + _lots(sandbox)
        if made:
            about = ("organisation", sandbox.pk)
            record("sandbox.filled", by=by, organisation_id=sandbox.pk, subject=about, data={"count": made})
    return made


def _products(sandbox: Organisation) -> int:
    known = Product.objects.filter(organisation=sandbox).values("code")
    rows = Product.objects.filter(organisation=sandbox.sandbox_of).exclude(code__in=known)
    return len(Product.objects.bulk_create([_copy(row, sandbox) for row in rows], batch_size=AT_ONCE))


def _counterparties(sandbox: Organisation) -> int:
    known = Counterparty.objects.filter(organisation=sandbox).values("code")
    rows = Counterparty.objects.filter(organisation=sandbox.sandbox_of).exclude(code__in=known)
    return len(Counterparty.objects.bulk_create([_copy(row, sandbox) for row in rows], batch_size=AT_ONCE))


def _lots(sandbox: Organisation) -> int:
    known = set(Lot.objects.filter(organisation=sandbox).values_list("batch", "product__code"))
    products = dict(Product.objects.filter(organisation=sandbox).values_list("code", "pk"))
    rows = Lot.objects.filter(organisation=sandbox.sandbox_of).select_related("product")
    new = [row for row in rows if (row.batch, row.product.code) not in known]
    copies = [_copy(row, sandbox, product_id=products[row.product.code]) for row in new]
    return len(Lot.objects.bulk_create(copies, batch_size=AT_ONCE))


def _copy(row: M, sandbox: Organisation, **changed: Any) -> M:
    """The same row as the sandbox's own, not stored yet."""
    fields = row._meta.concrete_fields  # noqa: SLF001 - whatever columns the register has
    values = {field.attname: getattr(row, field.attname) for field in fields if not field.primary_key}
    return type(row)(**values | {"organisation_id": sandbox.pk} | changed)
