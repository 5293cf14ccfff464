"""Making the demonstration's accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import demonstration
from portal.accounts.models import Membership, Organisation, User
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused


def create_demonstration_people(
    *, by: Actor, maker: Organisation, supplier: Organisation, office: Organisation, customs: Organisation
) -> list[User]:
    """Every demonstration account exists with its roles, password and authenticator; a second run changes nothing.

    ``maker`` is the magnet maker with a preparer, a certifier and an administrator; ``supplier`` a producer where one
    person does it all. Refused outside the demonstration.
    """
    if not settings.DEMONSTRATION:
        raise Refused(
            "not_a_demonstration", _("Accounts with published passwords belong to a demonstration alone.")
        )
    places = {
        demonstration.MAKER: maker,
        demonstration.SUPPLIER: supplier,
        demonstration.OFFICE: office,
        demonstration.CUSTOMS: customs,
    }
    with transaction.atomic():
        Organisation.objects.filter(pk=supplier.pk).update(separate_signer=False)
        hashed = make_password(demonstration.PASSWORD)
        people = [_person(person, places[person.place], hashed) for person in demonstration.PEOPLE]
        record("demonstration.people_made", by=by, data={"people": len(people)})
    return people


def _person(person: demonstration.Person, place: Organisation, hashed: str) -> User:
    user, is_new = User.objects.get_or_create(
        username=person.username,
        defaults={"email": person.email, "first_name": person.name, "password": hashed},
    )
    moment = clock.now()
    for role in person.roles:
        Membership.objects.get_or_create(
            user=user, organisation=place, role=role, defaults={"granted_at": moment}
        )
    if is_new or not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, demonstration.secret_of(person.username))
    return user
