"""Rare earth oxide and metal: masses and contents by the metal's share of its oxide.

The shares come with the elements' data (``metal_fraction_of_oxide``, computed from IUPAC weights:
Nd2O3 0.8574, Pr6O11 0.8277, Tb4O7 0.8502) and are passed in. All arithmetic is decimal and unrounded
but for ``Decimal``'s 28 digits; rounding is the caller's, at the edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


class UnknownElementError(KeyError):
    """No factor was passed for an element."""


def metal_of_oxide(oxide: Decimal, fraction: Decimal) -> Decimal:
    """The mass of metal in a mass of oxide, in the same unit. Raises ``ValueError`` for a share outside 0–1."""
    return oxide * _share(fraction)


def oxide_of_metal(metal: Decimal, fraction: Decimal) -> Decimal:
    """The mass of oxide that a mass of metal makes, in the same unit."""
    return metal / _share(fraction)


def element_pct_of_oxide_pct(oxide_pct: Decimal, fraction: Decimal) -> Decimal:
    """A content given as oxide (as laboratories do), as the element's mass per cent (as is reported)."""
    return oxide_pct * _share(fraction)


def oxide_pct_of_element_pct(element_pct: Decimal, fraction: Decimal) -> Decimal:
    """A content given as element, as its oxide's mass per cent."""
    return element_pct / _share(fraction)


def reo_of(
    mass: Decimal, contents_pct: Mapping[str, Decimal | None], fractions: Mapping[str, Decimal]
) -> Decimal:
    """Rare earth oxide equivalent of a mass of product, in the same unit; contents not measured count as none.

    ``contents_pct`` are mass per cents of elements by symbol (``nd``, ``dy``). Raises
    ``UnknownElementError`` where a content has no factor.
    """
    total = Decimal(0)
    for symbol, content in contents_pct.items():
        if content is None:
            continue
        if symbol not in fractions:
            raise UnknownElementError(symbol)
        total += mass * content / 100 / _share(fractions[symbol])
    return total


def elements_in(mass: Decimal, contents_pct: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """The mass of each measured element in a mass of product, in the same unit."""
    return {symbol: mass * content / 100 for symbol, content in contents_pct.items() if content is not None}


def _share(fraction: Decimal) -> Decimal:
    if not 0 < fraction <= 1:
        raise ValueError(f"a metal's share of its oxide lies between 0 and 1, not {fraction}")
    return fraction
