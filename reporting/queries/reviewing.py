"""The queue of filings, and who reviews them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from portal.accounts.models import User
from portal.accounts.roles import ROLES
from portal.accounts.roles import Kind as OrganisationKind
from portal.core.actors import Actor
from portal.core.clock import end_of_day
from portal.core.permissions import Permission
from reporting.models import Filing, FilingStatus, Finding, FindingState

REVIEWING_ROLES = tuple(code for code, role in ROLES.items() if Permission.REVIEW in role.permissions)


def reviewers() -> list[User]:
    """Everybody at the regulator who may review, by name."""
    rows = User.objects.filter(
        is_active=True,
        memberships__role__in=REVIEWING_ROLES,
        memberships__organisation__kind=OrganisationKind.REGULATOR,
    )
    return list(rows.distinct().order_by("first_name", "username"))


def by_person(rows: QuerySet[Any], actor: Actor, asked: str, field: str) -> QuerySet[Any]:
    """Rows of one person: ``me``, ``nobody`` or somebody's number."""
    if asked == "nobody":
        return rows.filter(**{field: None})
    return rows.filter(**{field: actor.user_id if asked == "me" else int(asked)})


def morning(day: date) -> datetime:
    """The beginning of a day in Beijing."""
    return end_of_day(day - timedelta(days=1))


def filings_to_review(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Filing]:
    """Submitted versions as the filters ask. Of those that wait for review only the version in force is given."""
    rows: QuerySet[Filing] = (
        Filing.objects.real().exclude(submitted_at=None).select_related("organisation", "reviewer")
    )
    state = filters.get("state")
    if state == FilingStatus.SUBMITTED:
        rows = Filing.objects.real().in_force().select_related("organisation", "reviewer")
    if state:
        rows = rows.filter(status=state)
    if "organisation" in filters:
        rows = rows.filter(organisation_id=filters["organisation"])
    if "period" in filters:
        rows = rows.filter(period=filters["period"])
    if "since" in filters:
        rows = rows.filter(submitted_at__gte=morning(filters["since"]))
    if "timely" in filters:
        rows = rows.filter(on_time=filters["timely"] == "yes")
    if "reviewer" in filters:
        rows = by_person(rows, actor, filters["reviewer"], "reviewer_id")
    return rows


def waiting_findings(filings: Sequence[Filing]) -> dict[int, int]:
    """How many findings of these filings wait for a decision. One query."""
    rows = Finding.objects.filter(
        filing_id__in=[filing.pk for filing in filings], state__in=[FindingState.OPEN, FindingState.ASKED]
    )
    return {pk: count for pk, count in rows.order_by().values_list("filing_id").annotate(Count("pk")) if pk}
