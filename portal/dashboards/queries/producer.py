"""An organisation's overview: what is owed with its one next step, what waits for whom, what was filed last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from licensing.models import Application, InformationRequest
from licensing.queries.applications import own_applications, waiting_requests
from licensing.states import LIVE_APPLICATIONS
from portal.contact.models import Question, QuestionState
from portal.contact.queries.questions import questions_of
from portal.core.actors import Actor
from portal.core.permissions import Permission
from portal.core.templatetags.lodestone import month
from reporting.models import Filing, FilingStatus, Finding, FindingState
from reporting.queries.obligations import Duty, calendar_months
from reporting.queries.wording import message_of

SHOWN = 5
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True)
class Step:
    """What this person can do next about a month: the words of the link and where it leads; or who is waited for."""

    words: str
    url: str
    primary: bool = True


@dataclass(frozen=True)
class Tile:
    """A month of the calendar with its next step."""

    duty: Duty
    step: Step | None
    now: bool


@dataclass(frozen=True)
class Overview:
    """The whole page."""

    tiles: list[Tile]
    owed: list[Tile]
    next_due: Duty | None
    returned: list[Filing]
    to_sign: list[Filing]
    questions: list[Question]
    question_count: int
    findings: list[dict[str, Any]]
    finding_count: int
    receipts: list[Filing] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    application_count: int = 0
    requests: list[InformationRequest] = field(default_factory=list)
    sees_licences: bool = False

    @property
    def missing(self) -> int:
        return sum(tile.duty.state == "missing" for tile in self.owed)


def overview_of(actor: Actor, now: datetime) -> Overview:
    """Everything the page shows, for the organisation acted for. A bounded number of queries: what fits is not counted."""
    duties = calendar_months(actor.organisation, now)
    first = next((duty.period for duty in duties if duty.is_owed), None)
    tiles = [Tile(duty, next_step(actor, duty), now=duty.period == first) for duty in duties]
    questions, question_count = _some(questions_of(actor).filter(state=QuestionState.OPEN))
    findings, finding_count = _some(_findings(actor))
    filings = Filing.objects.filter(organisation=actor.organisation)
    sees_licences = actor.may(Permission.LICENCE_VIEW)
    live = own_applications(actor).filter(status__in=sorted(LIVE_APPLICATIONS))
    applications, application_count = _some(live) if sees_licences else ([], 0)
    return Overview(
        tiles=tiles,
        owed=[tile for tile in tiles if tile.duty.is_owed],
        next_due=next((duty for duty in duties if duty.state == "not_due"), None),
        returned=list(_returned(filings)),
        to_sign=list(
            filings.filter(status=FilingStatus.HANDED_OVER).select_related("prepared_by").order_by("period")
        ),
        questions=questions,
        question_count=question_count,
        findings=[_shown(finding) for finding in findings],
        finding_count=finding_count,
        applications=applications,
        application_count=application_count,
        requests=list(waiting_requests(actor)[:SHOWN]) if sees_licences else [],
        sees_licences=sees_licences,
        receipts=list(filings.exclude(receipt_no=None).order_by("-submitted_at")[:SHOWN]),
    )


def _some(rows: QuerySet[_Row]) -> tuple[list[_Row], int]:
    """The first rows, and how many there are in all: asked only where these are not all."""
    first = list(rows[: SHOWN + 1])
    return first[:SHOWN], len(first) if len(first) <= SHOWN else rows.count()


def _returned(filings: QuerySet[Filing]) -> Sequence[Filing]:
    """Returned versions in force whose amendment is not begun."""
    rows = filings.filter(status=FilingStatus.RETURNED).order_by("period", "version")
    if not rows:
        return []
    begun = {row.period for row in filings.filter(status__in=[FilingStatus.DRAFT, FilingStatus.HANDED_OVER])}
    in_force = set(
        filings.model.objects.in_force().filter(pk__in=rows.values("pk")).values_list("pk", flat=True)
    )
    return [row for row in rows if row.pk in in_force and row.period not in begun]


def _findings(actor: Actor) -> QuerySet[Finding]:
    states = [FindingState.OPEN, FindingState.ASKED]
    rows = Finding.objects.filter(organisation=actor.organisation, state__in=states).exclude(
        severity="notice"
    )
    return rows.order_by("-score", "-period", "pk")


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.check_code,
        "severity": finding.severity,
        "period": finding.period,
        "message": message_of(finding.check_code, finding.values),
        "url": reverse("check_view", args=[finding.check_code]),
    }


def next_step(actor: Actor, duty: Duty) -> Step | None:
    """The one next step of this person about a month that is owed, or a look at what was filed."""
    if duty.draft is not None:
        return _step_with(actor, duty.draft)
    if duty.filed is not None:
        return Step(_("See what was filed"), reverse("filing_view", args=[duty.filed.pk]), primary=False)
    if duty.is_owed and actor.may(Permission.FILING_PREPARE):
        words = _("Start %(month)s") % {"month": month(duty.period)}
        return Step(words, f"{reverse('filing_start')}?period={duty.period}")
    if duty.is_owed and actor.may(Permission.FILING_SIGN):
        words, there = _("Nothing moved? File a nil return"), reverse("filing_nil", args=[str(duty.period)])
        return Step(words, there, primary=False)
    return None


def _step_with(actor: Actor, draft: Filing) -> Step:
    named, page = {"month": month(draft.period)}, reverse("filing_view", args=[draft.pk])
    if draft.status == FilingStatus.HANDED_OVER:
        if actor.may(Permission.FILING_SIGN):
            return Step(_("Read and sign %(month)s") % named, reverse("filing_sign", args=[draft.pk]))
        return Step(_("%(month)s waits for the certifier") % named, page, primary=False)
    if actor.may(Permission.FILING_PREPARE):
        return Step(_("Continue %(month)s") % named, reverse("filing_edit", args=[draft.pk]))
    return Step(_("%(month)s is being prepared") % named, page, primary=False)
