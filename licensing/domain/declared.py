"""What an exporter or customs says of goods at the border, exact, before anybody judged it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DeclaredItem:
    """One item of a customs declaration. Grams and fen are exact; ``_dp`` are the decimals that were written."""

    declaration_no: str
    item_no: int
    declared_on: date
    exporter: str  # USCC
    licence_no: str = ""
    licence_line_no: int | None = None
    hs_code: str = ""
    description: str = ""
    quantity_g: int | None = None
    quantity_dp: int = 0
    value_fen: int | None = None
    value_dp: int = 0
    destination: str = ""
    consignee_name: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """By which it draws once."""
        return self.declaration_no, self.item_no


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whether goods may leave: the item, and what a check may know beyond the declaration."""

    item: DeclaredItem
    consignee_id: str = ""
    end_user_name: str = ""
    end_user_id: str = ""
    customs_office: str = ""
    transport_mode: str = ""
