"""How well each check does, by what officers made of its findings: the share that was confirmed, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

from django.db.models import Count, Max

from reporting.models import Decision, Finding, FindingState
from reporting.models.decisions import Verdict
from reporting.queries.wording import title_of

__all__ = ["CheckPrecision", "precisions"]

_Z: Final = 1.645
"""Intervals of 90 per cent."""


@dataclass(frozen=True)
class CheckPrecision:
    """A check with what became of its findings. ``share`` of those decided that were confirmed, per cent; None: none decided."""

    code: str
    title: str
    waiting: int
    confirmed: int
    explained: int
    dismissed: int
    share: int | None
    low: int
    high: int


def precisions() -> list[CheckPrecision]:
    """Every check with a finding, by code. The last decision of each finding counts. Two queries."""
    last = (
        Decision.objects.filter(finding__isnull=False)
        .values("finding_id")
        .annotate(last=Max("pk"))
        .values("last")
    )
    rows = (
        Decision.objects.filter(pk__in=last)
        .values_list("finding__check_code", "verdict")
        .annotate(Count("pk"))
    )
    decided = {(code, verdict): count for code, verdict, count in rows.order_by()}
    open_ones = Finding.objects.filter(state__in=(FindingState.OPEN, FindingState.ASKED)).values_list(
        "check_code"
    )
    waiting = dict(open_ones.order_by().annotate(Count("pk")))
    codes = sorted({code for code, _verdict in decided} | set(waiting))
    return [_precision(code, waiting.get(code, 0), decided) for code in codes]


def _precision(code: str, waiting: int, decided: dict[tuple[str, str], int]) -> CheckPrecision:
    confirmed, explained, dismissed = (
        decided.get((code, verdict), 0)
        for verdict in (Verdict.CONFIRMED, Verdict.EXPLAINED, Verdict.DISMISSED)
    )
    whole = confirmed + explained + dismissed
    low, high = wilson(confirmed, whole)
    share = round(100 * confirmed / whole) if whole else None
    return CheckPrecision(code, title_of(code), waiting, confirmed, explained, dismissed, share, low, high)


def wilson(right: int, whole: int) -> tuple[int, int]:
    """Wilson's interval of a share, in per cent: honest where few were decided."""
    if not whole:
        return 0, 100
    share, spread = right / whole, _Z**2 / whole
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return max(0, round(100 * (middle - reach))), min(100, round(100 * (middle + reach)))
