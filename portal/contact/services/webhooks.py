"""Webhooks: addresses of an organisation's own system, added, paused and removed by its administrator."""

from __future__ import annotations

import re
import secrets as randomness
from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.contact.domain.places import Forbidden, target_of
from portal.contact.models import HookEvent, HookMessage, HookOutcome, Webhook
from portal.contact.queries.webhooks import own_webhook, rules
from portal.contact.services import hook_messages
from portal.core import clock
from portal.core.actors import Actor
from portal.core.encryption import closed, opened
from portal.core.errors import Refused
from portal.core.permissions import Permission

PREFIX: Final = "whsec_"
MOST: Final = 10  # webhooks of one organisation
OVERLAP: Final = timedelta(hours=24)  # for which the former secret signs too
PURPOSE: Final = hook_messages.PURPOSE
_SECRET: Final = re.compile(r"[\x21-\x7e]{32,128}")
FORBIDDEN: Final = {
    "url_unreadable": _("This is no address that can be sent to."),
    "not_https": _("Give an address that begins with https://."),
    "credentials_in_url": _(
        "Leave the user name and password out of the address. Messages are signed instead."
    ),
    "port_not_allowed": _("Only the ports 443, 8443 and 9443 are sent to."),
    "address_not_public": _("The address is not on the public internet."),
}


def add(
    *,
    by: Actor,
    url: str,
    events: Collection[str],
    secret: str = "",
    form_key: str | None = None,
) -> tuple[Webhook, str]:
    """The organisation's system is told of these events from now on; the webhook and its secret, shown once.

    Refused for an address that nothing may be sent to. A secret of the caller's own has 32 to 128 visible characters.
    """
    _may(by)
    chosen = _chosen(events)
    _reachable(url)
    if secret and not _SECRET.fullmatch(secret):
        raise Refused("secret_weak", _("A secret has 32 to 128 visible ASCII characters."), status=422)
    secret = secret or PREFIX + randomness.token_urlsafe(32)
    try:
        with transaction.atomic():
            _room(by)
            webhook = Webhook.objects.create(
                organisation=by.organisation,
                url=url,
                events=";".join(chosen),
                secret=closed(secret, PURPOSE),
                form_key=form_key,
                created_at=clock.now(),
                created_by=by.user,
            )
            _tell("webhook.added", by, webhook, events=chosen)
    except IntegrityError as error:
        words = _(
            "This webhook was added already, and its secret was shown then. Give it a new one if you did not keep it."
        )
        raise Refused("webhook_added", words) from error
    return webhook, secret


def _chosen(events: Collection[str]) -> list[str]:
    chosen = [event.value for event in HookEvent if event.value in events]
    if not chosen or set(events) - set(chosen):
        raise Refused("events_unknown", _("Choose at least one of the events."), status=422)
    return chosen


def _reachable(url: str) -> None:
    try:
        target_of(url, rules())
    except Forbidden as error:
        raise Refused(error.code, FORBIDDEN[error.code], status=422) from error


def _room(by: Actor) -> None:
    alive = Webhook.objects.filter(organisation=by.organisation, removed_at=None)
    if alive.count() >= MOST:
        raise Refused(
            "too_many_webhooks", _("There are %(most)s webhooks. Remove one first."), values={"most": MOST}
        )


def rotate(*, by: Actor, webhook_id: int) -> tuple[Webhook, str]:
    """Messages are signed with a new secret, and for a day with the former one too."""
    secret = PREFIX + randomness.token_urlsafe(32)
    with transaction.atomic():
        webhook = _held(by, webhook_id)
        webhook.former_secret, webhook.former_until = webhook.secret, clock.now() + OVERLAP
        webhook.secret = closed(secret, PURPOSE)
        webhook.save(update_fields=["secret", "former_secret", "former_until"])
        _tell("webhook.secret_changed", by, webhook)
    return webhook, secret


def pause(*, by: Actor, webhook_id: int) -> Webhook:
    """Nothing is sent; what happens meanwhile is kept for when it goes on. A second call changes nothing."""
    with transaction.atomic():
        webhook = _held(by, webhook_id)
        if webhook.paused_at is None:
            webhook.paused_at = clock.now()
            webhook.save(update_fields=["paused_at"])
            _tell("webhook.paused", by, webhook)
    return webhook


