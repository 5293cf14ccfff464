"""Exact quantities: kilograms held as integer grams, money as integer fen, with the decimals that were reported.

No float ever holds a reported or licensed quantity. How many decimals were written is kept, because rounding is
judged by it (half a unit of the last decimal).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

KG_PLACES = 3
CNY_PLACES = 2
LARGEST = 10**15  # units; a billion tonnes, or ten trillion yuan: above this a figure is a typing error

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")


@dataclass(frozen=True, slots=True)
class Exact:
    """A quantity in its smallest unit (grams, fen) and the number of decimals it was reported with."""

    units: int
    decimals: int


class QuantityError(ValueError):
    """A text that is no quantity; ``code`` is not_a_number, too_many_decimals or too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_quantity(value: str | Decimal | int, places: int = KG_PLACES) -> Exact:
    """Read kilograms (places=3) or yuan (places=2) exactly.

    Thousands commas are taken where they stand in groups of three. Trailing zeros count as reported decimals up to
    ``places``; digits beyond it that are not zero raise QuantityError("too_many_decimals").
    """
    text = _plain(value)
    if not (_NUMBER.fullmatch(text)):
        raise QuantityError("not_a_number")
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.lstrip("+-").partition(".")
    if len(whole.lstrip("0")) > 18:
        raise QuantityError("too_large")
    if fraction[places:].strip("0"):
        raise QuantityError("too_many_decimals")
    fraction = fraction[:places]
    units = int(whole or "0") * 10**places + int(fraction.ljust(places, "0") or "0")
    if units >= LARGEST:
        raise QuantityError("too_large")
    return Exact(sign * units, len(fraction))


def _plain(value: str | Decimal | int) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() > 20:
            raise QuantityError("too_large" if value.is_finite() else "not_a_number")
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    text = unicodedata.normalize("NFKC", value).strip().replace("\u2212", "-")
    if _GROUPED.fullmatch(text):
        return text.replace(",", "")
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]{1,3}", text):
        mantissa, _, exponent = text.lower().partition("e")
        if abs(int(exponent)) > 20:
            raise QuantityError("too_large" if int(exponent) > 0 else "too_many_decimals")
        if _NUMBER.fullmatch(mantissa):
            return format(Decimal(text), "f")
    return text


def to_decimal(units: int, places: int = KG_PLACES, decimals: int | None = None) -> Decimal:
    """The exact Decimal of ``units``, written with ``decimals`` places (all places where none is given)."""
    value = Decimal(units).scaleb(-places)
    if decimals is None:
        return value
    return value.quantize(Decimal(1).scaleb(-max(decimals, _needed(units, places))))


def _needed(units: int, places: int) -> int:
    """Decimals without which the value would change: display never rounds."""
    needed = places
    while needed and units % 10 == 0:
        units //= 10
        needed -= 1
    return needed if units else 0


def plain(units: int, places: int = KG_PLACES, decimals: int | None = None) -> str:
    """The figure as files and the API write it: no grouping, point as decimal sign."""
    return format(to_decimal(units, places, decimals), "f")
