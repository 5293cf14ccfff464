"""Reading applications: an exporter's own, one of them, its history in words."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.models import (
    Application,
    ApplicationPaper,
    ApplicationStatus,
    InformationRequest,
    Licence,
    RequestState,
)
from licensing.states import LIVE_APPLICATIONS
from portal.core.actors import Actor
from portal.core.permissions import Permission

EVENT_WORDS: dict[str, str | Promise] = {
    "submitted": gettext_lazy("Submitted"),
    "accepted_for_processing": gettext_lazy("Accepted for processing: the clock runs"),
    "in_review": gettext_lazy("In review"),
    "information_requested": gettext_lazy("Information requested"),
    "recommended": gettext_lazy("With the countersigner"),
    "decided": gettext_lazy("Decided"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "closed": gettext_lazy("Closed"),
    "stopped": gettext_lazy("The clock stopped"),
    "resumed": gettext_lazy("The clock went on"),
}
CAUSE_WORDS: dict[str, str | Promise] = {
    "request": gettext_lazy("a request waits for its answer"),
    "watch_list": gettext_lazy("a party is on a watch list"),
    "answered": gettext_lazy("every request is answered"),
    "sent_back": gettext_lazy("sent back by the countersigner"),
}


def own_applications(actor: Actor) -> QuerySet[Application]:
    """The applications of the actor's organisation, the latest first, with what waits for an answer."""
    if not actor.may(Permission.LICENCE_VIEW) or actor.organisation_id is None:
        return Application.objects.none()
    rows = Application.objects.filter(organisation_id=actor.organisation_id)
    waiting = Count("requests", filter=Q(requests__state=RequestState.OPEN), distinct=True)
    return (
        rows.select_related("officer", "licence", "about")
        .annotate(waiting=waiting)
        .order_by("-saved_at", "-pk")
    )


def own_application(actor: Actor, application_id: int) -> Application:
    """One of them; Http404 for any other."""
    found = (
        own_applications(actor)
        .select_related("organisation", "submitted_by")
        .filter(pk=application_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def own_request(actor: Actor, request_id: int) -> InformationRequest:
    """A request about one of the organisation's applications; Http404 for any other."""
    rows = InformationRequest.objects.filter(
        pk=request_id, application__organisation_id=actor.organisation_id or 0
    ).select_related("application", "line", "asked_by")
    found = rows.first()
    if found is None:
        raise Http404
    return found


def paper_seen_by(actor: Actor, paper_id: int) -> ApplicationPaper:
    """A paper that this actor may read: the organisation's own that are not sealed, the office's all but drafts'."""
    rows = ApplicationPaper.objects.select_related("document", "application").filter(pk=paper_id)
    if actor.may(Permission.SUPERVISE):
        rows = rows.exclude(application__status=ApplicationStatus.DRAFT)
    else:
        rows = rows.filter(application__organisation_id=actor.organisation_id or 0, sealed=False)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def open_requests(application: Application) -> QuerySet[InformationRequest]:
    """What waits for the applicant's answer, the most urgent first."""
    return (
        application.requests.filter(state=RequestState.OPEN).select_related("line").order_by("due_on", "pk")
    )


def thread_of(request: InformationRequest) -> list[dict[str, Any]]:
    """The request and every reply, oldest first, as the thread shows them."""
    first = {"who": _("The licensing office"), "at": request.asked_at, "words": request.text, "answer": False}
    replies = request.messages.select_related("by")
    return [
        first,
        *(
            {
                "who": _("The licensing office") if row.from_office else row.by.label,
                "at": row.at,
                "words": row.text,
                "answer": not row.from_office,
            }
            for row in replies
        ),
    ]


def history_of(application: Application, *, named: bool) -> list[dict[str, Any]]:
    """What happened, oldest first; ``named`` says by whom, which is for the office."""
    rows = application.events.select_related("by")
    return [
        {
            "at": row.at,
            "title": EVENT_WORDS.get(row.what, row.what),
            "words": CAUSE_WORDS.get(row.cause, ""),
            "who": row.by.label if named and row.by is not None else "",
        }
        for row in rows
    ]


def live_count(actor: Actor) -> int:
    """How many of the organisation's applications are with the office."""
    return own_applications(actor).filter(status__in=sorted(LIVE_APPLICATIONS)).count()


def waiting_requests(actor: Actor) -> QuerySet[InformationRequest]:
    """Requests that wait for the organisation's answer, the most urgent first."""
    rows = InformationRequest.objects.filter(
        application__organisation_id=actor.organisation_id or 0, state=RequestState.OPEN
    )
    return rows.select_related("application", "line").order_by("due_on", "pk")


def renewable(actor: Actor) -> QuerySet[Licence]:
    """Licences of the organisation that may be renewed or amended."""
    rows = Licence.objects.filter(exporter_id=actor.organisation_id or 0)
    return rows.exclude(status__in=["revoked", "surrendered"]).order_by("-issued_on", "licence_no")
