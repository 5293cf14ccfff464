"""Reading people, memberships and roles."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from portal.accounts.models import Membership, Organisation, User
from portal.accounts.roles import ROLES, permissions_of
from portal.core.actors import NOBODY, Actor

ACTIVE_ORGANISATION = "organisation"  # session key: the organisation acted for


def memberships_of(user: User) -> QuerySet[Membership]:
    """Every role a person holds in an organisation that is active, organisations in name order."""
    rows = Membership.objects.filter(user=user, organisation__state="active").select_related("organisation")
    return rows.order_by("organisation__name_en", "organisation_id", "role")


def organisations_of(user: User) -> list[Organisation]:
    """The organisations a person may act for."""
    return list({row.organisation_id: row.organisation for row in memberships_of(user)}.values())


def actor_of(user: Any, organisation_id: int | None = None) -> Actor:
    """The actor a signed-in person is: in the chosen organisation, else in the first of theirs."""
    if not user.is_authenticated:
        return NOBODY
    rows = list(memberships_of(user))
    chosen = next((row for row in rows if row.organisation_id == organisation_id), rows[0] if rows else None)
    if chosen is None:
        return Actor(user=user, permissions=permissions_of(frozenset()))
    roles = frozenset(row.role for row in rows if row.organisation_id == chosen.organisation_id)
    return Actor(user=user, organisation=chosen.organisation, roles=roles, permissions=permissions_of(roles))


def needs_second_factor(actor: Actor) -> bool:
    """Whether a role held asks for a second factor before anything else."""
    return any(ROLES[code].second_factor for code in actor.roles)


def has_second_factor(user: User) -> bool:
    """Whether the person has set up an authenticator app or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def people_with(organisation: Organisation, *roles: str) -> QuerySet[User]:
    """Active people of an organisation who hold one of the roles."""
    return User.objects.filter(
        is_active=True, memberships__organisation=organisation, memberships__role__in=roles
    ).distinct()
