"""Writing an organisation's products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.registry.models import ELEMENT_SYMBOLS, Product
from portal.registry.queries.products import is_used

RECIPE = ("stage", "family", *(f"{symbol}_pct" for symbol in ELEMENT_SYMBOLS))


def add(*, by: Actor, fields: Mapping[str, Any]) -> Product:
    """A new product in the actor's organisation's catalogue. Refused: a code that is taken."""
    try:
        with transaction.atomic():
            product = Product.objects.create(organisation=by.organisation, **fields)
            record("product.added", by=by, subject=("product", product.pk), data={"code": product.code})
    except IntegrityError as error:
        raise Refused("code_taken", _("You already have a product with this code.")) from error
    return product


def changed_recipe(product: Product, fields: Mapping[str, Any]) -> list[str]:
    """The recipe's fields that were known and would become something else."""
    return [
        name
        for name in RECIPE
        if getattr(product, name) not in (None, "")
        and name in fields
        and fields[name] != getattr(product, name)
    ]


@transaction.atomic
def edit(*, by: Actor, product: Product, fields: Mapping[str, Any], correction: str = "") -> Product:
    """Change a product. A recipe that filings rest on changes only as a correction of what was recorded wrongly."""
    locked = Product.objects.select_for_update().get(pk=product.pk)
    recipe = changed_recipe(locked, fields)
    if recipe and not correction and is_used(locked):
        raise Refused(
            "recipe_in_use",
            _(
                "Filings rest on these contents. A changed recipe is a new product; to correct a mistake, say what was wrong."
            ),
        )
    before = {name: _plain(getattr(locked, name)) for name in fields if getattr(locked, name) != fields[name]}
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save()
    data = {"code": locked.code, "before": before, "after": {name: _plain(fields[name]) for name in before}}
    record(
        "product.changed",
        by=by,
        subject=("product", locked.pk),
        data=data | ({"correction": correction} if recipe else {}),
    )
    return locked


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


@transaction.atomic
def retire(*, by: Actor, product: Product, retired: bool) -> None:
    """No longer offer the product in new filings, or offer it again; what was filed stays."""
    Product.objects.filter(pk=product.pk).update(retired_at=clock.now() if retired else None)
    verb = "product.retired" if retired else "product.restored"
    record(verb, by=by, subject=("product", product.pk), data={"code": product.code})
