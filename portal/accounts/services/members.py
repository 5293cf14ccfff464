"""Who holds which role in an organisation, and how the organisation wants its filings signed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, Organisation, User
from portal.accounts.roles import ROLES, roles_of
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission


def roles_that_manage(kind: str) -> frozenset[str]:
    """The roles by which an organisation of this kind manages its members."""
    return frozenset(role.code for role in roles_of(kind) if Permission.MEMBERS_MANAGE in role.permissions)


def check_roles(organisation: Organisation, roles: Iterable[str]) -> frozenset[str]:
    """The codes, where this kind of organisation may give them all; else refused."""
    codes = frozenset(roles)
    if not codes:
        raise Refused("no_role", _("Choose at least one role."), status=422)
    if codes - {role.code for role in roles_of(organisation.kind)}:
        raise Refused("unknown_role", _("This organisation cannot give such a role."), status=422)
    return codes


def set_roles(*, by: Actor, user_id: int, roles: Iterable[str]) -> None:
    """The member holds exactly these roles in the actor's organisation.

    Refused where nobody would be left to manage members, and where the person is no member.
    """
    with transaction.atomic():
        organisation = _lock(by)
        wanted = check_roles(organisation, roles)
        held = _held(organisation, user_id)
        gave, took = sorted(wanted - held), sorted(held - wanted)
        if not gave and not took:
            return
        _keep_a_manager(organisation, user_id, wanted)
        _write(by, organisation, user_id, gave, took)
        record(
            "member.roles_changed",
            by=by,
            organisation_id=organisation.pk,
            subject=("user", user_id),
            data={"gave": gave, "took": took, "person": _label(user_id)},
        )


def remove(*, by: Actor, user_id: int) -> None:
    """The person holds no role in the actor's organisation any more; their account stays theirs."""
    with transaction.atomic():
        organisation = _lock(by)
        held = _held(organisation, user_id)
        _keep_a_manager(organisation, user_id, frozenset())
        _write(by, organisation, user_id, [], sorted(held))
        record(
            "member.removed",
            by=by,
            organisation_id=organisation.pk,
            subject=("user", user_id),
            data={"took": sorted(held), "person": _label(user_id)},
        )


def separate_signer(*, by: Actor, separate: bool) -> None:
    """Whether whoever prepared a filing may sign it themselves."""
    with transaction.atomic():
        organisation = _lock(by)
        if organisation.separate_signer == separate:
            return
        Organisation.objects.filter(pk=organisation.pk).update(separate_signer=separate)
        record(
            "organisation.separation_changed",
            by=by,
            subject=("organisation", organisation.pk),
            data={"separate": separate},
        )


def _lock(by: Actor) -> Organisation:
    """The actor's organisation; changes to its members wait for one another."""
    return Organisation.objects.select_for_update().get(pk=by.organisation.pk)


def _held(organisation: Organisation, user_id: int) -> frozenset[str]:
    rows = Membership.objects.filter(organisation=organisation, user_id=user_id)
    held = frozenset(rows.values_list("role", flat=True))
    if not held:
        raise Refused(
            "not_a_member", _("This person is not a member of your organisation any more."), status=404
        )
    return held


def _keep_a_manager(organisation: Organisation, user_id: int, wanted: frozenset[str]) -> None:
    managing = roles_that_manage(organisation.kind)
    if wanted & managing:
        return
    others = Membership.objects.filter(organisation=organisation, role__in=managing, user__is_active=True)
    if not others.exclude(user_id=user_id).exists():
        raise Refused(
            "last_administrator",
            _("Somebody must be left to manage members. Give a colleague the administrator's role first."),
        )


def _write(by: Actor, organisation: Organisation, user_id: int, gave: list[str], took: list[str]) -> None:
    moment = clock.now()
    Membership.objects.filter(organisation=organisation, user_id=user_id, role__in=took).delete()
    Membership.objects.bulk_create(
        [
            Membership(
                user_id=user_id, organisation=organisation, role=role, granted_at=moment, granted_by=by.user
            )
            for role in gave
            if role in ROLES
        ],
        ignore_conflicts=True,
    )


def _label(user_id: int) -> str:
    return User.objects.get(pk=user_id).label
