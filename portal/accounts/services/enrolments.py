"""An organisation asks to take part; the regulator's administrator decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
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
from portal.core import clock
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


def ask(*, by: Actor, details: Details, applicant: Applicant | None, note: str = "") -> Enrolment | None:
    """The request waits for a decision, once however often it is sent.

    None where nothing was written because the organisation or the address is known already: the page answers the
    same, and what there is to say goes by mail to the address given. ``applicant`` is None for a signed-in person.
    """
    try:
        with transaction.atomic():
            user = by.user if applicant is None else _applicant(applicant)
            organisation = _organisation(details) if user is not None else None
            if user is None or organisation is None:
                _tell_that_it_is_known(by, user, applicant)
                return None
            enrolment = Enrolment.objects.create(
                organisation=organisation, applicant=user, note=note, asked_at=clock.now()
            )
            record(
                "enrolment.asked",
                by=by if by.is_authenticated else Actor(user=user),
                organisation_id=organisation.pk,
                subject=("enrolment", enrolment.pk),
                data={"uscc": details.uscc, "period": str(details.reports_from)},
            )
            return enrolment
    except IntegrityError:
        return None  # the same request a moment ago, in another tab


def _organisation(details: Details) -> Organisation | None:
    """The organisation as it now describes itself, or None where it takes part or waits already."""
    known = Organisation.objects.select_for_update().filter(uscc=details.uscc).first()
    if known is not None and known.state != OrganisationState.REFUSED:
        return None
    organisation = known or Organisation(uscc=details.uscc)
    organisation.state = OrganisationState.APPLIED
    organisation.name_zh, organisation.name_en = details.name_zh, details.name_en
    organisation.activities, organisation.province = ";".join(details.activities), details.province
    organisation.reports_from = details.reports_from
    organisation.save()
    return organisation


def _applicant(asked: Applicant) -> User | None:
    """A new account that cannot sign in yet, or the same person's from a request that was refused; else None."""
    known = person_with_address(asked.email)
    if known is not None and (known.is_active or known.last_login or _is_waiting(known)):
        return None
    user = known or User(username=asked.email, email=asked.email)
    user.first_name, user.last_name, user.language, user.is_active = asked.name, "", asked.language, False
    user.set_password(asked.password)
    user.save()
    return user


def _is_waiting(user: User) -> bool:
    return Enrolment.objects.filter(applicant=user).exclude(state=EnrolmentState.REFUSED).exists()


def _tell_that_it_is_known(by: Actor, user: User | None, applicant: Applicant | None) -> None:
    """Only whoever reads that mailbox learns more; a request of the same person that still waits is left alone."""
    reader = (
        user if user is not None and user.pk else person_with_address(applicant.email) if applicant else None
    )
    if reader is not None and not _is_waiting(reader):
        event = record("enrolment.known", by=by, subject=("user", reader.pk))
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
