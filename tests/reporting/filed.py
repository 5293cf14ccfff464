"""Months as filed: a draft, its lines, and submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.accounts.models import Organisation
from portal.core.clock import BEIJING
from portal.core.months import Month
from portal.registry.models import Counterparty, Product
from reporting.models import Filing, FilingStatus, Kind
from tests import factories

KINDS = {
    "opening": Kind.OPENING,
    "produced": Kind.PRODUCED,
    "sold": Kind.SOLD,
    "closing": Kind.CLOSING,
    "lost": Kind.LOST,
}
KINDS |= {"consumed": Kind.CONSUMED, "exported": Kind.EXPORTED}


def at(text: str) -> datetime:
    """An instant in Beijing: ``2026-06-10 12:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def draft(
    of: Organisation,
    period: str,
    *lines: str,
    thing: Product,
    client: Counterparty | None = None,
    **fields: Any,
) -> Filing:
    """A draft with lines such as ``sold 40``; sales go to ``client``."""
    made = factories.filing(of, period, nil=not lines, line_count=len(lines), **fields)
    for number, line in enumerate(lines, 1):
        word, kg = line.split()
        more: dict[str, Any] = {}
        if word == "sold":
            more = {
                "cny": "9000",
                "counterparty": client,
                "invoice_no": f"{period}/{number}",
                "date": Month.parse(period).last,
            }
        factories.line(made, number, KINDS[word], thing, kg, **more)
    return made


def submit(filing: Filing, moment: str, status: str = FilingStatus.SUBMITTED) -> Filing:
    """The draft, submitted at that instant (Beijing), and moved on."""
    filing.status, filing.submitted_at = FilingStatus.SUBMITTED, at(moment)
    filing.save()
    if status != FilingStatus.SUBMITTED:
        filing.status = status
        filing.save()
    return filing


def filed(
    of: Organisation,
    period: str,
    *lines: str,
    thing: Product,
    when: str = "",
    status: str = FilingStatus.SUBMITTED,
    **fields: Any,
) -> Filing:
    """A month as filed; on the fifth of the next month where no instant is given."""
    moment = when or f"{(Month.parse(period) + 1).first.replace(day=5)} 12:00"
    return submit(draft(of, period, *lines, thing=thing, **fields), moment, status)
