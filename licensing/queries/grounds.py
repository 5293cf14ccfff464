"""What a question at the border stands on, in one look: the exporter, the list in force, whether the item was heard of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet, Subquery

from licensing.domain.classification import ControlList
from licensing.domain.declared import DeclaredItem
from licensing.domain.ledger import MovementKind, draw_key
from licensing.models import Declaration, ListState, ListVersion, Movement, Reversal
from licensing.queries.control_list import list_of
from portal.accounts.models import Organisation
from portal.core.prepared import Given, Prepared


@dataclass(frozen=True)
class Grounds:
    """``exporter_id`` is empty where the portal knows no enterprise with the code.

    ``heard_of``: a record, a movement or a reversal tells of the item already. Who holds the item may rely on it.
    """

    exporter_id: int | None
    control_list: ControlList
    heard_of: bool


def _grounds() -> QuerySet[ListVersion]:
    item: dict[str, Any] = {"declaration_no": Given("declaration_no"), "item_no": Given("item_no")}
    exporter = Organisation.objects.filter(uscc=Given("uscc"))
    rows = ListVersion.objects.filter(state=ListState.PUBLISHED).order_by("-number")
    return rows.annotate(
        exporter_found=Subquery(exporter.values("pk")[:1]),
        recorded=Exists(Declaration.objects.filter(**item)),
        drawn=Exists(Movement.objects.filter(kind=MovementKind.DRAW.value, **item)),
        key_used=Exists(Movement.objects.filter(key=Given("key"))),
        reversed=Exists(Reversal.objects.filter(**item)),
    )[:1]


_GROUNDS = Prepared(_grounds)


def grounds_of(item: DeclaredItem) -> Grounds:
    """What is known before the goods are judged."""
    number, item_no = item.key
    found: Any = _GROUNDS.first(
        uscc=item.exporter, declaration_no=number, item_no=item_no, key=draw_key(item.key)
    )
    if found is None:
        raise LookupError("No version of the control list is published: migrate the database.")
    heard_of = bool(found.recorded or found.drawn or found.key_used or found.reversed)
    return Grounds(found.exporter_found, list_of(found), heard_of)
