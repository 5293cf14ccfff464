"""Messages to organisations' own systems: promised with the event, signed and sent by a worker, tried again, given up."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F
from django.http import Http404

from portal.accounts.models import Organisation
from portal.accounts.queries import people_with
from portal.contact.domain.patience import DISABLED_AFTER, wait_after
from portal.contact.domain.places import Forbidden, target_of
from portal.contact.domain.posting import Answered, Unsent, post
from portal.contact.domain.signatures import HEADER, signature
from portal.contact.models import HOOK_TEST, HookMessage, HookOutcome, Webhook
from portal.contact.queries.webhooks import listening, rules
from portal.contact.services import mail
from portal.core import clock
from portal.core.encryption import opened
from portal.core.outbox import enqueue

TASK: Final = "portal.contact.send_hook_message"
PURPOSE: Final = "webhook"  # of the box that secrets are closed in
LEASE: Final = timedelta(seconds=60)  # longer than any try lasts: whoever died in one lets go
KEPT: Final = timedelta(days=30)
_NAMES: Final = uuid.UUID("5e1c5b1e-7f0a-4d43-9a55-0c4f1f0f6c11")  # makes ids of events from what happened
log = structlog.get_logger(__name__)


def announce(*, event: str, key: str, told: Mapping[int, Mapping[str, Any]]) -> int:
    """Promise an event to every webhook that listens; ``told`` holds what it says, by organisation. How many messages.

    Part of the caller's transaction. The same ``key`` again promises nothing more. What is told are codes and numbers
    of the portal, never a client's name.
    """
    webhooks = listening(event, told.keys())
    moment = clock.now()
    made = []
    for webhook in webhooks:
        number = uuid.uuid5(_NAMES, f"{key}:{webhook.organisation_id}")
        body = _body(event, number, webhook.organisation, told[webhook.organisation_id])
        made.append(
            HookMessage(
                webhook=webhook,
                event=event,
                event_id=number,
                body=body,
                created_at=moment,
                next_try_at=moment,
            )
        )
    if not made:
        return 0
    ids = {message.event_id for message in made}
    with transaction.atomic():
        known = set(HookMessage.objects.filter(event_id__in=ids).values_list("webhook_id", "event_id"))
        new = [message for message in made if (message.webhook_id, message.event_id) not in known]
        for message in HookMessage.objects.bulk_create(new):
            if message.webhook.sends:
                enqueue(TASK, message.pk)
    return len(new)


def _body(event: str, number: uuid.UUID, organisation: Organisation, data: Mapping[str, Any]) -> str:
    said: dict[str, Any] = {
        "id": str(number),
        "event": event,
        "created_at": clock.now().astimezone(clock.BEIJING).isoformat(),
        "organisation": organisation.code,
        "data": dict(data),
    }
    if organisation.is_sandbox:
        said["sandbox"] = True
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def test(webhook: Webhook) -> HookMessage:
    """A message about nothing is promised."""
    number = uuid.uuid4()
    moment = clock.now()
    message = HookMessage.objects.create(
        webhook=webhook,
        event=HOOK_TEST,
        event_id=number,
        body=_body(HOOK_TEST, number, webhook.organisation, {}),
        created_at=moment,
        next_try_at=moment,
    )
    enqueue(TASK, message.pk)
    return message


def again(webhook: Webhook, message_id: int) -> HookMessage:
    """A message is promised afresh, whatever came of it. While it waits for its turn, it is only brought forward."""
    message = HookMessage.objects.select_for_update().filter(webhook=webhook, pk=message_id).first()
    if message is None:
        raise Http404
    message.outcome, message.attempts, message.next_try_at = HookOutcome.WAITING, 0, clock.now()
    message.save(update_fields=["outcome", "attempts", "next_try_at"])
    enqueue(TASK, message.pk)
    return message


def send_waiting(webhook: Webhook) -> None:
    """Everything that waits is promised at once."""
    moment = clock.now()
    waiting = HookMessage.objects.filter(webhook=webhook, outcome=HookOutcome.WAITING)
    waiting.update(next_try_at=moment)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        enqueue(TASK, pk)


def send(message_id: int) -> None:
    """One try of a message that is due. Run again it sends nothing that was taken; killed in the midst it is tried again."""
    message = _claimed(message_id)
    if message is None:
        return
    webhook = message.webhook
    try:
        answered = post(*_signed(message), rules())
    except (Forbidden, Unsent) as error:
        _failed(message, fault=error.code, answered=None)
        return
    if 200 <= answered.status < 300:
        _taken(message, answered)
    else:
        fault = "redirect" if 300 <= answered.status < 400 else "refused"
        _failed(message, fault=fault, answered=answered)
    log.info("hook_message_sent", webhook=webhook.pk, status=answered.status)


def _claimed(message_id: int) -> HookMessage | None:
    """The message, in this worker's hand for a minute; None where it is not due or another worker has it."""
    moment = clock.now()
    message = HookMessage.objects.select_related("webhook").filter(pk=message_id).first()
    if message is None or not message.webhook.sends:
        return None
    mine = HookMessage.objects.filter(
        pk=message_id,
        outcome=HookOutcome.WAITING,
        next_try_at__lte=moment,
        attempts=message.attempts,
    ).update(next_try_at=moment + LEASE, attempts=F("attempts") + 1, tried_at=moment)
    if not mine:
        return None
    message.attempts += 1
    return message


