"""A month of trade in magnets as JSON lines."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import Organisation
from tests import factories
from tests.reporting.filled import CLIENT, SUPPLIER, party

PERIOD = "2026-01"


def registered(of: Organisation) -> None:
    """The registers that the lines name."""
    factories.product(of)
    party(of, "S-01", **SUPPLIER)
    party(of, "C-01", **CLIENT)


def month(**last: Any) -> list[dict[str, Any]]:
    """Bought 100 kg, sold 60, the rest in stock; ``last`` changes the closing line."""
    return [
        {"kind": "opening", "product": "P-01", "quantity_kg": "0"},
        {
            "kind": "purchased", "product": "P-01", "quantity_kg": "100.0", "value_cny": "30000.00", "counterparty": "S-01",
            "date": "2026-01-05", "invoice_no": "A-1",
        },
        {
            "kind": "sold", "product": "P-01", "quantity_kg": "60.0", "value_cny": "19800.00", "counterparty": "C-01",
            "date": "2026-01-30", "invoice_no": "B-1",
        },
        {"kind": "closing", "product": "P-01", "quantity_kg": "40.0", **last},
    ]  # fmt: skip
