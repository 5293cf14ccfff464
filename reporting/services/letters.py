"""Mail about one filing: the receipt of a submission, and that the regulator returned it."""

from __future__ import annotations

from django.db import transaction

from portal.contact.services import mail
from reporting.models import Filing, FilingStatus
from reporting.queries.receipts import was_on_time
from reporting.services.reminders import names_of, readers_of


def send_receipt(filing_id: int) -> None:
    """Mail the receipt to the organisation's preparers and certifiers, each once. A sandbox mails nobody."""
    filing = _read(filing_id)
    if not filing.receipt_no or filing.organisation.is_sandbox:
        return
    values = {
        "filing": filing.pk,
        "period": filing.period.index,
        "version": filing.version,
        "organisation": names_of(filing.organisation),
        "signer": filing.submitted_by.label if filing.submitted_by else "",
        "number": filing.receipt_no,
        "sha256": filing.sha256,
        "submitted_at": filing.submitted_at.isoformat() if filing.submitted_at else "",
        "on_time": was_on_time(filing),
    }
    _to_everybody(filing, "receipt", values, f"receipt:{filing.pk}")


def tell_returned(filing_id: int) -> None:
    """Mail that the filing was returned and why; each return once."""
    filing = _read(filing_id)
    if filing.status != FilingStatus.RETURNED or filing.decided_at is None:
        return
    values = {
        "filing": filing.pk,
        "period": filing.period.index,
        "version": filing.version,
        "organisation": names_of(filing.organisation),
        "reason": filing.decision_reason,
    }
    _to_everybody(filing, "filing_returned", values, f"returned:{filing.pk}:{filing.decided_at:%Y%m%d%H%M%S}")


def _read(filing_id: int) -> Filing:
    return Filing.objects.select_related("organisation", "submitted_by").get(pk=filing_id)


def _to_everybody(filing: Filing, template: str, values: dict[str, object], key: str) -> None:
    with transaction.atomic():
        for reader in readers_of([filing.organisation_id]).get(filing.organisation_id, []):
            mail.send(template=template, to=reader, values=values, key=f"{key}:{reader.pk}")
