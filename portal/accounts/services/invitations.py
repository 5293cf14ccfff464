"""Colleagues are asked to join by mail; the link works once and expires."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.queries import invitation_token, open_invitation, open_invitations, person_with_address
from portal.accounts.services.members import check_roles
from portal.audit.services import record
from portal.core import clock, fence
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish

VALID_FOR = timedelta(days=7)
AT_ONCE = timedelta(minutes=1)  # the same invitation again within this time is a double click


@dataclass(frozen=True)
class NewAccount:
    """What a person without an account chooses when accepting."""

    name: str
    password: str
    language: str


def invite(*, by: Actor, email: str, roles: Iterable[str]) -> Invitation:
    """A mail with a single-use link is owed to the address; an earlier link to it is dead.

    Refused where the person is a member already. A double click answers with the first invitation.
    """
    address = email.strip().lower()
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=by.organisation.pk)
        codes = ";".join(sorted(check_roles(organisation, roles)))
        if Membership.objects.filter(organisation=organisation, user__email__iexact=address).exists():
            raise Refused(
                "already_a_member", _("This person is a member already. Change their roles instead.")
            )
        moment = clock.now()
        earlier = open_invitations(organisation).filter(email=address)
        again = earlier.filter(roles=codes, created_at__gte=moment - AT_ONCE).first()
        if again is not None:
            return again
        earlier.update(revoked_at=moment)
        return offer(by=by, organisation=organisation, address=address, roles=codes)


def offer(*, by: Actor, organisation: Organisation, address: str, roles: str) -> Invitation:
    """The link exists, the trail tells of it, and the mail is owed. Part of the caller's transaction."""
    invitation = _create(by, organisation, address, roles)
    record(
        "invitation.made",
        by=by,
        organisation_id=organisation.pk,
        subject=("invitation", invitation.pk),
        data={"roles": roles.split(";"), "address": address},
    )
    publish("invitation.made", invitation.pk)
    return invitation


def _create(by: Actor, organisation: Organisation, address: str, codes: str) -> Invitation:
    moment = clock.now()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        roles=codes,
        token_digest=secrets.token_hex(32),
        invited_by=by.user,
        created_at=moment,
        expires_at=moment + VALID_FOR,
    )
    invitation.token_digest = hashlib.sha256(invitation_token(invitation).encode()).hexdigest()
    invitation.save(update_fields=["token_digest"])
    return invitation


def revoke(*, by: Actor, invitation_id: int) -> None:
    """The link is dead; nothing happens to a colleague who had accepted."""
    with transaction.atomic():
        rows = Invitation.objects.filter(
            pk=invitation_id, organisation_id=by.organisation.pk, accepted_at=None
        )
        if not rows.exists():
            raise Refused("invitation_gone", _("This invitation was accepted or is not yours."), status=404)
        if rows.filter(revoked_at=None).update(revoked_at=clock.now()):
            record("invitation.revoked", by=by, subject=("invitation", invitation_id))


@fence.lifted(reason="who accepts becomes a member by this; the link names one invitation")
def accept(*, by: Actor, token: str, account: NewAccount | None) -> User:
    """The person holds the roles offered; the link is spent.

    A signed-in person accepts for themselves and must own the address invited; ``account`` makes a new account.
    """
    with transaction.atomic():
        found = open_invitation(token)
        if found is None:
            raise _gone()
        invitation = Invitation.objects.select_for_update().get(pk=found.pk)
        if invitation.accepted_at or invitation.revoked_at:
            raise _gone()
        user = _accepter(by, invitation, account)
        moment = clock.now()
        Membership.objects.bulk_create(
            [
                Membership(
                    user=user,
                    organisation=invitation.organisation,
                    role=role,
                    granted_at=moment,
                    granted_by=invitation.invited_by,
                )
                for role in invitation.role_codes
            ],
            ignore_conflicts=True,
        )
        invitation.accepted_at, invitation.accepted_by = moment, user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        record(
            "invitation.accepted",
            by=Actor(user=user),
            organisation_id=invitation.organisation_id,
            subject=("invitation", invitation.pk),
            data={"roles": invitation.role_codes},
        )
    return user


def _accepter(by: Actor, invitation: Invitation, account: NewAccount | None) -> User:
    if by.is_authenticated:
        if by.user.email.lower() != invitation.email:
            raise Refused(
                "not_invited",
                _(
                    "The invitation is for another address than your account's. Sign in with the account it is for."
                ),
            )
        return User.objects.get(pk=by.user.pk)
    if account is None or person_with_address(invitation.email) is not None:
        raise Refused("sign_in_first", _("There is an account with this address. Sign in, then accept."))
    user = User(
        username=invitation.email, email=invitation.email, first_name=account.name, language=account.language
    )
    user.set_password(account.password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise _gone() from error
    return user


def _gone() -> Refused:
    return Refused(
        "link_old",
        _("This invitation was used, was revoked or has expired. Ask your colleague for a new one."),
    )
