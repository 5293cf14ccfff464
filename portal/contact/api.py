"""``webhooks/``: addresses of one's own system that are told of events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from portal.contact.domain.places import LONGEST
from portal.contact.models import HookEvent, Webhook
from portal.contact.queries.webhooks import own_webhook, webhooks_of
from portal.contact.services import webhooks as services
from portal.core.api import bodies, paging
from portal.core.api.endpoint import Endpoint, acts, address, answer, nothing
from portal.core.api.problems import Fault, invalid, not_found
from portal.core.api.schema import Operation, Refusal, Said, described, page_of
from portal.core.clock import BEIJING
from portal.core.permissions import Permission

_TAG = "Webhooks"
_MAY = (Permission.WEBHOOK_MANAGE,)


class NewWebhookShape(serializers.Serializer[Any]):
    """What is told of what, and signed with what."""

    url = serializers.CharField(
        max_length=LONGEST, help_text="https, at port 443, 8443 or 9443, on the public internet"
    )
    events = serializers.ListField(child=serializers.ChoiceField(choices=HookEvent.values), allow_empty=False)
    secret = serializers.RegexField(
        r"^[\x21-\x7e]{32,128}$", help_text="a secret of your own making; it is never shown again"
    )


class WebhookShape(serializers.Serializer[Any]):
    """A webhook, without its secret."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=["active", "paused", "failing", "disabled"])
    created_at = serializers.DateTimeField()


_EXAMPLE = {
    "id": 7,
    "url": "https://erp.aurora.example/lodestone",
    "events": ["filing.received", "question.asked"],
    "state": "active",
    "created_at": "2026-06-05T10:12:31+08:00",
}


def shown(webhook: Webhook) -> dict[str, Any]:
    """A webhook as the API gives it."""
    return {
        "id": webhook.pk,
        "url": webhook.url,
        "events": webhook.event_codes,
        "state": webhook.state,
        "created_at": webhook.created_at.astimezone(BEIJING).isoformat(),
    }


class WebhookList(Endpoint):
    """The organisation's webhooks."""

    allowed = {"GET": _MAY, "POST": _MAY}

    @described(
        Operation(
            "webhooks_list",
            _TAG,
            "Your webhooks",
            paged=True,
            answers={200: Said(page_of(WebhookShape), "a page", {"results": [_EXAMPLE], "next": None})},
        )
    )
    def get(self, request: Request) -> HttpResponse:
        def rows(found: Sequence[Webhook]) -> list[dict[str, Any]]:
            return [shown(row) for row in found]

        return answer(paging.page(request, webhooks_of(self.actor), ("id",), rows))

    @described(
        Operation(
            "webhooks_add",
            _TAG,
            "Add a webhook",
            request=NewWebhookShape,
            request_example={
                "url": _EXAMPLE["url"],
                "events": _EXAMPLE["events"],
                "secret": "one.of.your.own.of.32.characters.or.more",
            },
            creates=True,
            refusals=[
                Refusal(422, "not_https", "Give an address that begins with https://."),
                Refusal(422, "address_not_public", "The address is not on the public internet."),
                Refusal(409, "too_many_webhooks", "There are 10 webhooks. Remove one first."),
            ],
            answers={201: Said(WebhookShape, "it is told from now on", _EXAMPLE)},
        )
    )
    @acts
    def post(self, request: Request) -> HttpResponse:
        given = bodies.members(request, ("url", "events", "secret"))
        webhook, _secret = services.add(
            by=self.actor,
            url=bodies.text(given, "url", longest=LONGEST, required=True),
            events=_events(given.get("events")),
            secret=bodies.text(given, "secret", longest=128, required=True),
        )
        place = address(request, f"{request.path}{webhook.pk}/")
        return answer(shown(webhook), 201, {"Location": place})


def _events(given: Any) -> list[str]:
    if not isinstance(given, list) or not given or not all(event in HookEvent.values for event in given):
        words = _("Choose one of: %(codes)s.") % {"codes": ", ".join(HookEvent.values)}
        raise invalid([Fault("/events", "events_unknown", words)])
    return given


class WebhookItem(Endpoint):
    """One webhook."""

    allowed = {"GET": _MAY, "DELETE": _MAY}

    @described(
        Operation(
            "webhooks_read",
            _TAG,
            "One webhook",
            refusals=["not_found"],
            answers={200: Said(WebhookShape, "the webhook", _EXAMPLE)},
        )
    )
    def get(self, request: Request, webhook_id: int) -> HttpResponse:
        webhook = own_webhook(self.actor, webhook_id)
        if webhook.removed_at is not None:
            raise not_found()
        return answer(shown(webhook))

    @described(
        Operation(
            "webhooks_remove",
            _TAG,
            "Remove a webhook",
            refusals=["not_found"],
            answers={204: Said(None, "it is told of nothing any more")},
        )
    )
    @acts
    def delete(self, request: Request, webhook_id: int) -> HttpResponse:
        services.remove(by=self.actor, webhook_id=webhook_id)
        return nothing()
