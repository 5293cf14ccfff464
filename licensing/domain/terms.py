"""What a licence grants, as it is issued: its conditions and its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LineTerms:
    """One line: what is authorised, exact in grams, with the decimals in which the quantity was stated."""

    line_no: int
    quantity_g: int
    control_codes: tuple[str, ...] = ()
    hs_code: str = ""
    description: str = ""
    quantity_dp: int = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """The conditions of a licence. Parties and destinations of a general one are several."""

    kind: str
    issued_on: date
    expires_on: date
    max_uses: int | None = None  # distinct declarations; None = any number
    tolerance_pct: Decimal = Decimal(0)
    consignee_name: tuple[str, ...] = ()
    consignee_id: tuple[str, ...] = ()
    end_user_name: tuple[str, ...] = ()
    end_user_id: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    customs_office: str = ""
    transport_mode: str = ""
    no_split: bool = False


def licence_number(serial: int, year: int) -> str:
    """The number of a licence: year, serial and two check digits (ISO 7064, MOD 97-10), so that a slip is seen at once."""
    body = f"{year:04d}{serial:07d}"
    check = 98 - int(body) * 100 % 97
    return f"REL{year:04d}-{serial:07d}-{check:02d}"
