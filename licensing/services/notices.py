"""Mail about applications and licences: each thing once to each reader, without a client's name in it."""

from __future__ import annotations

from licensing.models import Application, InformationRequest, Licence, Outcome
from licensing.services.letters import tell_applicant
from portal.contact.services import mail


def accepted(application_id: int) -> None:
    """The applicant learns that the clock runs."""
    application = _application(application_id)
    values = {"number": application.number, "application": application.pk}
    tell_applicant(application.organisation, "application_accepted", values, f"accepted:{application.pk}")


def requested(request_id: int) -> None:
    """The applicant learns that something is asked, each time that it is asked."""
    request = InformationRequest.objects.select_related("application__organisation").get(pk=request_id)
    again = request.messages.filter(from_office=True).count()
    values = {
        "number": request.application.number,
        "request": request.pk,
        "due_on": request.due_on.isoformat(),
    }
    tell_applicant(
        request.application.organisation, "application_requested", values, f"request:{request.pk}:{again}"
    )


def answered(request_id: int) -> None:
    """The officer who asked learns that the answer has come, each time."""
    request = InformationRequest.objects.select_related("application", "asked_by").get(pk=request_id)
    times = request.messages.filter(from_office=False).count()
    values = {"number": request.application.number, "application": request.application_id}
    mail.send(
        template="application_answered",
        to=request.asked_by,
        values=values,
        key=f"answered:{request.pk}:{times}",
    )


def decided(application_id: int) -> None:
    """The applicant learns that a decision stands; what it says is read on the portal."""
    application = _application(application_id)
    if not application.outcome:
        return
    values = {
        "number": application.number,
        "application": application.pk,
        "granted": application.outcome == Outcome.GRANTED,
    }
    tell_applicant(application.organisation, "application_decided", values, f"decided:{application.pk}")


def issued(licence_id: int) -> None:
    """The exporter learns of a licence that came by no application; the others learnt it with the decision."""
    licence = Licence.objects.select_related("exporter").get(pk=licence_id)
    if not Application.objects.filter(licence=licence).exists():
        _about(licence, f"issued:{licence.pk}")


def changed(licence_id: int) -> None:
    """The exporter learns how the licence stands now; a change that was undone meanwhile is told once."""
    licence = Licence.objects.select_related("exporter").get(pk=licence_id)
    day = licence.revoked_on or licence.suspended_until or licence.suspended_from or licence.expires_on
    _about(licence, f"licence:{licence.pk}:{licence.status}:{day}")


def _about(licence: Licence, key: str) -> None:
    values = {"licence_no": licence.licence_no, "licence": licence.pk, "status": licence.status}
    tell_applicant(licence.exporter, "licence_changed", values, key)


def _application(application_id: int) -> Application:
    return Application.objects.select_related("organisation").get(pk=application_id)
