"""What an organisation's own system is told: codes and numbers of filings and findings, never a client's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from portal.contact.models import HookEvent
from portal.contact.queries.webhooks import listening
from portal.contact.services.hook_messages import announce
from portal.core.clock import BEIJING
from reporting.models import Filing, Finding

FINDINGS_NAMED: Final = 100  # the API lists the others
CASE: Final = "case"  # the queue of what is the regulator's own matter


def tell_of_filing(event: HookEvent, filing_id: int) -> None:
    """Every system that listens is told that a filing was received, accepted or returned."""
    filing = Filing.objects.get(pk=filing_id)
    data = {
        "filing": filing.pk,
        "period": str(filing.period),
        "version": filing.version,
        "nil": filing.nil,
        "lines": filing.line_count,
        "receipt_no": filing.receipt_no,
        "sha256": filing.sha256,
        "on_time": filing.on_time,
        "submitted_at": _written(filing.submitted_at),
        "decided_at": _written(filing.decided_at),
    }
    when = _written(filing.submitted_at if event == HookEvent.FILING_RECEIVED else filing.decided_at)
    announce(event=event, key=f"{event}:{filing.pk}:{when}", told={filing.organisation_id: data})


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(BEIJING).isoformat()


def tell_of_findings(findings: Sequence[Finding], moment: datetime) -> None:
    """Each organisation that listens is told once of all that was opened now, however much; a query where nobody does.

    Cases are the regulator's own matter and are not told. Part of the caller's transaction.
    """
    by_owner: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.queue != CASE:
            by_owner.setdefault(finding.organisation_id, []).append(finding)
    owners = (
        {row.organisation_id for row in listening(HookEvent.FINDING_OPENED, by_owner)} if by_owner else ()
    )
    for owner in sorted(owners):
        told = {owner: _summary(by_owner[owner])}
        announce(event=HookEvent.FINDING_OPENED, key=f"findings:{moment.isoformat()}:{owner}", told=told)


def _summary(findings: Sequence[Finding]) -> dict[str, Any]:
    first = sorted(findings, key=lambda row: (-row.period.index, -row.score, row.fingerprint))[
        :FINDINGS_NAMED
    ]
    kept = Finding.objects.filter(fingerprint__in=[row.fingerprint for row in first])
    ids = dict(kept.values_list("fingerprint", "pk"))
    return {
        "count": len(findings),
        "by_check": dict(sorted(Counter(row.check_code for row in findings).items())),
        "findings": [
            {
                "finding": ids[row.fingerprint],
                "check": row.check_code,
                "severity": row.severity,
                "period": str(row.period),
                "filing": row.filing_id,
                "line_nos": row.line_nos,
            }
            for row in first
        ],
    }
