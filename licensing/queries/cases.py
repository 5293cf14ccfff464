"""The office's view: queues, cases in them, one case with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from licensing.models import (
    Application,
    ApplicationStatus,
    Flag,
    FlagCode,
    InformationRequest,
    Licence,
    Queue,
    RequestState,
    Routing,
)
from licensing.states import IN_THE_OFFICE, LIVE_APPLICATIONS
from portal.accounts.models import User
from portal.core import clock
from portal.core.actors import Actor

OFFICER, COUNTERSIGNER = "case_officer", "countersigner"


def officers() -> list[User]:
    """Active case officers, by name."""
    rows = User.objects.filter(is_active=True, memberships__role=OFFICER).distinct()
    return list(rows.order_by("first_name", "username"))


def cases(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Application]:
    """Applications that were submitted and fit the filters, those that wait longest first."""
    rows = Application.objects.exclude(status=ApplicationStatus.DRAFT).select_related(
        "organisation", "officer"
    )
    state = filters.get("state", "")
    if state == "open":
        rows = rows.filter(status__in=sorted(LIVE_APPLICATIONS))
    elif state in ApplicationStatus.values:
        rows = rows.filter(status=state)
    if filters.get("queue"):
        rows = rows.filter(queue=filters["queue"])
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    if filters.get("officer") == "me":
        rows = rows.filter(officer_id=actor.user_id)
    elif filters.get("officer") == "nobody":
        rows = rows.filter(officer=None)
    if filters.get("flag"):
        raised = Flag.objects.filter(application=OuterRef("pk"), code=filters["flag"], lowered_at=None)
        rows = rows.filter(Exists(raised))
    if words := filters.get("q", ""):
        rows = rows.filter(number__icontains=words)
    # counted for the cases shown alone: a join would count for all before it orders them
    late = InformationRequest.objects.filter(
        application=OuterRef("pk"), state=RequestState.OPEN, due_on__lt=clock.today()
    )
    standing = Flag.objects.filter(application=OuterRef("pk"), lowered_at=None).order_by()
    counted = standing.values("application").annotate(count=Count("pk")).values("count")
    return rows.annotate(overdue=Exists(late), flag_count=Coalesce(Subquery(counted), 0)).order_by(
        "submitted_at", "pk"
    )


def queues() -> list[dict[str, Any]]:
    """Every queue with how many cases lie in it, and of those how many are nobody's. Two queries."""
    live = Application.objects.filter(status__in=sorted(LIVE_APPLICATIONS)).order_by()
    counts = live.values("queue").annotate(all=Count("pk"), free=Count("pk", filter=Q(officer=None)))
    by_code = {str(row["queue"]): (int(row["all"]), int(row["free"])) for row in counts}
    return [
        {"queue": queue, "all": counted[0], "free": counted[1]}
        for queue in Queue.objects.all()
        for counted in [by_code.get(queue.code, (0, 0))]
    ]


def queue_names() -> dict[str, str]:
    """Every queue's name in the reader's language, by code."""
    return {queue.code: queue.name for queue in Queue.objects.all()}


def routings_of(application: Application) -> list[Routing]:
    """Every decision where the case goes, each with its queue's name."""
    names, rows = queue_names(), list(application.routings.select_related("officer", "by"))
    for row in rows:
        row.queue_name = names.get(row.queue, row.queue)  # type: ignore[attr-defined]
    return rows


def case(application_id: int) -> Application:
    """A case with whom it concerns; Http404 for a draft."""
    rows = Application.objects.exclude(status=ApplicationStatus.DRAFT).select_related(
        "organisation", "officer", "licence", "about", "submitted_by"
    )
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise Http404
    return found


def office_request(request_id: int) -> InformationRequest:
    """A request with its case."""
    rows = InformationRequest.objects.select_related("application__organisation", "line", "asked_by")
    found = rows.filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def standing_flags(application: Application) -> list[dict[str, Any]]:
    """Every flag of a case in words, those that stand first."""
    rows = application.flags.select_related("lowered_by")
    shown = [{"flag": flag, "words": FlagCode(flag.code).label} for flag in rows]
    return sorted(shown, key=lambda row: row["flag"].lowered_at is not None)


def licence_of(licence_id: int) -> Licence:
    """A licence with its exporter."""
    found = Licence.objects.select_related("exporter").filter(pk=licence_id).first()
    if found is None:
        raise Http404
    return found


def waiting_counts(actor: Actor) -> dict[str, int]:
    """What waits in the office, for the first page. One query."""
    live = Application.objects.filter(status__in=sorted(LIVE_APPLICATIONS))
    return live.aggregate(
        submitted=Count("pk", filter=Q(status=ApplicationStatus.SUBMITTED)),
        mine=Count("pk", filter=Q(officer_id=actor.user_id, status__in=sorted(IN_THE_OFFICE))),
        to_countersign=Count("pk", filter=Q(status=ApplicationStatus.RECOMMENDED)),
        requested=Count("pk", filter=Q(status=ApplicationStatus.REQUESTED)),
    )


def flag_of(application: Application, flag_id: int) -> Flag:
    """A flag of the case."""
    found = application.flags.filter(pk=flag_id).first()
    if found is None:
        raise Http404
    return found
