"""Webhooks, as the organisation's administrator keeps them: added, tried, paused, removed, what was sent to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.reauthentication import require_recent
from portal.contact.forms.webhooks import WebhookForm
from portal.contact.models import Webhook
from portal.contact.queries import webhooks as queries
from portal.contact.services import webhooks as services
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow

PAGE = 50


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.WEBHOOK_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_list(request: HttpRequest) -> HttpResponse:
    """The organisation's webhooks, and the form that adds another."""
    if request.method == "POST":
        answer: HttpResponse = _add(request)  # type: ignore[assignment]
        return answer
    return _list(request, WebhookForm())


@require_recent
def _add(request: HttpRequest) -> HttpResponse:
    """A webhook, whose secret is on this answer alone."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            webhook, secret = services.add(
                by=_actor(request), url=data["url"], events=data["events"], form_key=data["form_key"]
            )
        except Refused as refusal:
            about_url = refusal.code in services.FORBIDDEN
            form.add_error("url" if about_url else None, refusal.words())
        else:
            return _page(request, webhook, secret=secret)
    return _list(request, form)


def _list(request: HttpRequest, form: WebhookForm) -> HttpResponse:
    actor = _actor(request)
    context = {
        "form": form,
        "webhooks": queries.webhooks_of(actor),
        "removed": queries.removed_lately(actor),
    }
    return render(request, "contact/webhook_list.html", context, status=422 if form.errors else 200)


@allow(Permission.WEBHOOK_MANAGE)
@require_safe
def webhook_page(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One webhook: how it stands, what was sent and answered."""
    return _page(request, queries.own_webhook(_actor(request), webhook_id))


def _page(request: HttpRequest, webhook: Webhook, **more: Any) -> HttpResponse:
    page = Paginator(queries.messages_to(webhook), PAGE).get_page(request.GET.get("page"))
    rows = [{"message": message, "fault": queries.fault_words(message)} for message in page]
    context = {"webhook": webhook, "page_obj": page, "rows": rows, **more}
    return render(request, "contact/webhook_page.html", context)


@allow(Permission.WEBHOOK_MANAGE)
@require_POST
@require_recent
def webhook_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """A new secret, which is on this answer alone."""
    webhook, secret = services.rotate(by=_actor(request), webhook_id=webhook_id)
    return _page(request, webhook, secret=secret)


@allow(Permission.WEBHOOK_MANAGE)
@require_POST
def webhook_pause(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Nothing is sent for a while."""
    words = _("Nothing is sent to this address. What happens meanwhile is kept.")
    return _done(
        request, webhook_id, lambda: services.pause(by=_actor(request), webhook_id=webhook_id), words
    )


@allow(Permission.WEBHOOK_MANAGE)
@require_POST
def webhook_resume(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """It goes on."""
    words = _("Messages are sent again, what waited first.")
    return _done(
        request, webhook_id, lambda: services.resume(by=_actor(request), webhook_id=webhook_id), words
    )


@allow(Permission.WEBHOOK_MANAGE)
@require_POST
def webhook_test(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """A message about nothing."""
    words = _("A test message is on its way. Load the page again to see what was answered.")
    return _done(
        request, webhook_id, lambda: services.send_test(by=_actor(request), webhook_id=webhook_id), words
    )


@allow(Permission.WEBHOOK_MANAGE)
@require_POST
def webhook_send_again(request: HttpRequest, webhook_id: int, message_id: int) -> HttpResponse:
    """One message once more."""

    def act() -> object:
        return services.send_again(by=_actor(request), webhook_id=webhook_id, message_id=message_id)

    words = _("The message is on its way once more. Load the page again to see what was answered.")
    return _done(request, webhook_id, act, words)


def _done(request: HttpRequest, webhook_id: int, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.words())
    else:
        messages.success(request, words)
    return redirect("webhook_page", webhook_id)


@allow(Permission.WEBHOOK_MANAGE)
@require_POST
def webhook_remove(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """It is told of nothing any more; the list offers to undo that for a day."""
    services.remove(by=_actor(request), webhook_id=webhook_id)
    return redirect("webhook_list")


@allow(Permission.WEBHOOK_MANAGE)
@require_POST
def webhook_restore(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """What was removed by mistake stands again."""
    try:
        services.restore(by=_actor(request), webhook_id=webhook_id)
    except Refused as refusal:
        messages.error(request, refusal.words())
        return redirect("webhook_list")
    return redirect("webhook_page", webhook_id)
