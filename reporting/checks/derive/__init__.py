"""The tables of one run, each derived column worked out once and only when a check needs it."""

from __future__ import annotations

from reporting.checks.derive import (  # noqa: F401  each module registers its columns
    balances,
    counterparties,
    duplicates,
    elements,
    filings,
    identifiers,
    licences,
    lines,
    products,
    stock,
    trends,
)
from reporting.checks.derive.context import Context

__all__ = ["Context"]