def _signed(message: HookMessage) -> tuple[Any, bytes, dict[str, str]]:
    webhook, moment, body = message.webhook, clock.now(), message.body.encode()
    secrets = [opened(webhook.secret, PURPOSE)]
    if webhook.former_until is not None and webhook.former_until > moment:
        secrets.append(opened(webhook.former_secret, PURPOSE))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Lodestone-Webhooks/1",
        "Lodestone-Event": message.event,
        "Lodestone-Event-Id": str(message.event_id),
        HEADER: signature(secrets, int(moment.timestamp()), body),
    }
    return target_of(webhook.url, rules()), body, headers


def _taken(message: HookMessage, answered: Answered) -> None:
    with transaction.atomic():
        _note(message, outcome=HookOutcome.TAKEN, next_try_at=None, fault="", answered=answered)
        Webhook.objects.filter(pk=message.webhook_id).exclude(failing_since=None).update(failing_since=None)


def _failed(message: HookMessage, *, fault: str, answered: Answered | None) -> None:
    """The next try is promised; after the last one the webhook counts as failing, and who keeps it is told."""
    wait = wait_after(message.attempts)
    moment = clock.now()
    with transaction.atomic():
        webhook = (
            Webhook.objects.select_for_update().select_related("organisation").get(pk=message.webhook_id)
        )
        if wait is None:
            _note(message, outcome=HookOutcome.GIVEN_UP, next_try_at=None, fault=fault, answered=answered)
            _gave_up(webhook)
        else:
            due = moment + wait
            _note(message, outcome=HookOutcome.WAITING, next_try_at=due, fault=fault, answered=answered)
            if webhook.sends:
                enqueue(TASK, message.pk, delay_seconds=int(wait.total_seconds()))


def _note(
    message: HookMessage, *, outcome: str, next_try_at: Any, fault: str, answered: Answered | None
) -> None:
    HookMessage.objects.filter(pk=message.pk).update(
        outcome=outcome,
        next_try_at=next_try_at,
        fault=fault,
        status=None if answered is None else answered.status,
        answer="" if answered is None else answered.words.replace("\x00", "")[:500],
    )


def _gave_up(webhook: Webhook) -> None:
    moment = clock.now()
    if webhook.failing_since is None:
        webhook.failing_since = moment
        _tell("webhook_failing", webhook)
    elif webhook.disabled_at is None and moment - webhook.failing_since >= DISABLED_AFTER:
        webhook.disabled_at = moment
        _tell("webhook_disabled", webhook)
    webhook.save(update_fields=["failing_since", "disabled_at"])


def _tell(template: str, webhook: Webhook) -> None:
    since = webhook.failing_since or webhook.created_at
    for reader in people_with(webhook.organisation, "organisation_administrator"):
        mail.send(
            template=template,
            to=reader,
            values={"webhook": webhook.pk},
            key=f"{template}:{webhook.pk}:{since:%Y%m%d%H%M%S}:{reader.pk}",
        )


def prune() -> int:
    """Forget what was sent or given up long ago; the number of messages."""
    old = HookMessage.objects.filter(created_at__lt=clock.now() - KEPT).exclude(outcome=HookOutcome.WAITING)
    return old.delete()[0]
