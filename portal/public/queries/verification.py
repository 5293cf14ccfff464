"""What the public may know of a receipt or a licence: that it is true, and whether it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from licensing.queries.licence_pages import licence_called, status_on
from portal.core import clock, fence
from portal.core.months import Month
from reporting.models import FilingStatus
from reporting.queries import receipts

IN_FORCE, AMENDED, WITHDRAWN = "in_force", "amended", "withdrawn"


@dataclass(frozen=True)
class Verified:
    """A receipt that is true. Neither the organisation nor any trade data is part of it."""

    number: str
    digest: str
    period: Month
    version: int
    status: str  # in_force, amended (a later version stands in its place) or withdrawn
    submitted_at: datetime
    on_time: bool


@fence.lifted(
    reason="anybody may check a receipt: its number or digest names one filing, and no more is told"
)
def verified(proof: str) -> Verified | None:
    """The receipt with this number or SHA-256; None where there is none."""
    filing = receipts.filing_of_proof(proof)
    if filing is None or filing.submitted_at is None:
        return None
    if filing.status == FilingStatus.WITHDRAWN:
        status = WITHDRAWN
    else:
        status = AMENDED if receipts.is_superseded(filing) else IN_FORCE
    return Verified(
        number=filing.receipt_no or "",
        digest=filing.sha256,
        period=filing.period,
        version=filing.version,
        status=status,
        submitted_at=filing.submitted_at,
        on_time=receipts.was_on_time(filing),
    )


@dataclass(frozen=True)
class VerifiedLicence:
    """A licence that was issued. Neither the exporter, the parties nor the goods are part of it."""

    number: str
    status: str  # valid, suspended, revoked, surrendered, exhausted, expired, not_yet_valid: as of today
    issued_on: date
    expires_on: date


@fence.lifted(reason="anybody may check a licence: its number names one, and its status alone is told")
def verified_licence(proof: str) -> VerifiedLicence | None:
    """The licence with this number; None where there is none."""
    licence = licence_called(proof)
    if licence is None:
        return None
    return VerifiedLicence(
        licence.licence_no, status_on(licence, clock.today()), licence.issued_on, licence.expires_on
    )
