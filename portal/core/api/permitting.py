"""Who may: a token's person, in one organisation, within the scopes that the token was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.core.actors import NOBODY, Actor
from portal.core.api.problems import Problem
from portal.core.permissions import Permission

Policy = Mapping[str, tuple[Permission, ...]]
"""Method -> permissions of which one is enough."""


@dataclass(frozen=True)
class Bearer:
    """What a token stands for: an actor held to the token's scopes, what the person may do without them, and which
    scopes wait until the person has a second factor again."""

    token_id: int
    actor: Actor
    held: frozenset[str]
    waiting: frozenset[str] = frozenset()


def actor_of(request: Request) -> Actor:
    """Who calls."""
    return request.auth.actor if isinstance(request.auth, Bearer) else NOBODY


class Allowed(BasePermission):
    """Answers by the view's ``allowed`` table; without a token only what is public is answered."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if view.reason_public:
            return True
        if not isinstance(request.auth, Bearer):
            return False
        wanted = view.allowed.get("GET" if request.method == "HEAD" else request.method)
        if wanted is None:
            return True  # no such method here: told so in a moment
        if any(request.auth.actor.may(permission) for permission in wanted):
            return True
        if any(permission in request.auth.held & request.auth.waiting for permission in wanted):
            raise Problem(
                403,
                "second_factor_missing",
                _("Signing asks for a second factor. Set up an authenticator app or a passkey first."),
            )
        if any(permission in request.auth.held for permission in wanted):
            scopes = " ".join(wanted)
            raise Problem(
                403,
                "scope_missing",
                _("The token was not given the scope for this."),
                headers={
                    "WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", scope="{scopes}"'
                },
            )
        raise Problem(403, "not_permitted", _("Your role does not include this."))
