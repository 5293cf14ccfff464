"""Reading tokens of the API: whose, for what, and who a token acts as."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from portal.accounts.models import ApiToken
from portal.accounts.queries.people import actor_of, has_second_factor, needs_second_factor
from portal.accounts.queries.sandboxes import moved_into, sandbox_of
from portal.accounts.roles import permissions_of
from portal.accounts.scopes import SCOPES, Scope
from portal.core.actors import Actor
from portal.core.permissions import Permission


@dataclass(frozen=True)
class ListedToken:
    """A token as its page lists it; ``state`` is active, expired or revoked."""

    token: ApiToken
    scopes: list[Scope]
    state: str


def digest_of(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def token_called(secret: str) -> ApiToken | None:
    """The token of which this is the secret, whatever its state."""
    return ApiToken.objects.select_related("user", "organisation").filter(digest=digest_of(secret)).first()


def state_of(token: ApiToken, now: datetime) -> str:
    """``active``, ``expired`` or ``revoked``."""
    if token.revoked_at is not None:
        return "revoked"
    return "active" if token.expires_at > now else "expired"


def actor_by(token: ApiToken) -> tuple[Actor, frozenset[str]]:
    """The person in the token's organisation held to its scopes, and what the roles held today permit without them.

    Nothing may be done in an organisation where no role is held any more, nor signed without a second factor.
    """
    whole = actor_of(token.user, token.organisation_id)
    here = moved_into(sandbox_of(token.organisation), whole) if token.sandbox else whole
    if whole.organisation_id != token.organisation_id:
        return replace(whole, organisation=None, roles=frozenset(), permissions=frozenset()), frozenset()
    scopes = set(token.scope_codes)
    asks = Permission.FILING_SIGN in scopes or needs_second_factor(whole)
    if asks and not has_second_factor(token.user):
        scopes.discard(Permission.FILING_SIGN)
        if needs_second_factor(whole):
            scopes.clear()
    return replace(here, permissions=here.permissions & scopes), here.permissions


def offered_scopes(actor: Actor) -> list[Scope]:
    """The scopes that a token of this person in this organisation could use; none for the regulator, whom the API does not serve."""
    if actor.organisation is None or actor.organisation.is_regulator:
        return []
    held = permissions_of(actor.roles)
    return [scope for scope in SCOPES.values() if scope.code in held]


def tokens_of(actor: Actor, now: datetime) -> list[ListedToken]:
    """The person's own tokens in the organisation acted for, the latest first."""
    rows = ApiToken.objects.filter(user_id=actor.user_id or 0, organisation_id=actor.organisation_id or 0)
    return _listed(rows, now)


def tokens_of_colleagues(actor: Actor, now: datetime) -> list[ListedToken]:
    """For who manages members: everybody else's tokens in the organisation that still work."""
    if not actor.may(Permission.MEMBERS_MANAGE) or actor.organisation_id is None:
        return []
    alive = Q(revoked_at=None, expires_at__gt=now)
    rows = ApiToken.objects.filter(alive, organisation_id=actor.organisation_id or 0).exclude(
        user_id=actor.user_id or 0
    )
    return _listed(rows, now)


def _listed(rows: QuerySet[ApiToken], now: datetime) -> list[ListedToken]:
    found = rows.select_related("user").order_by("-created_at", "-pk")[:200]
    return [
        ListedToken(row, [SCOPES[code] for code in row.scope_codes if code in SCOPES], state_of(row, now))
        for row in found
    ]
