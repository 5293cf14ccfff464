"""A file of declarations for the days when the line is down: each item recorded by itself, and told what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from licensing.domain.declared import DeclaredItem
from licensing.models import Door
from licensing.services.declarations import record_many
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission

RESULT_COLUMNS: Final = (
    "row",
    "declaration_no",
    "item_no",
    "state",
    "reason",
    "licence_line_no",
    "balance_kg",
)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row of the file: the item, or why it cannot be read."""

    row: int
    item: DeclaredItem | None
    faults: tuple[tuple[str, str], ...] = ()  # (column, code)


def record_batch(*, by: Actor, rows: list[BatchRow]) -> list[dict[str, Any]]:
    """What became of each row, in the order of the file. Rows that cannot be read change nothing and keep no other back."""
    if not by.may(Permission.EXPORT_CHECK):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)
    readable = [row for row in rows if row.item is not None]
    with transaction.atomic():
        told = record_many(
            by=by, items=[row.item for row in readable if row.item is not None], door=Door.BATCH
        )
        counts = {"count": len(rows), "recorded": sum(1 for _item, kept, _code in told if kept is not None)}
        record("declarations.read", by=by, subject=("declarations", None), data=counts)
    outcome = dict(zip((row.row for row in readable), told, strict=True))
    return [_result(row, outcome.get(row.row)) for row in rows]


def _result(row: BatchRow, told: Any) -> dict[str, Any]:
    if told is None:
        reason = "; ".join(f"{column}: {code}" for column, code in row.faults)
        return dict.fromkeys(RESULT_COLUMNS) | {"row": row.row, "state": "unread", "reason": reason}
    item, kept, code = told
    line = None if kept is None else kept.line
    return {
        "row": row.row,
        "declaration_no": item.declaration_no,
        "item_no": item.item_no,
        "state": "unkept" if kept is None else str(kept.state),
        "reason": code or (kept.reason if kept is not None else "") or None,
        "licence_line_no": None if line is None else line.line_no,
        "balance_kg": None if line is None else line.balance_g,
    }
