"""Looking leaves a trace: one event for each view of client identities, and for each list taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.audit.services import record
from portal.core.actors import Actor


def identities_viewed(
    *, by: Actor, organisation_id: int, subject: tuple[str, int], data: Mapping[str, Any] | None = None
) -> None:
    """The organisation's trail says who at the regulator saw its clients; their names do not stand in it."""
    if by.is_regulator:
        record("identity.viewed", by=by, organisation_id=organisation_id, subject=subject, data=data)


def list_exported(*, by: Actor, listing: str, form: str) -> None:
    """The trail says who took a list out, as CSV or as a workbook."""
    record("list.exported", by=by, subject=("list", None), data={"list": listing, "format": form})
