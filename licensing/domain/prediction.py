"""When a case will probably be decided, told from finished cases of the like kind; and how good that has been.

What is counted are working days from acceptance to decision, pauses included: what an applicant waits. The range is
made of the finished cases that took longer than this one has taken so far, so that it never lies in the past.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

FEWEST: Final = 8  # finished cases below which nothing is said
LOW, HIGH = 0.1, 0.9
PROMISED: Final = HIGH - LOW  # the share of cases that the range should hold


@dataclass(frozen=True, slots=True)
class Finished:
    """A case that was decided: what kind it was, when it was accepted and decided, working days in between."""

    kind: str
    accepted_on: dt.date
    decided_on: dt.date
    days: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """Working days from acceptance to decision: the middle and a range; ``like`` is how many cases they rest on."""

    low: int
    middle: int
    high: int
    like: int
    same_kind: bool


@dataclass(frozen=True, slots=True)
class Record:
    """How good past predictions were: each case foretold at its acceptance from those decided before it."""

    told: int
    held: int  # decided within the range
    middle_error: float  # the median distance from the middle, in working days

    @property
    def share(self) -> float | None:
        return self.held / self.told if self.told else None


def predict(finished: Sequence[Finished], kind: str, elapsed: int = 0) -> Prediction | None:
    """The range for a case of this kind that has taken ``elapsed`` working days; None where too few are known."""
    for same_kind in (True, False):
        days = sorted(
            one.days for one in finished if one.days >= elapsed and (not same_kind or one.kind == kind)
        )
        if len(days) >= FEWEST:
            return Prediction(
                _quantile(days, LOW), _quantile(days, 0.5), _quantile(days, HIGH), len(days), same_kind
            )
    return None


def record_of(finished: Sequence[Finished]) -> Record:
    """Foretell every finished case as it would have been foretold on the day of its acceptance, and compare."""
    told, held, errors = 0, 0, []
    for case in finished:
        before = [one for one in finished if one.decided_on < case.accepted_on]
        said = predict(before, case.kind)
        if said is not None:
            told += 1
            held += said.low <= case.days <= said.high
            errors.append(abs(said.middle - case.days))
    return Record(told, held, float(median(errors)) if errors else 0.0)


def _quantile(ordered: Sequence[int], share: float) -> int:
    """The nearest rank, outwards: a range of whole days that holds at least what it promises of those it rests on."""
    rank = share * (len(ordered) - 1)
    at = int(rank) if share < 0.5 else -int(-rank // 1)
    return ordered[at]
