"""Reading webhooks: an organisation's own, what was sent to them, and where the portal may send at all."""

from __future__ import annotations

import ssl
from collections.abc import Collection
from datetime import timedelta
from ipaddress import ip_network

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.contact.domain.places import Rules
from portal.contact.models import HookMessage, Webhook
from portal.core import clock
from portal.core.actors import Actor
from portal.core.permissions import Permission

UNDONE_WITHIN = timedelta(days=1)
FAULTS: dict[str, str | Promise] = {
    "url_unreadable": _("The address cannot be sent to."),
    "not_https": _("The address does not begin with https://."),
    "credentials_in_url": _("The address holds a user name or a password."),
    "port_not_allowed": _("The port is not one that is sent to."),
    "address_not_public": _("The name leads to no address on the public internet."),
    "certificate": _("The certificate is not trusted, or not for this name."),
    "too_slow": _("No whole answer came within ten seconds."),
    "unreachable": _("Nobody answers at the address."),
    "no_answer": _("What came back is no answer of a web server."),
    "redirect": _("The answer points elsewhere. Redirects are not followed."),
    "refused": _("Your system did not take it."),
    "removed": _("The webhook was removed."),
}


def rules() -> Rules:
    """Where messages may go: the internet, and the networks that a setting adds for tests and the demonstration."""
    networks = tuple(ip_network(text) for text in settings.WEBHOOK_NETWORKS)
    return Rules(networks=networks, tls=_verifying)


def _verifying() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.WEBHOOK_AUTHORITIES or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def webhooks_of(actor: Actor, *, removed: bool = False) -> QuerySet[Webhook]:
    """The organisation's webhooks in the order of their making, without those that were removed."""
    if not actor.may(Permission.WEBHOOK_MANAGE) or actor.organisation_id is None:
        return Webhook.objects.none()
    rows = Webhook.objects.filter(organisation_id=actor.organisation_id).order_by("pk")
    return rows if removed else rows.filter(removed_at=None)


def own_webhook(actor: Actor, webhook_id: int, *, held: bool = False) -> Webhook:
    """One of them, removed ones too; Http404 for any other. ``held`` locks its row."""
    rows = webhooks_of(actor, removed=True).filter(pk=webhook_id)
    webhook = (rows.select_for_update() if held else rows).first()
    if webhook is None:
        raise Http404
    return webhook


def messages_to(webhook: Webhook) -> QuerySet[HookMessage]:
    """What was sent to it or waits, the latest first."""
    return HookMessage.objects.filter(webhook=webhook).order_by("-pk")


def listening(event: str, organisation_ids: Collection[int]) -> list[Webhook]:
    """The webhooks of these organisations that are to be told of an event, paused ones too. One query."""
    rows = Webhook.objects.filter(
        removed_at=None, disabled_at=None, organisation_id__in=list(organisation_ids)
    )
    return [row for row in rows.select_related("organisation") if event in row.event_codes]


def removed_lately(actor: Actor) -> list[Webhook]:
    """What was removed within a day, and can be brought back."""
    since = clock.now() - UNDONE_WITHIN
    return list(webhooks_of(actor, removed=True).filter(removed_at__gte=since))


def fault_words(message: HookMessage) -> str:
    """Why the last try failed, in words; empty where it did not."""
    return str(FAULTS.get(message.fault, message.fault))
