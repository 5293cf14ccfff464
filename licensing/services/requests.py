"""Requests for information: while one is open the clock stands still; answered, closed or asked again, it is told why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.models import (
    Application,
    ApplicationStatus,
    InformationRequest,
    PaperKind,
    RequestMessage,
    RequestState,
)
from licensing.services import papers
from licensing.services.letters import write
from licensing.services.moves import happened, in_office, may, move, own, tell, words_given
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.permissions import Permission


def ask(
    *, by: Actor, application_id: int, text: str, due_on: date, line_no: int | None = None
) -> InformationRequest:
    """The applicant has a request to answer; the clock stands still from tomorrow. The same one open stands once."""
    may(by, Permission.CASE_HANDLE)
    words = words_given(text)
    _ahead(due_on)
    with transaction.atomic():
        application = in_office(by, application_id)
        same = application.requests.filter(state=RequestState.OPEN, text=words, asked_by=by.user).first()
        if same is not None:
            return same
        if application.status == ApplicationStatus.IN_REVIEW:
            move(application, ApplicationStatus.REQUESTED, by=by)
        elif application.status != ApplicationStatus.REQUESTED:
            raise Refused("not_in_review", _("Take the case into review first, then ask."))
        line = None if line_no is None else application.lines.filter(line_no=line_no).first()
        if line_no is not None and line is None:
            raise Refused(
                "no_such_line", _("The application has no line %(line)s."), values={"line": line_no}
            )
        request = InformationRequest.objects.create(
            application=application,
            line=line,
            text=words,
            asked_by=by.user,
            asked_at=clock.now(),
            due_on=due_on,
        )
        happened(application, "stopped", by=by, key=f"request:{request.pk}", cause="request")
        write(application, "requested", by=by, request=request, values={"due_on": due_on.isoformat()})
        tell(
            "application.requested",
            by,
            application,
            request=request.pk,
            due_on=due_on.isoformat(),
            line=line_no,
        )
        publish("application.requested", request.pk)
    return request


def answer(
    *,
    by: Actor,
    request_id: int,
    text: str,
    files: Sequence[tuple[str, bytes]] = (),
    kind: str = PaperKind.OTHER,
) -> InformationRequest:
    """The applicant has answered, with papers or without; the clock goes on where nothing else is open."""
    may(by, Permission.LICENCE_APPLY)
    words = words_given(text)
    with transaction.atomic():
        application, request = _of(request_id)
        own(by, application.pk)
        last = request.messages.last()
        if (
            last is not None
            and not last.from_office
            and last.by_id == by.user_id
            and last.text == words
            and not files
        ):
            return request  # pressed twice
        if request.state != RequestState.OPEN or application.status != ApplicationStatus.REQUESTED:
            raise Refused("request_closed", _("Nothing is asked here any more. Nothing more is needed."))
        for name, data in files:
            papers.keep(by=by, application=application, kind=kind, name=name, data=data, request=request)
        RequestMessage.objects.create(request=request, text=words, by=by.user, at=clock.now())
        request.state, request.answered_at = RequestState.ANSWERED, clock.now()
        request.save(update_fields=["state", "answered_at"])
        _go_on(application, request, by)
        tell("application.answered", by, application, request=request.pk, papers=len(files))
        publish("application.answered", request.pk)
    return request


def ask_again(*, by: Actor, request_id: int, text: str, due_on: date) -> InformationRequest:
    """The request is open again with more words and a new day; the clock stands still again."""
    may(by, Permission.CASE_HANDLE)
    words = words_given(text)
    _ahead(due_on)
    with transaction.atomic():
        application, request = _of(request_id)
        if request.state == RequestState.OPEN:
            raise Refused("request_open", _("It is still waiting for its answer."))
        if application.status == ApplicationStatus.IN_REVIEW:
            move(application, ApplicationStatus.REQUESTED, by=by)
        elif application.status != ApplicationStatus.REQUESTED:
            raise Refused("not_in_review", _("Take the case into review first, then ask."))
        RequestMessage.objects.create(
            request=request, text=words, by=by.user, at=clock.now(), from_office=True
        )
        request.state, request.due_on, request.closed_at = RequestState.OPEN, due_on, None
        request.save(update_fields=["state", "due_on", "closed_at"])
        happened(application, "stopped", by=by, key=_key(request), cause="request")
        tell("application.requested", by, application, request=request.pk, due_on=due_on.isoformat())
        publish("application.requested", request.pk)
    return request


def close(*, by: Actor, request_id: int) -> InformationRequest:
    """The request needs nothing more, answered or not. A second call changes nothing."""
    may(by, Permission.CASE_HANDLE)
    with transaction.atomic():
        application, request = _of(request_id)
        if request.state == RequestState.CLOSED:
            return request
        was_open = request.state == RequestState.OPEN
        request.state, request.closed_at = RequestState.CLOSED, clock.now()
        request.save(update_fields=["state", "closed_at"])
        if was_open and application.status == ApplicationStatus.REQUESTED:
            _go_on(application, request, by)
        tell("application.request_closed", by, application, request=request.pk)
    return request


def _go_on(application: Application, request: InformationRequest, by: Actor) -> None:
    happened(application, "resumed", by=by, key=_key(request), cause="request")
    if not application.requests.filter(state=RequestState.OPEN).exists():
        move(application, ApplicationStatus.IN_REVIEW, by=by, cause="answered")


def _key(request: InformationRequest) -> str:
    """Each time that it is asked is a pause of its own."""
    again = request.messages.filter(from_office=True).count()
    return f"request:{request.pk}" + (f":{again}" if again else "")


def _of(request_id: int) -> tuple[Application, InformationRequest]:
    found = InformationRequest.objects.filter(pk=request_id).values_list("application_id", flat=True).first()
    if found is None:
        raise Http404
    application = (
        Application.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=found)
    )
    return application, InformationRequest.objects.select_for_update().get(pk=request_id)


def _ahead(due_on: date) -> None:
    if due_on < clock.today():
        raise Refused("due_past", _("The day for the answer is past. Choose today or later."))
