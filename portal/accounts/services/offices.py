"""The office of customs begins with an administrator whom the regulator invites; everybody else is invited by customs."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Invitation, Organisation
from portal.accounts.queries import open_invitations
from portal.accounts.queries.offices import administrators_of, customs_office
from portal.accounts.roles import Kind
from portal.accounts.services.invitations import AT_ONCE, offer
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.core.turns import await_turn, turn_of

ADMINISTRATOR = "customs_administrator"


def invite_customs(*, by: Actor, email: str, name_en: str = "", name_zh: str = "") -> Invitation:
    """A mail with a single-use link is owed to who shall administer customs' office; earlier links of it are dead.

    A double click answers with the first invitation. The office is made with the names where there is none. Refused where somebody administers it: they invite colleagues.
    """
    if not by.may(Permission.ENROLMENT_DECIDE):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)
    with transaction.atomic():
        await_turn(turn_of("the office of customs"))
        office = customs_office(hold=True) or _made(by, name_en, name_zh)
        if administrators_of(office):
            raise Refused(
                "has_administrator",
                _("Customs has an administrator, who invites colleagues and further administrators."),
            )
        address, moment = email.strip().lower(), clock.now()
        waiting = open_invitations(office)
        again = waiting.filter(email=address, roles=ADMINISTRATOR, created_at__gte=moment - AT_ONCE).first()
        if again is not None:
            return again
        waiting.update(revoked_at=moment)
        return offer(by=by, organisation=office, address=address, roles=ADMINISTRATOR)


def _made(by: Actor, name_en: str, name_zh: str) -> Organisation:
    if not (name_en and name_zh):
        raise Refused("name_missing", _("Write the office's name in both languages."), status=422)
    office = Organisation.objects.create(kind=Kind.CUSTOMS, name_en=name_en, name_zh=name_zh)
    record("office.made", by=by, organisation_id=office.pk, subject=("organisation", office.pk))
    return office
