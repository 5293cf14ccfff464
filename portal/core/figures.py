"""Exact quantities as a reader sees them."""

from __future__ import annotations

from django.utils import formats

from portal.core.quantities import KG_PLACES, to_decimal


def format_quantity(units: int, places: int = KG_PLACES, decimals: int | None = None) -> str:
    """The figure for a reader: thousands grouped as the active language does, never rounded."""
    return formats.number_format(to_decimal(units, places, decimals), use_l10n=True, force_grouping=True)
