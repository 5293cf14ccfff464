"""Whether the months of many filings were filed on time, in one query."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.models import Filing, Obligation


def on_time_of(filings: Sequence[Filing]) -> dict[int, bool]:
    """For each filing by id: judged by its month's first version not withdrawn, and by extensions given since."""
    rows = Obligation.objects.filter(
        organisation_id__in={row.organisation_id for row in filings},
        period__in={row.period for row in filings},
    )
    owed = {(row.organisation_id, row.period): row for row in rows}
    judged = {}
    for filing in filings:
        row = owed.get((filing.organisation_id, filing.period))
        if not filing.is_filed or row is None or row.submitted_at is None:
            judged[filing.pk] = bool(filing.on_time)
        else:
            judged[filing.pk] = row.submitted_at <= row.due_at
    return judged
