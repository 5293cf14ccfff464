"""What a case officer does with a case before recommending: accepts it, takes it into review, advises on goods and parties."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from licensing.models import Advice, Application, ApplicationStatus, Position
from licensing.services.letters import write
from licensing.services.moves import in_office, may, move, tell, words_given
from licensing.services.routing import assign
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.permissions import Permission


def accept(*, by: Actor, application_id: int) -> Application:
    """The application is accepted for processing: from today the statutory clock runs. A second call changes nothing."""
    may(by, Permission.CASE_HANDLE)
    with transaction.atomic():
        application = in_office(by, application_id)
        if application.status == ApplicationStatus.ACCEPTED:
            return application
        move(application, ApplicationStatus.ACCEPTED, by=by)
        write(application, "accepted", by=by)
        tell("application.accepted", by, application)
        publish("application.accepted", application.pk)
    return application


def review(*, by: Actor, application_id: int) -> Application:
    """The case is in review, in the hands of whoever began it unless it was given to somebody."""
    may(by, Permission.CASE_HANDLE)
    with transaction.atomic():
        application = in_office(by, application_id)
        if application.status == ApplicationStatus.IN_REVIEW:
            return application
        if application.status == ApplicationStatus.RECOMMENDED:
            raise Refused("recommended", _("It is with the countersigner, who alone can send it back."))
        move(application, ApplicationStatus.IN_REVIEW, by=by)
        if application.officer_id is None:
            assign(by=by, application_id=application.pk, officer_id=by.user_id)
        tell("application.review_begun", by, application)
        application.refresh_from_db()
    return application


def advise(
    *,
    by: Actor,
    application_id: int,
    position: str,
    text: str,
    line_no: int | None = None,
    party_id: int | None = None,
) -> Advice:
    """What this officer thinks of one good or one party stands with the case; an earlier opinion stays below it."""
    if not (by.may(Permission.CASE_HANDLE) or by.may(Permission.CASE_COUNTERSIGN)):
        may(by, Permission.CASE_HANDLE)
    words = words_given(text)
    if position not in Position.values:
        raise Refused("unknown_code", _("Choose what you advise."), status=422)
    with transaction.atomic():
        application = in_office(by, application_id)
        line = application.lines.filter(line_no=line_no).first() if line_no is not None else None
        party = application.parties.filter(pk=party_id).first() if party_id is not None else None
        if (line is None) == (party is None):
            raise Refused("advice_on_one", _("Say what the advice is on: one good or one party."), status=422)
        advice = Advice.objects.create(
            application=application,
            line=line,
            party=party,
            position=position,
            text=words,
            by=by.user,
            at=clock.now(),
        )
        tell("application.advised", by, application, position=position, line=line_no, party=party_id)
    return advice
