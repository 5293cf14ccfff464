"""One's own API tokens: made and shown once, listed with their last use, revoked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.forms.tokens import TokenForm
from portal.accounts.queries import tokens as queries
from portal.accounts.reauthentication import require_recent
from portal.accounts.services import tokens as services
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The person's tokens, and the form that makes another."""
    if request.method == "POST":
        answer: HttpResponse = _make(request)  # type: ignore[assignment]
        return answer
    return _page(request, TokenForm(offered=queries.offered_scopes(_actor(request))))


@require_recent
def _make(request: HttpRequest) -> HttpResponse:
    """A token, whose secret is on this answer alone: it is kept nowhere, so there is no page to be sent on to."""
    actor = _actor(request)
    form = TokenForm(request.POST, offered=queries.offered_scopes(actor))
    if form.is_valid():
        data = form.cleaned_data
        try:
            token, secret = services.create(
                by=actor,
                owner=actor,
                name=data["name"],
                scopes=data.get("scopes", []),
                days=data["days"],
                form_key=data["form_key"],
                sandbox=data["sandbox"],
            )
        except Refused as refusal:
            form.add_error("scopes" if refusal.code == "second_factor_missing" else None, refusal.words())
        else:
            return _page(request, TokenForm(offered=queries.offered_scopes(actor)), made=token, secret=secret)
    return _page(request, form)


def _page(request: HttpRequest, form: TokenForm, **more: Any) -> HttpResponse:
    actor, now = _actor(request), clock.now()
    context = {
        "form": form,
        "offered": queries.offered_scopes(actor),
        "tokens": queries.tokens_of(actor, now),
        "colleagues": queries.tokens_of_colleagues(actor, now),
        **more,
    }
    return render(request, "accounts/token_list.html", context, status=422 if form.errors else 200)


@allow(Permission.SIGNED_IN)
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """The token works no more."""
    token = services.revoke(by=_actor(request), token_id=token_id)
    messages.success(request, _("The token %(token)s… works no more.") % {"token": token.beginning})
    return redirect("token_list")
