"""Long trails: events of several kinds, sealed as the worker seals them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portal.audit.models import Event
from portal.audit.services import seal_events

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
AT_ONCE = 5_000
VERBS = ("filing.submitted", "draft.saved", "identity.viewed", "session.begun")


def grow(count: int) -> None:
    """So many more events, in the chain."""
    for start in range(0, count, AT_ONCE):
        Event.objects.bulk_create(_event(number) for number in range(start, min(start + AT_ONCE, count)))
    seal_events()


def _event(number: int) -> Event:
    return Event(
        at=BEGIN + timedelta(seconds=number, microseconds=number % 1_000),
        verb=VERBS[number % len(VERBS)],
        actor_id=number % 500,
        actor_name="Wu Fang",
        actor_organisation_id=number % 90,
        organisation_id=number % 90,
        subject_type="filing",
        subject_id=number,
        data={"period": "2026-05", "version": number % 7, "lines": number % 400, "note": "第一批", "sha256": f"{number:064x}"},
    )  # fmt: skip
