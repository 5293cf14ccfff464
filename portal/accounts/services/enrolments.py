"""An organisation asks to take part; the regulator's administrator decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import (
    Enrolment,
    EnrolmentState,
    Membership,
    Organisation,
    OrganisationState,
    User,
)
from portal.accounts.queries import person_with_address
from portal.audit.services import record
from portal.core import clock, fence
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.months import Month

ADMINISTRATOR = "organisation_administrator"


@dataclass(frozen=True)
class Details:
    """What the organisation says about itself; ``activities`` are codes of the data dictionary."""

    uscc: str
    name_zh: str
    name_en: str
    activities: tuple[str, ...]
    province: str
    reports_from: Month


@dataclass(frozen=True)
class Applicant:
    """Who asks, where they have no account yet."""

    name: str
    email: str
    password: str
    language: str


@fence.lifted(reason="whether an organisation is known already is asked before anybody belongs to it")
def ask(*, by: Actor, details: Details, applicant: Applicant | None, note: str = "") -> Enrolment | None:
    """The request waits for a decision, once however often it is sent.

    None where nothing was asked because the organisation or the address is known already: the page answers the same,
    and what there is to say goes by mail to the address given. ``applicant`` is None for a signed-in person.
    """
    address = by.user.email.lower() if applicant is None else applicant.email
    # computed for known and unknown alike: how long the answer takes tells nothing
    hashed = make_password(applicant.password) if applicant is not None else ""
    try:
        with transaction.atomic():
            known = Organisation.objects.select_for_update().filter(uscc=details.uscc).first()
            is_free = known is None or known.state == OrganisationState.REFUSED
            user = _applicant(by, applicant, hashed) if is_free else None
            if user is None:
                _tell_that_it_is_known(by, known, address)
                return None
            return _ask(by if by.is_authenticated else Actor(user=user), known, details, user, note)
    except IntegrityError:
        return None  # the same request a moment ago, in another tab


def _ask(by: Actor, known: Organisation | None, details: Details, user: User, note: str) -> Enrolment:
    organisation = known or Organisation(uscc=details.uscc)
    organisation.state = OrganisationState.APPLIED
    organisation.name_zh, organisation.name_en = details.name_zh, details.name_en
    organisation.activities, organisation.province = ";".join(details.activities), details.province
    organisation.reports_from = details.reports_from
    organisation.save()
    enrolment = Enrolment.objects.create(
        organisation=organisation, applicant=user, note=note, asked_at=clock.now()
    )
    record(
        "enrolment.asked",
        by=by,
        organisation_id=organisation.pk,
        subject=("enrolment", enrolment.pk),
        data={"uscc": details.uscc, "period": str(details.reports_from)},
    )
    return enrolment


def _applicant(by: Actor, asked: Applicant | None, hashed: str) -> User | None:
    """Who asks: the signed-in person, a new account that cannot sign in yet, or the one of a request that was refused.

    None where the address belongs to another account.
    """
    if asked is None:
        found: User = by.user
        return found
    known = person_with_address(asked.email)
    if known is not None and (known.is_active or known.last_login or _has_request(known)):
        return None
    user = known or User(username=asked.email, email=asked.email)
    user.first_name, user.last_name, user.language, user.is_active = asked.name, "", asked.language, False
    user.password = hashed
    user.save()
    return user


def _has_request(person: User) -> bool:
    return Enrolment.objects.filter(applicant=person).exclude(state=EnrolmentState.REFUSED).exists()


def _tell_that_it_is_known(by: Actor, known: Organisation | None, address: str) -> None:
    """Only whoever reads that mailbox learns more. The same person's request that still waits is left alone."""
    if Enrolment.objects.filter(applicant__email__iexact=address, state=EnrolmentState.ASKED).exists():
        return
    asker = by if by.is_authenticated else Actor(name="enrolment")
    event = record(
        "enrolment.known",
        by=asker,
        organisation_id=known.pk if known is not None else None,
        subject=("organisation", known.pk if known is not None else None),
        data={"address": address, "language": get_language() or settings.LANGUAGE_CODE},
    )
    publish("enrolment.known", event.pk)


def approve(*, by: Actor, enrolment_id: int, reports_from: Month) -> Enrolment:
    """The organisation takes part from ``reports_from`` on, the applicant administers it, and both are told.

    Deciding the same again changes nothing; refused where it was decided otherwise.
    """
    with transaction.atomic():
        enrolment = _to_decide(enrolment_id, EnrolmentState.APPROVED)
        if enrolment.state == EnrolmentState.APPROVED:
            return enrolment
        organisation, applicant = enrolment.organisation, enrolment.applicant
        organisation.state, organisation.reports_from = OrganisationState.ACTIVE, reports_from
        organisation.save(update_fields=["state", "reports_from"])
        applicant.is_active = True
        applicant.save(update_fields=["is_active"])
        Membership.objects.get_or_create(
            user=applicant,
            organisation=organisation,
            role=ADMINISTRATOR,
            defaults={"granted_at": clock.now(), "granted_by": by.user},
        )
        _decide(by, enrolment, EnrolmentState.APPROVED, "")
        publish("organisation.approved", organisation.pk)
    return enrolment


def refuse(*, by: Actor, enrolment_id: int, reason: str) -> Enrolment:
    """The organisation does not take part; the applicant is told why and may ask again."""
    with transaction.atomic():
        enrolment = _to_decide(enrolment_id, EnrolmentState.REFUSED)
        if enrolment.state == EnrolmentState.REFUSED:
            return enrolment
        Organisation.objects.filter(pk=enrolment.organisation_id).update(state=OrganisationState.REFUSED)
        _decide(by, enrolment, EnrolmentState.REFUSED, reason)
    return enrolment


def _to_decide(enrolment_id: int, wanted: str) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("organisation", "applicant")
    enrolment = rows.get(pk=enrolment_id)
    if enrolment.state not in {EnrolmentState.ASKED, wanted}:
        raise Refused("decided", _("A colleague has decided this request already."))
    return enrolment


def _decide(by: Actor, enrolment: Enrolment, state: str, reason: str) -> None:
    enrolment.state, enrolment.reason = state, reason
    enrolment.decided_at, enrolment.decided_by = clock.now(), by.user
    enrolment.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    record(
        f"enrolment.{state}",
        by=by,
        organisation_id=enrolment.organisation_id,
        subject=("enrolment", enrolment.pk),
        data={"period": str(enrolment.organisation.reports_from or "")},
    )
    publish("enrolment.decided", enrolment.pk)
