"""What organisations' own systems are told of their filings."""

from __future__ import annotations

from portal.contact.models import HookEvent
from portal.core.durable import durable
from reporting.services import hooks


@durable("reporting.hook_received")
def hook_received(filing_id: int) -> None:
    """A filing was submitted."""
    hooks.tell_of_filing(HookEvent.FILING_RECEIVED, filing_id)


@durable("reporting.hook_accepted")
def hook_accepted(filing_id: int) -> None:
    """A filing was accepted."""
    hooks.tell_of_filing(HookEvent.FILING_ACCEPTED, filing_id)


@durable("reporting.hook_returned")
def hook_returned(filing_id: int) -> None:
    """A filing was returned."""
    hooks.tell_of_filing(HookEvent.FILING_RETURNED, filing_id)
