"""What a reviewer does with filings: take in hand, assign, accept, return, ask. All together or nothing.

Only the version in force is decided on; a decision that stands already is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.audit.services import record_all
from portal.contact.models import Question
from portal.contact.services import questions
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.permissions import Permission
from portal.core.words import storable
from reporting.models import Decision, Filing, FilingStatus, Finding, FindingState, Line, Verdict
from reporting.queries.reviewing import reviewers
from reporting.states import FILING_MOVES, FINDING_MOVES

LONGEST = 2_000


def start_review(*, by: Actor, filing_id: int) -> Filing:
    """The filing is in this reviewer's hands: from now on it cannot be withdrawn. A second call changes nothing."""
    may(by)
    with transaction.atomic():
        filing = _in_force(_locked([filing_id]))[0]
        if filing.review_started_at is not None and filing.reviewer_id is not None:
            return filing
        filing.review_started_at = filing.review_started_at or clock.now()
        filing.reviewer = filing.reviewer or by.user
        filing.save(update_fields=["review_started_at", "reviewer"])
        _tell("filing.review_started", by, [filing])
    return filing


def assign(*, by: Actor, filing_ids: Sequence[int], to: int | None) -> int:
    """The filings are this reviewer's to decide (nobody's for None); how many changed hands."""
    may(by)
    person = reviewer_called(to)
    with transaction.atomic():
        changed = [filing for filing in _in_force(_locked(filing_ids)) if filing.reviewer_id != to]
        for filing in changed:
            filing.reviewer = person
        Filing.objects.bulk_update(changed, ["reviewer"])
        _tell("filing.assigned", by, changed, to=to)
    return len(changed)


def accept(*, by: Actor, filing_ids: Sequence[int]) -> int:
    """The filings stand as they are; how many were accepted now. One that cannot be accepted refuses them all."""
    may(by)
    with transaction.atomic():
        changed = _to_move(_locked(filing_ids), FilingStatus.ACCEPTED)
        _decide(by, changed, FilingStatus.ACCEPTED, Verdict.ACCEPTED, "")
        _tell("filing.accepted", by, changed)
        for filing in changed:
            publish("filing.accepted", filing.pk)
    return len(changed)


def return_(*, by: Actor, filing_id: int, reason: str) -> Filing:
    """The filing is with its organisation again, which is told the reason by mail and amends it.

    What was filed stays, and so does the time it was filed.
    """
    may(by)
    reason = reason_given(reason)
    with transaction.atomic():
        changed = _to_move(_locked([filing_id]), FilingStatus.RETURNED)
        _decide(by, changed, FilingStatus.RETURNED, Verdict.RETURNED, reason)
        _tell("filing.returned", by, changed)
        for filing in changed:
            publish("filing.returned", filing.pk)
    return Filing.objects.get(pk=filing_id)


def ask(
    *,
    by: Actor,
    filing_id: int,
    text: str,
    due_on: date,
    line_no: int | None = None,
    finding_id: int | None = None,
) -> Question:
    """The organisation has a question about the filing, one of its lines, or a finding about that month.

    A finding asked about waits as ``asked``. The same question asked twice stands once.
    """
    may(by)
    with transaction.atomic():
        filing = _locked([filing_id])[0]
        if filing.status == FilingStatus.WITHDRAWN:
            raise Refused(
                "filing_withdrawn", _("This filing was withdrawn. There is nothing to ask about it.")
            )
        if line_no is not None and not Line.objects.filter(filing=filing, line_no=line_no).exists():
            raise Refused("no_such_line", _("The filing has no line %(line)s."), values={"line": line_no})
        finding = _asked_about(finding_id, filing.organisation_id)
        return questions.ask(
            by=by,
            organisation_id=filing.organisation_id,
            subject=("filing", filing.pk),
            period=filing.period,
            line_no=line_no,
            finding_id=finding_id,
            check_code=finding.check_code if finding else "",
            text=text,
            due_on=due_on,
        )


