"""The only door to Celery: work is promised as a row in the caller's transaction, and sent by the relay.

A broker that is down, slow or forgetful costs time, never work: a row is sent again until a worker has marked it done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Min, Q

from portal.core import clock
from portal.core.models import Outbox

# A message unheard of for this long is taken for lost. It must exceed the longest task: see CELERY_TASK_TIME_LIMIT.
RESEND_AFTER = timedelta(seconds=90)
GIVE_UP_AFTER = 12  # times sent; what no worker ever began is sent again for as long as it takes
_ALIVE = Q(attempts__lt=GIVE_UP_AFTER) | Q(started_at=None)


def enqueue(task: str, argument: int, *, delay_seconds: int = 0, queue: str = "default") -> Outbox:
    """Promise that ``task(argument)`` will be done; part of the caller's transaction."""
    row = _promise(task, argument, delay_seconds, queue)
    row.save(force_insert=True)
    return row


def enqueue_once(
    task: str, arguments: Iterable[int], *, delay_seconds: int = 0, queue: str = "default"
) -> None:
    """Promise the same for each of these unless it is promised already and nobody has begun. Two queries.

    Part of the caller's transaction.
    """
    wanted = set(arguments)
    waiting = Outbox.objects.filter(task=task, argument__in=wanted, done_at=None, started_at=None)
    new = sorted(wanted.difference(waiting.values_list("argument", flat=True)))
    Outbox.objects.bulk_create(_promise(task, argument, delay_seconds, queue) for argument in new)


def _promise(task: str, argument: int, delay_seconds: int, queue: str) -> Outbox:
    moment = clock.now()
    due = moment + timedelta(seconds=delay_seconds)
    return Outbox(task=task, argument=argument, queue=queue, created_at=moment, due_at=due)


def owed(moment: datetime, limit: int = 200) -> list[Outbox]:
    """Rows that should be with a worker and are not."""
    rows = Outbox.objects.filter(_ALIVE, done_at=None, due_at__lte=moment)
    return list(rows.order_by("due_at")[:limit])


def send_owed() -> int:
    """Hand what is owed to the broker; the number sent. A broker that refuses leaves the rows owed."""
    moment = clock.now()
    sent = 0
    for row in owed(moment):
        wait = RESEND_AFTER * min(2 ** min(row.attempts, 4), 10)
        claimed = Outbox.objects.filter(pk=row.pk, due_at=row.due_at, done_at=None).update(
            due_at=moment + wait, attempts=F("attempts") + 1
        )
        if not claimed:
            continue  # another relay was quicker
        try:
            current_app.send_task("portal.core.perform", args=[row.pk], queue=row.queue)
        except Exception:
            Outbox.objects.filter(pk=row.pk).update(due_at=row.due_at, attempts=row.attempts)
            raise
        sent += 1
    return sent


def claim(outbox_id: int) -> Outbox | None:
    """The row, marked as started, or None where it is done already."""
    moment = clock.now()
    with transaction.atomic():
        if not Outbox.objects.filter(pk=outbox_id, done_at=None).update(started_at=moment):
            return None
        return Outbox.objects.get(pk=outbox_id)


def finish(outbox_id: int) -> None:
    """Mark the promise kept."""
    Outbox.objects.filter(pk=outbox_id).update(done_at=clock.now(), error="")


def fail(outbox_id: int, error: str) -> None:
    """Leave the promise open and say why it failed; the relay sends it again."""
    Outbox.objects.filter(pk=outbox_id).update(error=error[:200])


def lag_seconds() -> float:
    """How long the oldest promise has waited: unsent past its time, or sent in vain, since it was made.

    What was sent twice and begun by nobody tells of workers that are gone, or stand still, while the relay goes on.
    """
    moment = clock.now()
    open_ = Outbox.objects.filter(done_at=None)
    unsent = open_.filter(_ALIVE, due_at__lte=moment).aggregate(since=Min("due_at"))["since"]
    unheard = open_.filter(attempts__gte=2, started_at=None).aggregate(since=Min("created_at"))["since"]
    return max((moment - since).total_seconds() if since else 0.0 for since in (unsent, unheard))


def prune(keep: timedelta = timedelta(days=7)) -> int:
    """Forget promises kept long ago; the number of rows removed."""
    return Outbox.objects.filter(done_at__lt=clock.now() - keep).delete()[0]
