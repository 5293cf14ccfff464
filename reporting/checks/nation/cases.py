"""Findings of queue `case` put together: one case for an enterprise and episode, scored by all its signals at once.

A signal's evidence is by how many decades it is rarer than ten alarms in a thousand clean filings. Signals of one
statistic tell the same story (elements of one product, one panel inside another), so the best of them speaks; those of
different statistics are added up. How rare such a sum is among clean cases is a curve of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from reporting.checks.core import REGISTRY, Queue
from reporting.checks.nation.calibration import Calibration
from reporting.checks.nation.rows import Nation
from reporting.checks.values import period_text

__all__ = ["evidence", "into_cases"]

APART: Final = 3
"""Months without a signal that end an episode."""
CASE: Final = "case"
_WEAK: Final = 1.0


def evidence(rows: Iterable[dict[str, Any]], known: Calibration) -> float:
    """The sum over statistics of their best signal, in decades beyond ten alarms in a thousand clean filings."""
    best: dict[str, float] = {}
    for row in rows:
        statistic = REGISTRY[row["code"]].statistic
        if statistic:
            rarity = float(known.rarity(statistic, row["figures"][statistic]))
            best[statistic] = max(best.get(statistic, 0.0), rarity + _WEAK)
    return sum(best.values())


def into_cases(found: Sequence[dict[str, Any]], nation: Nation) -> None:
    """Give the findings of queue `case` of one enterprise that touch in time one name, its code and the first anchor, and
    one score.
    """
    owners = nation.references.organisations
    codes = dict(zip(owners["organisation_id"].tolist(), owners["uscc"].astype(object), strict=True))
    cases = [row for row in found if row["queue"] == Queue.CASE]
    cases.sort(key=lambda row: (row["organisation_id"], row["first_period"], row["anchor"]))
    open_case: list[dict[str, Any]] = []
    for row in [*cases, None]:
        ends = open_case and (
            row is None
            or row["organisation_id"] != open_case[0]["organisation_id"]
            or row["first_period"] > max(one["period"] for one in open_case) + APART
        )
        if ends:
            owner = open_case[0]["organisation_id"]
            _close(open_case, f"{codes.get(owner) or owner}", nation.calibration)
            open_case = []
        if row is not None:
            open_case.append(row)


def _close(rows: list[dict[str, Any]], owner: str, known: Calibration) -> None:
    name = f"{owner}-{period_text(min(row['anchor'] for row in rows))}"
    score = int(known.score(CASE, evidence(rows, known))) if known.knows(CASE) else None
    for row in rows:
        row["case"] = name
        if score is not None and row["score"] is not None:
            row["score"] = score
