"""Contents as whole millionths of a per cent, so that every comparison with a setting is exact."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Final

MICRO: Final = 1_000_000
HUNDRED: Final = 100 * MICRO
UNKNOWN: Final = -1


def micro(per_cent: Decimal) -> int:
    """Millionths of a per cent. What is finer than that is below the next setting and is cut off."""
    return int((per_cent * MICRO).to_integral_value(ROUND_FLOOR))


def per_cent(content: int) -> str:
    """The per cent as a text without trailing zeros."""
    text = format(Decimal(content).scaleb(-6), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
