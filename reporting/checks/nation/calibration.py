"""Thresholds as data: for each statistic, how often it is passed where nobody cheats.

The file is written by ``make calibration`` from clean nations of seeds that no published figure comes from. A limit is
read off for a budget of false alarms; a score is how rare such a value is, so that scores compare across checks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["BUDGET", "Calibration", "calibration", "curve", "read"]

BUDGET: Final = 0.25
"""False alarms in a thousand clean filings that each statistic may give."""
RARE, COMMON = 0.01, 100.0
_POINTS_A_DECADE: Final = 12.5
_POINTS: Final = 24
_AT_ONE: Final = 70.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """By statistic: values in rising order, and how many alarms in a thousand clean filings reach each."""

    curves: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]
    source: Mapping[str, Any]
    budget: float = BUDGET

    def rate(self, statistic: str, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Alarms in a thousand clean filings with such a value or more; beyond what was seen, the tail goes on."""
        at, rates = (np.array(part) for part in self.curves[statistic])
        given = np.asarray(values, dtype=float)
        logs = np.log(rates)
        slope = (logs[-1] - logs[0]) / max(at[-1] - at[0], 1e-9)
        beyond = logs[-1] + slope * (given - at[-1])
        found: npt.NDArray[np.float64] = np.exp(np.where(given > at[-1], beyond, np.interp(given, at, logs)))
        return np.clip(found, RARE / 100, COMMON)

    def knows(self, statistic: str) -> bool:
        """Whether the statistic has a curve."""
        return statistic in self.curves

    def rarity(self, statistic: str, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Decades by which such a value is rarer than one alarm in a thousand clean filings; negative where it is not."""
        decades: npt.NDArray[np.float64] = -np.log10(self.rate(statistic, values))
        return decades

    def limit(self, statistic: str) -> float:
        """The value that is passed as often as the budget allows."""
        budget = self.budget
        at, rates = (np.array(part) for part in self.curves[statistic])
        if budget < rates[-1]:
            slope = (np.log(rates[-1]) - np.log(rates[0])) / max(at[-1] - at[0], 1e-9)
            return float(at[-1] + (np.log(budget) - np.log(rates[-1])) / slope)
        return float(np.interp(-np.log(budget), -np.log(rates), at))

    def score(self, statistic: str, values: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """0 to 100: 70 where one clean filing in a thousand gives such a value, more where it is rarer."""
        decades = self.rarity(statistic, values)
        return np.clip(np.rint(_AT_ONE + _POINTS_A_DECADE * decades), 0, 100).astype(np.int64)


@cache
def calibration() -> Calibration:
    """The calibration that came with this version."""
    text = files("reporting.checks.nation").joinpath("calibration.json").read_text("utf-8")
    return read(json.loads(text))


def curve(values: npt.ArrayLike, filings: int) -> dict[str, list[float]]:
    """The curve of a statistic from its values in so many clean filings: one alarm in all is the rarest rate it can tell."""
    found = np.sort(np.asarray(values, dtype=float))[::-1]
    ranks = np.unique(np.geomspace(1, max(len(found), 1), _POINTS).astype(np.int64))[: len(found)]
    at = [round(float(found[rank - 1]), 3) for rank in ranks.tolist()]
    rates = [1000 * rank / filings for rank in ranks.tolist()]
    return {"at": at[::-1], "rate": [float(f"{rate:.4g}") for rate in rates[::-1]]}


def read(data: Mapping[str, Any]) -> Calibration:
    """A calibration from its file's content."""
    curves = {name: (tuple(curve["at"]), tuple(curve["rate"])) for name, curve in data["curves"].items()}
    return Calibration(curves, data["source"])
