"""What the regulator asks an organisation, as its software reads it: findings with their questions, questions with answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from portal.contact.models import Question, QuestionState
from portal.core.actors import Actor
from portal.core.permissions import Permission
from reporting.models import Finding


def questions_asked(actor: Actor) -> QuerySet[Question]:
    """The questions to the actor's own organisation, with their answers."""
    rows = Question.objects.filter(organisation_id=actor.organisation_id or 0)
    if not actor.may(Permission.FILING_VIEW):
        rows = rows.none()
    return rows.prefetch_related("answers")


def findings_shown(actor: Actor) -> QuerySet[Finding]:
    """What an organisation is shown of the findings about itself: all but the cases that officers work on."""
    rows = Finding.objects.filter(organisation_id=actor.organisation_id or 0).exclude(queue="case")
    if not actor.may(Permission.FILING_VIEW):
        rows = rows.none()
    return rows.select_related("counterparty")


def questions_by_finding(actor: Actor, findings: Iterable[Finding]) -> dict[int, list[Question]]:
    """The questions asked because of each finding, oldest first. Two queries."""
    found: dict[int, list[Question]] = {}
    numbers = [finding.pk for finding in findings]
    for question in questions_asked(actor).filter(finding_id__in=numbers).order_by("pk"):
        found.setdefault(question.finding_id or 0, []).append(question)
    return found


def waiting_question(actor: Actor, finding: Finding) -> Question | None:
    """The question about a finding that an answer belongs to: the latest that is not closed."""
    rows = questions_asked(actor).filter(finding_id=finding.pk).exclude(state=QuestionState.CLOSED)
    return rows.order_by("-pk").first()
