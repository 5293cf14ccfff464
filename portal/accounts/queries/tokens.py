"""Reading tokens of the API: whose, for what, and who a token acts as."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from portal.accounts.models import ApiToken
from portal.accounts.queries.people import SECOND_FACTORS, needs_second_factor
from portal.accounts.queries.sandboxes import moved_into, sandbox_of
from portal.accounts.roles import permissions_of
from portal.accounts.scopes import SCOPES, SIGNING, Scope
from portal.core.actors import Actor
from portal.core.permissions import Permission
from portal.core.prepared import Given, Prepared


@dataclass(frozen=True)
class CalledToken:
    """A token by which somebody calls, with what decides who they act as: one look-up a call of the API."""

    token: ApiToken
    roles: frozenset[str]  # held today in the token's organisation
    has_second_factor: bool


@dataclass(frozen=True)
class ListedToken:
    """A token as its page lists it; ``state`` is active, expired or revoked."""

    token: ApiToken
    scopes: list[Scope]
    state: str


def digest_of(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _called() -> QuerySet[ApiToken]:
    """The token once for each role that its person holds in its organisation; once where none is held."""
    own = Q(user__memberships__organisation=F("organisation"))
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=SECOND_FACTORS)
    rows = ApiToken.objects.select_related("user", "organisation").filter(digest=Given("digest"))
    held = rows.annotate(held=FilteredRelation("user__memberships", condition=own))
    return held.annotate(role_held=F("held__role"), has_second_factor=Exists(factors))


_CALLED = Prepared(_called)


def token_called(secret: str) -> CalledToken | None:
    """The token of which this is the secret, whatever its state."""
    rows = _CALLED.rows(digest=digest_of(secret))
    if not rows:
        return None
    roles = (row.role_held for row in rows)  # type: ignore[attr-defined]
    factor = rows[0].has_second_factor  # type: ignore[attr-defined]
    return CalledToken(rows[0], frozenset(role for role in roles if role), bool(factor))


def state_of(token: ApiToken, now: datetime) -> str:
    """``active``, ``expired`` or ``revoked``."""
    if token.revoked_at is not None:
        return "revoked"
    return "active" if token.expires_at > now else "expired"


def actor_by(called: CalledToken) -> tuple[Actor, frozenset[str], frozenset[str]]:
    """The person in the token's organisation held to its scopes, what the roles held today permit without them, and
    which of the scopes wait for a second factor.

    Nothing may be done in an organisation where no role is held any more, nor signed without a second factor.
    """
    token, roles = called.token, called.roles
    if not roles or not token.organisation.is_active:
        return Actor(user=token.user), frozenset(), frozenset()
    whole = Actor(token.user, token.organisation, roles, permissions_of(roles))
    here = moved_into(sandbox_of(token.organisation), whole) if token.sandbox else whole
    scopes: frozenset[str] = frozenset(token.scope_codes)
    asking = scopes if needs_second_factor(whole) else scopes & SIGNING
    waiting = frozenset() if called.has_second_factor else asking
    return replace(here, permissions=here.permissions & (scopes - waiting)), here.permissions, waiting


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
