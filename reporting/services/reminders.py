"""Reminders by mail: five days and one day before the due time, and once after it. Each goes once to each reader."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from portal.accounts.models import Membership, Organisation, User
from portal.contact.models import Message
from portal.contact.services import mail
from portal.core import clock
from portal.core.clock import BEIJING
from reporting.domain.reminders import LATE, LATE_NEWS_DAYS, reminder_of
from reporting.models import Extension, ExtensionState, Obligation
from reporting.queries.obligations import last_day

READERS = ("preparer", "certifier")


def remind() -> int:
    """Promise the reminders that today calls for; the number promised. Running it again promises none twice."""
    today, now = clock.today(), clock.now()
    window = (now - timedelta(days=LATE_NEWS_DAYS + 1), now + timedelta(days=7))
    rows = Obligation.objects.filter(submitted_at=None, due_at__range=window).select_related("organisation")
    called = [(row, reminder_of(due_on=last_day(row.due_at), today=today)) for row in rows]
    called = [(row, stage) for row, stage in called if stage]
    readers = readers_of({row.organisation_id for row, _ in called})
    promised = 0
    with transaction.atomic():
        wanted = {
            _key(row, stage, reader): (row, stage, reader)
            for row, stage in called
            for reader in readers.get(row.organisation_id, [])
        }
        for key in _new(wanted):
            row, stage, reader = wanted[key]
            template = "filing_overdue" if stage == LATE else "filing_due"
            mail.send(template=template, to=reader, values=_values(row), key=key)
            promised += 1
    return promised


def tell_extension(extension_id: int) -> None:
    """Mail what was decided: to the one who asked for it and colleagues, or to everybody concerned."""
    extension = Extension.objects.select_related("organisation").get(pk=extension_id)
    if extension.state == ExtensionState.ASKED:
        return
    if extension.organisation_id is not None:
        concerned = {extension.organisation_id}
    else:
        owing = Obligation.objects.filter(period=extension.period, submitted_at=None)
        concerned = set(owing.values_list("organisation_id", flat=True))
    values = {
        "period": extension.period.index,
        "until": extension.until.isoformat(),
        "granted": extension.state == ExtensionState.GRANTED,
        "for_all": extension.organisation_id is None,
        "reason": extension.decision_reason or extension.reason,
    }
    readers = readers_of(concerned)
    with transaction.atomic():
        for reader in {person.pk: person for people in readers.values() for person in people}.values():
            key = f"extension:{extension.pk}:{extension.state}:{reader.pk}"
            mail.send(template="extension_decided", to=reader, values=values, key=key)


def names_of(organisation: Organisation) -> dict[str, str]:
    """The organisation's names as a mail's values hold them."""
    return {"name_zh": organisation.name_zh, "name_en": organisation.name_en}


def readers_of(organisation_ids: Iterable[int]) -> dict[int, list[User]]:
    """Active preparers and certifiers of each organisation. One query."""
    rows = Membership.objects.filter(
        organisation_id__in=list(organisation_ids), role__in=READERS, user__is_active=True
    ).select_related("user")
    readers: dict[int, dict[int, User]] = {}
    for row in rows:
        readers.setdefault(row.organisation_id, {})[row.user_id] = row.user
    return {pk: list(people.values()) for pk, people in readers.items()}


def _key(row: Obligation, stage: str, reader: User) -> str:
    day: date = row.due_at.astimezone(BEIJING).date()
    return f"due:{stage}:{row.organisation_id}:{row.period}:{day}:{reader.pk}"


def _new(wanted: Iterable[str]) -> list[str]:
    keys = list(wanted)
    sent: set[str] = set()
    for start in range(0, len(keys), 500):
        sent |= set(Message.objects.filter(key__in=keys[start : start + 500]).values_list("key", flat=True))
    return [key for key in keys if key not in sent]


def _values(row: Obligation) -> dict[str, object]:
    return {
        "period": row.period.index,
        "due_on": row.due_on.isoformat(),
        "due_at": row.due_at.isoformat(),
        "organisation": names_of(row.organisation),
    }
