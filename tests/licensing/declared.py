"""Customs records for the tests."""

from __future__ import annotations

from typing import Any

from licensing.domain.declared import DeclaredItem
from portal.core import clock
from tests.factories import AURORA_USCC


def item(number: str = "D-1", item_no: int = 1, **more: Any) -> DeclaredItem:
    """1.250 kg of magnets of Aurora's to Rheinmotor in Germany under REL-1, today."""
    values: dict[str, Any] = {
        "declared_on": clock.today(),
        "exporter": AURORA_USCC,
        "licence_no": "REL-1",
        "hs_code": "8505111000",
        "description": "Magnets",
        "quantity_g": 1_250,
        "quantity_dp": 3,
        "value_fen": 81_200_00,
        "value_dp": 2,
        "destination": "DE",
        "consignee_name": "Rheinmotor GmbH",
    }
    return DeclaredItem(number, item_no, **(values | more))
