"""Writing the trail: events are inserted freely, in the transaction of what they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from portal.audit.canonical import portable
from portal.audit.models import Event
from portal.core import clock, fence
from portal.core.actors import Actor
from portal.core.prepared import insert

AT_ONCE = 1_000


def record(
    verb: str,
    *,
    by: Actor,
    organisation_id: int | None = None,
    subject: tuple[str, int | None] = ("", None),
    data: Mapping[str, Any] | None = None,
    using: str = DEFAULT_DB_ALIAS,
    beside: Sequence[Model] = (),
) -> Event:
    """Put one event into the trail, in the caller's transaction, and the rows ``beside`` it into their tables.

    ``organisation_id`` says whose trail it belongs to (the actor's own by default). ``data`` holds codes and values,
    never a client's name: the trail is read by more people than the data is. TypeError for what JSON does not hold.
    """
    event = _event(verb, by, organisation_id, subject, data)
    if event.actor_id is not None and event.actor_id == fence.current().person:
        return insert(event, *beside, using=using)  # one's own deeds one may write into anybody's trail
    for row in beside:
        insert(row, using=using)
    with fence.lifted(reason="whoever acts, what was done goes to the trail of whom it concerns"):
        return insert(event, using=using)


def record_all(
    verb: str,
    *,
    by: Actor,
    subject_type: str,
    subjects: Iterable[tuple[int | None, int]],
    data: Mapping[str, Any] | None = None,
) -> None:
    """Put one event for each (organisation_id, subject_id) into the trail with one statement: what was done at once."""
    rows = [
        _event(verb, by, organisation_id, (subject_type, subject_id), data)
        for organisation_id, subject_id in subjects
    ]
    with fence.lifted(reason="whoever acts, what was done goes to the trail of whom it concerns"):
        Event.objects.bulk_create(rows, batch_size=AT_ONCE)


def _event(
    verb: str,
    by: Actor,
    organisation_id: int | None,
    subject: tuple[str, int | None],
    data: Mapping[str, Any] | None,
) -> Event:
    return Event(
        at=clock.now(),
        verb=verb,
        actor_id=by.user_id,
        actor_name=by.name or (by.user.label if by.user is not None else "system"),
        actor_organisation_id=by.organisation_id,
        organisation_id=organisation_id if organisation_id is not None else by.organisation_id,
        subject_type=subject[0],
        subject_id=subject[1],
        data=portable(dict(data or {})),
    )
