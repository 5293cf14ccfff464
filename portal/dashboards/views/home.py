"""The address "/": what each role sees first, and what the portal is for whoever is signed out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from portal.accounts.queries import has_second_factor, needs_second_factor
from portal.accounts.roles import ROLES
from portal.core.actors import Actor
from portal.core.permissions import Permission, public
from portal.dashboards.views import producer, regulator

Part = Callable[[HttpRequest, Actor], HttpResponse]


def other(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For those whose role has no overview of its own, and for those without a role: what to do."""
    roles = [ROLES[code] for code in sorted(actor.roles)]
    return render(request, "dashboards/other.html", {"roles": roles})


# The first permission held decides; a role with a page of its own adds a line.
PARTS: tuple[tuple[Permission, Part], ...] = (
    (Permission.FILING_VIEW, producer.overview),
    (Permission.SUPERVISE, regulator.overview),
)


@public(
    reason="the first page: says what the portal is to whoever is signed out, else shows the role's overview"
)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_authenticated:
        return render(request, "public/home.html")
    if needs_second_factor(actor) and not has_second_factor(actor.user):
        return redirect("mfa_activate_totp")
    part = next((part for permission, part in PARTS if actor.may(permission)), other)
    response = part(request, actor)
    add_never_cache_headers(response)
    return response
