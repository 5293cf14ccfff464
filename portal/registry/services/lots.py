"""Writing the assays of an organisation's lots, which stand above those of their products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.registry.models import Lot


def add(*, by: Actor, fields: Mapping[str, Any]) -> Lot:
    """A new lot with its assay. Refused: a lot of the product that is there already."""
    try:
        with transaction.atomic():
            lot = Lot.objects.create(organisation=by.organisation, **fields)
            record("lot.added", by=by, subject=("lot", lot.pk), data=_named(lot))
    except IntegrityError as error:
        raise Refused("code_taken", _("You already have this lot of the product.")) from error
    return lot


@transaction.atomic
def edit(*, by: Actor, lot: Lot, fields: Mapping[str, Any]) -> Lot:
    """Change the assay of a lot; the trail keeps what it said before."""
    locked = Lot.objects.select_for_update().get(pk=lot.pk)
    changed = {name: value for name, value in fields.items() if getattr(locked, name) != value}
    before = {name: _plain(getattr(locked, name)) for name in changed}
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save()
    after = {name: _plain(value) for name, value in changed.items()}
    record(
        "lot.changed",
        by=by,
        subject=("lot", locked.pk),
        data={**_named(locked), "before": before, "after": after},
    )
    return locked


@transaction.atomic
def remove(*, by: Actor, lot: Lot) -> None:
    """The lot has no assay of its own any more: its product's holds. The trail keeps what it said."""
    said = {f"{symbol}_pct": str(value) for symbol, value in lot.contents.items()}
    record("lot.removed", by=by, subject=("lot", lot.pk), data={**_named(lot), "before": said})
    lot.delete()


def _named(lot: Lot) -> dict[str, str]:
    return {"code": lot.batch, "product": lot.product.code}


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
