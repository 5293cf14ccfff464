"""A lost second factor is taken away only when two different administrators agree, neither of them the person."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import OPEN_RECOVERY, Recovery, RecoveryState, User
from portal.accounts.queries import actor_of, has_second_factor, person_called
from portal.accounts.services.sign_in import end_sessions
from portal.audit.services import record
from portal.core import clock, fence
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish


@fence.lifted(reason="who lost the second factor cannot sign in; nothing is answered")
def ask(*, by: Actor, login: str, reason: str) -> Recovery | None:
    """The request waits for two administrators, and the person is told by mail that it was made.

    None where there is nothing to ask for: no such account, no second factor, or a request that waits already.
    """
    with transaction.atomic():
        person = person_called(login)
        if person is None or not person.is_active or not has_second_factor(person):
            return None
        User.objects.select_for_update().get(pk=person.pk)
        if Recovery.objects.filter(user=person, state__in=OPEN_RECOVERY).exists():
            return None
        recovery = Recovery.objects.create(user=person, reason=reason, asked_at=clock.now())
        _record("recovery.asked", Actor(user=person), recovery)
        publish("recovery.asked", recovery.pk)
    return recovery


def agree(*, by: Actor, recovery_id: int) -> Recovery:
    """The first administrator's consent is noted; with the second's the person's authenticators and sessions are gone.

    Refused for the person's own request and for the same administrator a second time.
    """
    with transaction.atomic():
        recovery = _to_decide(by, recovery_id)
        if recovery.state == RecoveryState.ASKED:
            recovery.state, recovery.first_by, recovery.first_at = (
                RecoveryState.SECONDED,
                by.user,
                clock.now(),
            )
            recovery.save(update_fields=["state", "first_by", "first_at"])
            _record("recovery.first_agreed", by, recovery)
            return recovery
        if recovery.first_by_id == by.user_id:
            raise Refused(
                "same_administrator", _("You agreed already. A second administrator must agree too.")
            )
        recovery.state, recovery.second_by, recovery.second_at = RecoveryState.DONE, by.user, clock.now()
        recovery.save(update_fields=["state", "second_by", "second_at"])
        Authenticator.objects.filter(user_id=recovery.user_id).delete()
        _record("recovery.done", by, recovery)
        end_sessions(by=by, user=recovery.user)
        publish("recovery.decided", recovery.pk)
    return recovery


def refuse(*, by: Actor, recovery_id: int) -> Recovery:
    """The second factor stays as it is, and the person is told."""
    with transaction.atomic():
        recovery = _to_decide(by, recovery_id)
        recovery.state = RecoveryState.REFUSED
        recovery.save(update_fields=["state"])
        _record("recovery.refused", by, recovery)
        publish("recovery.decided", recovery.pk)
    return recovery


def _to_decide(by: Actor, recovery_id: int) -> Recovery:
    recovery = Recovery.objects.select_for_update(of=("self",)).select_related("user").get(pk=recovery_id)
    if not recovery.is_open:
        raise Refused("decided", _("This request was decided already."))
    if recovery.user_id == by.user_id:
        raise Refused("own_recovery", _("Nobody decides about their own second factor."), status=403)
    return recovery


def _record(verb: str, by: Actor, recovery: Recovery) -> None:
    owner = actor_of(recovery.user).organisation_id
    record(
        verb,
        by=by,
        organisation_id=owner,
        subject=("recovery", recovery.pk),
        data={"person": recovery.user.label},
    )
