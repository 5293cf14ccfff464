"""Reading the trail as people read it: filtered, a page at a time, with the names of organisations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from portal.accounts import trail_words
from portal.accounts.models import Organisation
from portal.audit.models import Event
from portal.audit.queries import events_about
from portal.core.clock import BEIJING
from portal.core.words import named

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What is looked for: verbs (any where empty), part of an actor's name, days in Beijing, both included."""

    verbs: tuple[str, ...] = ()
    person: str = ""
    first: date | None = None
    last: date | None = None
    organisation_id: int | None = None


@dataclass(frozen=True)
class Page:
    """One page of the trail, newest first; the cursors are event numbers, None where there is nothing further."""

    events: list[Event]
    older: int | None
    newer: int | None


def events(wanted: Wanted) -> QuerySet[Event]:
    """The events that are looked for, newest first."""
    rows = Event.objects.order_by("-pk")
    if wanted.organisation_id is not None:
        rows = rows.filter(organisation_id=wanted.organisation_id)
    if wanted.verbs:
        rows = rows.filter(verb__in=wanted.verbs)
    if wanted.person:
        rows = rows.filter(actor_name__icontains=wanted.person)
    if wanted.first:
        rows = rows.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        rows = rows.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BEIJING)


def page(wanted: Wanted, *, before: int | None = None, after: int | None = None) -> Page:
    """A page of what is looked for: what came before an event, what came after one, or the newest."""
    rows = events(wanted)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        shown = found[:PAGE][::-1]
        return Page(shown, shown[-1].pk if shown else None, shown[0].pk if len(found) > PAGE else None)
    found = list((rows.filter(pk__lt=before) if before is not None else rows)[: PAGE + 1])
    shown = found[:PAGE]
    older = shown[-1].pk if len(found) > PAGE else None
    return Page(shown, older, shown[0].pk if shown and before is not None else None)


def organisation_names(shown: list[Event]) -> dict[int, str]:
    """The names, in the reader's language, of the organisations that events speak of."""
    ids = {
        pk for event in shown for pk in (event.actor_organisation_id, event.organisation_id) if pk is not None
    }
    return {organisation.pk: organisation.name for organisation in Organisation.objects.filter(pk__in=ids)}


def stream(wanted: Wanted) -> Iterator[Event]:
    """Every event that is looked for, newest first, with bounded memory."""
    last: int | None = None
    while True:
        rows = events(wanted)
        batch = list((rows.filter(pk__lt=last) if last is not None else rows)[:2_000])
        yield from batch
        if len(batch) < 2_000:
            return
        last = batch[-1].pk


def history_of(subject_type: str, subject_ids: list[int]) -> list[dict[str, Any]]:
    """What was done to the things named, the latest first, as a timeline shows it."""
    return [
        {
            "at": event.at,
            "who": event.actor_name,
            "title": trail_words.title(event.verb),
            "words": named(trail_words.details(event.data)),
        }
        for event in events_about(subject_type, subject_ids).order_by("-pk")
    ]