def ask_about_finding(*, by: Actor, finding_id: int, text: str, due_on: date) -> Question:
    """The organisation has a question about a finding: at its line where it has one filing and one line."""
    may(by)
    finding = Finding.objects.filter(pk=finding_id).first()
    if finding is None:
        raise Http404
    if finding.filing_id is not None:
        line_no = finding.line_nos[0] if len(finding.line_nos) == 1 else None
        return ask(
            by=by,
            filing_id=finding.filing_id,
            text=text,
            due_on=due_on,
            line_no=line_no,
            finding_id=finding_id,
        )
    with transaction.atomic():
        _asked_about(finding_id, finding.organisation_id)
        return questions.ask(
            by=by,
            organisation_id=finding.organisation_id,
            subject=("finding", finding.pk),
            period=finding.period,
            finding_id=finding.pk,
            check_code=finding.check_code,
            text=text,
            due_on=due_on,
        )


def _asked_about(finding_id: int | None, organisation_id: int) -> Finding | None:
    if finding_id is None:
        return None
    rows = Finding.objects.select_for_update(of=("self",)).filter(
        pk=finding_id, organisation_id=organisation_id
    )
    finding = rows.first()
    if finding is None:
        raise Http404
    if FindingState.ASKED in FINDING_MOVES[finding.state]:
        finding.state, finding.last_changed = FindingState.ASKED, clock.now()
        finding.save(update_fields=["state", "last_changed"])
    return finding


def may(by: Actor) -> None:
    """Refuse anybody whose role does not review."""
    if not by.may(Permission.REVIEW) or by.user is None:
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def reason_given(reason: str) -> str:
    """The reason in plain words; refused where there is none."""
    words = storable(reason).strip()
    if not words:
        raise Refused("reason_missing", _("Write the reason: it stays with the decision."))
    if len(words) > LONGEST:
        raise Refused(
            "reason_long", _("Keep the reason under %(limit)s characters."), values={"limit": LONGEST}
        )
    return words


def reviewer_called(user_id: int | None) -> User | None:
    """The reviewer with this number; refused where the person does not review."""
    if user_id is None:
        return None
    person = next((one for one in reviewers() if one.pk == user_id), None)
    if person is None:
        raise Refused("not_a_reviewer", _("Only a reviewer can be given work."))
    return person


def _locked(filing_ids: Sequence[int]) -> list[Filing]:
    rows = (
        Filing.objects.real()
        .select_for_update(of=("self",))
        .filter(pk__in=filing_ids)
        .exclude(submitted_at=None)
    )
    filings = list(rows.order_by("pk"))
    if len(filings) != len(set(filing_ids)) or not filings:
        raise Http404
    return filings


def _in_force(filings: list[Filing]) -> list[Filing]:
    """The filings, where every one is the version in force; refused otherwise."""
    in_force = set(
        Filing.objects.in_force().filter(pk__in=[row.pk for row in filings]).values_list("pk", flat=True)
    )
    stale = len(filings) - len(in_force)
    if stale:
        words = _("Nothing was changed: %(count)s of them were withdrawn, or replaced by an amendment.")
        raise Refused("not_in_force", words, values={"count": stale})
    return filings


def _to_move(filings: list[Filing], to: FilingStatus) -> list[Filing]:
    """Those that move; what stands there already is left out, what cannot move refuses them all."""
    moving = [filing for filing in filings if filing.status != to]
    _in_force(moving)
    stuck = [filing for filing in moving if to not in FILING_MOVES[filing.status]]
    if stuck:
        words = _("Nothing was changed: %(count)s of them cannot be decided any more.")
        raise Refused("cannot_move", words, values={"count": len(stuck)})
    return moving


def _decide(by: Actor, filings: list[Filing], to: FilingStatus, verdict: Verdict, reason: str) -> None:
    moment = clock.now()
    for filing in filings:
        filing.status = to
        filing.decided_by, filing.decided_at, filing.decision_reason = by.user, moment, reason
        filing.review_started_at = filing.review_started_at or moment
        filing.reviewer = filing.reviewer or by.user
    fields = ["status", "decided_by", "decided_at", "decision_reason", "review_started_at", "reviewer"]
    Filing.objects.bulk_update(filings, fields)
    Decision.objects.bulk_create(
        Decision(filing=filing, verdict=verdict, reason=reason, by=by.user, at=moment) for filing in filings
    )


def _tell(verb: str, by: Actor, filings: Sequence[Filing], **data: int | None) -> None:
    subjects = [(filing.organisation_id, filing.pk) for filing in filings]
    record_all(verb, by=by, subject_type="filing", subjects=subjects, data=data)
