"""What the workers do after a filing was signed, and after it was returned."""

from __future__ import annotations

from portal.core.durable import durable
from reporting.services import letters


@durable("reporting.send_receipt")
def send_receipt(filing_id: int) -> None:
    """Mail the receipt."""
    letters.send_receipt(filing_id)


@durable("reporting.tell_returned")
def tell_returned(filing_id: int) -> None:
    """Mail that the regulator returned the filing."""
    letters.tell_returned(filing_id)
