"""What a reviewer makes of findings: confirm, dismiss, explain, open again, assign; many at once with one reason.

All together or nothing; a decision that stands already is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record_all
from portal.contact.models import Question, QuestionState
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.words import storable
from reporting.models import Decision, Finding, FindingState, Verdict
from reporting.services.review import LONGEST, may, reason_given, reviewer_called
from reporting.states import FINDING_MOVES

_VERBS = {
    FindingState.CONFIRMED: ("finding.confirmed", Verdict.CONFIRMED),
    FindingState.DISMISSED: ("finding.dismissed", Verdict.DISMISSED),
    FindingState.EXPLAINED: ("finding.explained", Verdict.EXPLAINED),
    FindingState.OPEN: ("finding.reopened", Verdict.REOPENED),
}


def confirm(*, by: Actor, finding_ids: Sequence[int], reason: str) -> int:
    """The findings are real, and why; how many were confirmed now."""
    return _decide(by, finding_ids, FindingState.CONFIRMED, reason_given(reason))


def dismiss(*, by: Actor, finding_ids: Sequence[int], reason: str) -> int:
    """The findings are none, and why; how many were dismissed now."""
    return _decide(by, finding_ids, FindingState.DISMISSED, reason_given(reason))


def explain_finding(*, by: Actor, finding_ids: Sequence[int], reason: str) -> int:
    """The findings are accounted for by what the organisation said, and how; how many were settled now."""
    return _decide(by, finding_ids, FindingState.EXPLAINED, reason_given(reason))


def reopen(*, by: Actor, finding_ids: Sequence[int], reason: str = "") -> int:
    """A decision is taken back: the findings wait again. Those that the checks closed stay closed."""
    return _decide(by, finding_ids, FindingState.OPEN, storable(reason).strip()[:LONGEST])


def assign(*, by: Actor, finding_ids: Sequence[int], to: int | None) -> int:
    """The findings are this reviewer's to decide (nobody's for None); how many changed hands."""
    may(by)
    person = reviewer_called(to)
    with transaction.atomic():
        changed = [finding for finding in _locked(finding_ids) if finding.assigned_to_id != to]
        for finding in changed:
            finding.assigned_to = person
        Finding.objects.bulk_update(changed, ["assigned_to"])
        _tell("finding.assigned", by, changed, to=to)
    return len(changed)


def question_closed(*, by: Actor, question_id: int) -> None:
    """A finding that waited for the answer to a question waits for its reviewer again, if nothing else is asked."""
    question = Question.objects.filter(pk=question_id, state=QuestionState.CLOSED).first()
    if question is None or question.finding_id is None:
        return
    with transaction.atomic():
        rows = Finding.objects.select_for_update(of=("self",)).filter(pk=question.finding_id)
        finding = rows.filter(state=FindingState.ASKED).first()
        others = Question.objects.filter(finding_id=question.finding_id).exclude(state=QuestionState.CLOSED)
        if finding is None or others.exists():
            return
        finding.state, finding.last_changed = FindingState.OPEN, clock.now()
        finding.save(update_fields=["state", "last_changed"])
        _tell("finding.reopened", by, [finding])


def _decide(by: Actor, finding_ids: Sequence[int], to: FindingState, reason: str) -> int:
    may(by)
    verb, verdict = _VERBS[to]
    with transaction.atomic():
        moving = [finding for finding in _locked(finding_ids) if finding.state != to]
        stuck = [
            row for row in moving if to not in FINDING_MOVES[row.state] or row.state == FindingState.CLOSED
        ]
        if stuck:
            words = _(
                "Nothing was changed: %(count)s of them are mended, or decided otherwise. Open those again first."
            )
            raise Refused("cannot_move", words, values={"count": len(stuck)})
        moment = clock.now()
        for finding in moving:
            finding.state, finding.reason, finding.last_changed = to, reason, moment
            finding.decided_by, finding.decided_at = (
                (None, None) if to == FindingState.OPEN else (by.user, moment)
            )
        Finding.objects.bulk_update(moving, ["state", "reason", "last_changed", "decided_by", "decided_at"])
        Decision.objects.bulk_create(
            Decision(finding=finding, verdict=verdict, reason=reason, by=by.user, at=moment)
            for finding in moving
        )
        _tell(verb, by, moving)
    return len(moving)


def _locked(finding_ids: Sequence[int]) -> list[Finding]:
    rows = Finding.objects.select_for_update(of=("self",)).filter(pk__in=finding_ids)
    findings = list(rows.order_by("pk"))
    if len(findings) != len(set(finding_ids)) or not findings:
        raise Http404
    return findings


def _tell(verb: str, by: Actor, findings: Sequence[Finding], **data: int | None) -> None:
    """One event a finding; cases are the regulator's own matter and stay out of the organisation's trail."""
    for code in sorted({finding.check_code for finding in findings}):
        alike = [finding for finding in findings if finding.check_code == code]
        subjects = [(None if row.queue == "case" else row.organisation_id, row.pk) for row in alike]
        record_all(verb, by=by, subject_type="finding", subjects=subjects, data={"code": code, **data})