def resume(*, by: Actor, webhook_id: int) -> Webhook:
    """What waits is sent, after a pause and after the portal had given up on it. A second call changes nothing."""
    with transaction.atomic():
        webhook = _held(by, webhook_id)
        if not webhook.sends:
            webhook.paused_at = webhook.disabled_at = webhook.failing_since = None
            webhook.save(update_fields=["paused_at", "disabled_at", "failing_since"])
            hook_messages.send_waiting(webhook)
            _tell("webhook.resumed", by, webhook)
    return webhook


def remove(*, by: Actor, webhook_id: int) -> Webhook:
    """The system is told of nothing any more, until it is restored. What waited is given up."""
    with transaction.atomic():
        webhook = _held(by, webhook_id)
        webhook.removed_at = clock.now()
        webhook.save(update_fields=["removed_at"])
        HookMessage.objects.filter(webhook=webhook, outcome=HookOutcome.WAITING).update(
            outcome=HookOutcome.GIVEN_UP, next_try_at=None, fault="removed"
        )
        _tell("webhook.removed", by, webhook)
    return webhook


def restore(*, by: Actor, webhook_id: int) -> Webhook:
    """A webhook that was removed by mistake stands as it stood, with its secret."""
    with transaction.atomic():
        webhook = _held(by, webhook_id, removed=True)
        if webhook.removed_at is not None:
            _room(by)
            webhook.removed_at = None
            webhook.save(update_fields=["removed_at"])
            _tell("webhook.restored", by, webhook)
    return webhook


def send_test(*, by: Actor, webhook_id: int) -> HookMessage:
    """A message that says nothing is on its way. Refused while nothing is sent."""
    with transaction.atomic():
        webhook = _sending(by, webhook_id)
        message = hook_messages.test(webhook)
        _tell("webhook.tested", by, webhook)
    return message


def send_again(*, by: Actor, webhook_id: int, message_id: int) -> HookMessage:
    """A message is on its way once more, with the same id: a receiver that took it already knows it again."""
    with transaction.atomic():
        webhook = _sending(by, webhook_id)
        message = hook_messages.again(webhook, message_id)
        _tell("webhook.sent_again", by, webhook, event=message.event)
    return message


def rekey(*, by: Actor) -> int:
    """Every secret is encrypted with the present key; how many. Run again, it does the same again."""
    with transaction.atomic():
        rows = list(Webhook.objects.select_for_update().order_by("pk"))
        for row in rows:
            row.secret = closed(opened(row.secret, PURPOSE), PURPOSE)
            row.former_secret = row.former_secret and closed(opened(row.former_secret, PURPOSE), PURPOSE)
        Webhook.objects.bulk_update(rows, ["secret", "former_secret"], batch_size=500)
        record("webhook.secrets_rekeyed", by=by, data={"count": len(rows)})
    return len(rows)


def _may(by: Actor) -> None:
    if not by.may(Permission.WEBHOOK_MANAGE) or by.organisation is None:
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def _held(by: Actor, webhook_id: int, *, removed: bool = False) -> Webhook:
    _may(by)
    webhook = own_webhook(by, webhook_id, held=True)
    if webhook.removed_at is not None and not removed:
        raise Http404
    return webhook


def _sending(by: Actor, webhook_id: int) -> Webhook:
    webhook = _held(by, webhook_id)
    if not webhook.sends:
        raise Refused("webhook_silent", _("Nothing is sent to this address at present. Let it go on first."))
    return webhook


def _tell(verb: str, by: Actor, webhook: Webhook, **data: Any) -> None:
    host = target_host(webhook.url)
    record(
        verb,
        by=by,
        organisation_id=webhook.organisation_id,
        subject=("webhook", webhook.pk),
        data={"address": host, **data},
    )


def target_host(url: str) -> str:
    """The host of an address: what stands in trails and mail, as paths often carry a secret."""
    return url.split("//", 1)[-1].split("/", 1)[0].split("?", 1)[0]
