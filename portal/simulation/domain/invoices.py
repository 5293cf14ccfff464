"""The tax authority's side of every domestic sale, whether the parties file it or not."""

from typing import Final

import numpy as np
import pandas as pd

from portal.simulation.domain.chance import Texts
from portal.simulation.domain.exact_text import kilogram_texts, yuan_texts
from portal.simulation.domain.flows import MonthFlows
from portal.simulation.domain.moves import HOME
from portal.simulation.domain.network import Network
from portal.simulation.domain.registers import Registers

INVOICE_COLUMNS: Final = (
    "invoice_no", "issued_on", "seller", "buyer", "stage", "description", "quantity_kg", "value_cny", "tax_cny",
    "status", "voided_on",
)  # fmt: skip
_TAX_PER_CENT: Final = 13


class Invoices:
    """Writes the invoices of a month."""

    def __init__(self, net: Network, known: Registers) -> None:
        outsiders = [outsider.id_number for outsider in net.cast.outsiders]
        self._party = np.array([*known.uscc, *outsiders], dtype=object)
        self._organisations, self._decimals = len(net.cast.organisations), known.decimals
        self._stage = np.array([p.material.stage for p in net.products], dtype=object)
        self._words = np.array([f"*稀土产品*{p.material.zh}" for p in net.products], dtype=object)

    def month(self, done: MonthFlows, numbers: Texts) -> pd.DataFrame:
        """The special VAT invoices of the month's domestic sales; `numbers` are those of its moves."""
        moves = done.moves.take(np.flatnonzero(done.moves.what == HOME))
        numbers = numbers[done.moves.what == HOME]
        buyer = np.where(moves.taker_org >= 0, moves.taker_org, self._organisations + moves.outsider)
        days = np.array([f"{done.month}-{day:02d}" for day in range(32)], dtype=object)
        blank = np.full(len(moves), "", dtype=object)
        return pd.DataFrame({
            "invoice_no": numbers, "issued_on": days[moves.day],
            "seller": self._party[moves.giver_org], "buyer": self._party[buyer],
            "stage": self._stage[moves.giver], "description": self._words[moves.giver],
            "quantity_kg": kilogram_texts(moves.grams, self._decimals[moves.giver]),
            "value_cny": yuan_texts(moves.fen),
            "tax_cny": yuan_texts((moves.fen * _TAX_PER_CENT + 50) // 100),
            "status": np.full(len(moves), "issued", dtype=object), "voided_on": blank,
        }, dtype=object)  # fmt: skip
