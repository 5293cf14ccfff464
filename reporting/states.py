"""The moves a filing, a finding and a sweep may make. Services ask this table; the database refuses the rest."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class FilingStatus(StrEnum):
    DRAFT = "draft"
    HANDED_OVER = "handed_over"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


OPEN_STATUSES = frozenset({FilingStatus.DRAFT, FilingStatus.HANDED_OVER})
FILED_STATUSES = frozenset({FilingStatus.SUBMITTED, FilingStatus.ACCEPTED, FilingStatus.RETURNED})

FILING_MOVES: dict[str, frozenset[str]] = {
    FilingStatus.DRAFT: frozenset({FilingStatus.HANDED_OVER, FilingStatus.SUBMITTED}),
    FilingStatus.HANDED_OVER: frozenset({FilingStatus.DRAFT, FilingStatus.SUBMITTED}),
    FilingStatus.SUBMITTED: frozenset({FilingStatus.ACCEPTED, FilingStatus.RETURNED, FilingStatus.WITHDRAWN}),
    FilingStatus.ACCEPTED: frozenset({FilingStatus.RETURNED}),  # a later finding may reopen it
    FilingStatus.RETURNED: frozenset({FilingStatus.ACCEPTED}),  # returned by mistake
    FilingStatus.WITHDRAWN: frozenset(),
}


class FindingState(StrEnum):
    OPEN = "open"
    ASKED = "asked"
    EXPLAINED = "explained"
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


SETTLED_FINDINGS = frozenset({FindingState.EXPLAINED, FindingState.DISMISSED, FindingState.CLOSED})

FINDING_MOVES: dict[str, frozenset[str]] = {
    FindingState.OPEN: frozenset(
        {
            FindingState.ASKED,
            FindingState.EXPLAINED,
            FindingState.DISMISSED,
            FindingState.CONFIRMED,
            FindingState.CLOSED,
        }
    ),
    FindingState.ASKED: frozenset(
        {
            FindingState.EXPLAINED,
            FindingState.DISMISSED,
            FindingState.CONFIRMED,
            FindingState.CLOSED,
            FindingState.OPEN,
        }
    ),
    FindingState.EXPLAINED: frozenset(
        {FindingState.OPEN, FindingState.DISMISSED, FindingState.CONFIRMED, FindingState.CLOSED}
    ),
    FindingState.DISMISSED: frozenset({FindingState.OPEN, FindingState.CLOSED}),
    FindingState.CONFIRMED: frozenset({FindingState.OPEN, FindingState.CLOSED}),
    FindingState.CLOSED: frozenset({FindingState.OPEN}),
}


class ObligationState(StrEnum):
    NOT_DUE = "not_due"
    DUE = "due"
    DRAFT = "draft"
    FILED = "filed"
    NIL = "nil"
    LATE = "late"
    MISSING = "missing"


def obligation_state(
    *,
    opens_at: datetime,
    due_at: datetime,
    submitted_at: datetime | None,
    nil: bool,
    draft: bool,
    now: datetime,
) -> ObligationState:
    """What one month's duty is now.

    ``late`` is filed after the due time; ``missing`` is due and not filed, whether or not a draft is begun.
    ``opens_at`` is the end of the month reported on: before it nothing is due.
    """
    if submitted_at is not None:
        if submitted_at > due_at:
            return ObligationState.LATE
        return ObligationState.NIL if nil else ObligationState.FILED
    if now >= due_at:
        return ObligationState.MISSING
    if draft:
        return ObligationState.DRAFT
    return ObligationState.DUE if now >= opens_at else ObligationState.NOT_DUE
