"""Reading people, memberships and roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.accounts import demonstration
from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.roles import ROLES, Role, permissions_of
from portal.core import clock, fence
from portal.core.actors import NOBODY, Actor
from portal.core.permissions import Permission
from portal.core.prepared import Given, Prepared

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ACTIVE_ORGANISATION = "organisation"  # session key: the organisation acted for


def memberships_of(user: User | Given) -> QuerySet[Membership]:
    """Every role a person holds in an organisation that is active, organisations in name order."""
    rows = Membership.objects.filter(user=user, organisation__state="active").select_related("organisation")
    return rows.order_by("organisation__name_en", "organisation_id", "role")


_ROLES_HELD: Final = Prepared(lambda: memberships_of(Given("user")))  # asked by every request of a person


def memberships_in(user: User, organisation: Organisation) -> QuerySet[Membership]:
    """The roles that a person holds in one organisation."""
    return memberships_of(user).filter(organisation=organisation)


def organisations_of(user: User) -> list[Organisation]:
    """The organisations a person may act for."""
    return _organisations(memberships_of(user))


def _organisations(rows: Iterable[Membership]) -> list[Organisation]:
    return list({row.organisation_id: row.organisation for row in rows}.values())


def actor_of(user: Any, organisation_id: int | None = None) -> Actor:
    """The actor a signed-in person is: in the chosen organisation, else in the first of theirs."""
    if not user.is_authenticated:
        return NOBODY
    with fence.lifted(reason="what a person may see is known only when this has been read"):
        rows = _ROLES_HELD.rows(user=user.pk)
    chosen = next((row for row in rows if row.organisation_id == organisation_id), rows[0] if rows else None)
    if chosen is None:
        return Actor(user=user, permissions=permissions_of(frozenset()))
    roles = frozenset(row.role for row in rows if row.organisation_id == chosen.organisation_id)
    return Actor(
        user=user,
        organisation=chosen.organisation,
        roles=roles,
        permissions=permissions_of(roles),
        organisations=tuple(_organisations(rows)),
    )


def needs_second_factor(actor: Actor) -> bool:
    """Whether a role held asks for a second factor before anything else; a superuser may do more than any role."""
    return actor.user.is_superuser or any(ROLES[code].second_factor for code in actor.roles)


def has_second_factor(user: User) -> bool:
    """Whether the person has set up an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def has_authenticator_app(user: User) -> bool:
    """Whether the person has set up an authenticator app."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def passkeys_of(user: User) -> list[Authenticator]:
    """The person's passkeys, in the order in which they were added."""
    return list(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk"))


def may_lose(authenticator: Authenticator) -> bool:
    """Whether this app or passkey may be taken away: where the roles rest on a second factor, another must be left."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
    left = others.exclude(pk=authenticator.pk).exists()
    return bool(left or not must_keep_second_factor(authenticator.user))


def has_old_second_factor(user: User, seconds: int) -> bool:
    """Whether the person has had an authenticator for longer than so many seconds."""
    before = timezone.now() - timedelta(seconds=seconds)
    return bool(
        Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS, created_at__lt=before).exists()
    )


def people_with(organisation: Organisation, *roles: str) -> QuerySet[User]:
    """Active people of an organisation who hold one of the roles."""
    return User.objects.filter(
        is_active=True, memberships__organisation=organisation, memberships__role__in=roles
    ).distinct()


def must_keep_second_factor(user: User) -> bool:
    """Whether anything the person may do rests on a second factor: roles that ask for one, signing, a superuser's work."""
    if user.is_superuser:
        return True
    held = set(memberships_of(user).values_list("role", flat=True))
    return any(
        ROLES[code].second_factor or Permission.FILING_SIGN in ROLES[code].permissions for code in held
    )


def person_with_address(address: str) -> User | None:
    """Whose e-mail address this is, however it is spelt."""
    return User.objects.filter(email__iexact=address.strip()).first()


def person_called(login: str) -> User | None:
    """The person with this e-mail address, or else with this user name, however it is spelt."""
    wanted = login.strip()
    found = list(User.objects.filter(Q(username__iexact=wanted) | Q(email__iexact=wanted)).order_by("pk"))
    by_address = (person for person in found if person.email.casefold() == wanted.casefold())
    return next(by_address, found[0] if found else None)


@dataclass(frozen=True)
class Member:
    """A person of an organisation with the roles held there, in the order in which roles are listed."""

    user: User
    roles: tuple[Role, ...]
    has_second_factor: bool

    @property
    def role_codes(self) -> frozenset[str]:
        return frozenset(role.code for role in self.roles)


def members_of(organisation: Organisation) -> list[Member]:
    """Everybody who holds a role in the organisation, by name."""
    held: dict[int, set[str]] = {}
    for user_id, role in Membership.objects.filter(organisation=organisation).values_list("user_id", "role"):
        held.setdefault(user_id, set()).add(role)
    protected = set(
        Authenticator.objects.filter(user__in=held, type__in=SECOND_FACTORS).values_list("user_id", flat=True)
    )
    people = User.objects.filter(pk__in=held).order_by("first_name", "username")
    return [Member(user, _in_order(held[user.pk]), user.pk in protected) for user in people]


def invitation_roles(invitation: Invitation) -> tuple[Role, ...]:
    """The roles that an invitation offers."""
    return _in_order(set(invitation.role_codes))


def _in_order(codes: set[str]) -> tuple[Role, ...]:
    return tuple(role for role in ROLES.values() if role.code in codes)


@fence.lifted(reason="the demonstration shows its accounts, and no others, before anybody signed in")
def demonstration_accounts() -> list[tuple[User, Organisation | None, tuple[Role, ...]]]:
    """The accounts of the demonstration that exist, in its order, with their organisation and roles."""
    rows = Membership.objects.filter(user__username__in=[person.username for person in demonstration.PEOPLE])
    held: dict[int, list[Membership]] = {}
    for row in rows.select_related("user", "organisation"):
        held.setdefault(row.user_id, []).append(row)
    shown = {
        mine[0].user.username: (mine[0].user, mine[0].organisation, _in_order({row.role for row in mine}))
        for mine in held.values()
        if demonstration.is_one(mine[0].user)
    }
    return [shown[person.username] for person in demonstration.PEOPLE if person.username in shown]


def sessions_of(user: User) -> list[UserSession]:
    """Where the person is signed in, the latest first; sessions that have ended are left out."""
    rows = list(UserSession.objects.filter(user=user).order_by("-created_at", "-pk"))
    kept = Session.objects.filter(
        session_key__in=[row.session_key for row in rows], expire_date__gt=clock.now()
    )
    alive = set(kept.values_list("session_key", flat=True))
    return [row for row in rows if row.session_key in alive]
