"""Findings in lists: the regulator's queue, and an organisation's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404
from django.utils.translation import gettext as _

from portal.core.actors import Actor
from portal.core.permissions import Permission
from reporting.models import Filing, Finding, FindingState
from reporting.queries.reviewing import by_person, morning
from reporting.queries.wording import message_of, title_of

WAITING = (FindingState.OPEN, FindingState.ASKED)
IDENTITY_FAMILY = ("IDN", "WCH")  # their messages show who a client is


@dataclass(frozen=True)
class ListedFinding:
    """A finding as a list shows it: in words, without a client's number."""

    finding: Finding
    title: str
    words: str


def findings_to_review(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Finding]:
    """Findings as the filters ask, closed ones only where they are asked for."""
    rows = Finding.objects.select_related("organisation", "assigned_to")
    if "state" in filters:
        rows = rows.filter(state=filters["state"])
    if "severity" in filters:
        rows = rows.filter(severity=filters["severity"])
    if "check" in filters:
        rows = rows.filter(check_code__startswith=filters["check"])
    if "organisation" in filters:
        rows = rows.filter(organisation_id=filters["organisation"])
    if "period" in filters:
        rows = rows.filter(period=filters["period"])
    if "since" in filters:
        rows = rows.filter(first_seen__gte=morning(filters["since"]))
    if "reviewer" in filters:
        rows = by_person(rows, actor, filters["reviewer"], "assigned_to_id")
    return rows


def listed(findings: Iterable[Finding]) -> list[ListedFinding]:
    """Findings in words; those about identities say which counterparty by its code alone."""
    return [ListedFinding(row, title_of(row.check_code), words_in_list(row)) for row in findings]


def words_in_list(finding: Finding) -> str:
    """What a finding says where many people read it."""
    if not finding.check_code.startswith(IDENTITY_FAMILY):
        return message_of(finding.check_code, finding.values)
    code = finding.values.get("counterparty")
    return _("Counterparty %(code)s") % {"code": code} if code else ""


def own_findings(actor: Actor) -> QuerySet[Finding]:
    """What an organisation is shown of the findings about itself: all but the cases that officers work on.

    What waits for it comes first, the latest month at the top.
    """
    if not actor.may(Permission.FILING_VIEW) or actor.organisation_id is None:
        return Finding.objects.none()
    order = Case(
        When(state__in=[FindingState.OPEN, FindingState.ASKED, FindingState.CONFIRMED], then=Value(0)),
        When(state=FindingState.EXPLAINED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Finding.objects.filter(organisation_id=actor.organisation_id).exclude(queue="case")
    return rows.annotate(rank=order).order_by("rank", "-period", "-score", "pk")


def own_finding(actor: Actor, finding_id: int) -> Finding:
    """One of them; Http404 for any other."""
    finding = (
        own_findings(actor)
        .select_related("organisation", "filing", "counterparty")
        .filter(pk=finding_id)
        .first()
    )
    if finding is None:
        raise Http404
    return finding


def any_finding(finding_id: int) -> Finding:
    """A finding for the regulator; Http404 where there is none."""
    rows = Finding.objects.select_related(
        "organisation", "other_organisation", "filing", "counterparty", "assigned_to", "decided_by"
    )
    finding = rows.filter(pk=finding_id).first()
    if finding is None:
        raise Http404
    return finding


def filing_in_force_of(finding: Finding) -> Filing | None:
    """The version in force of the finding's month, to amend or to read."""
    rows = Filing.objects.in_force().filter(organisation_id=finding.organisation_id, period=finding.period)
    return rows.first()
