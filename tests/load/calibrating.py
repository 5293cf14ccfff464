"""Curves of all statistics over clean nations: of each case its highest value, whatever the limits in use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from portal.simulation.domain.nation import simulate
from portal.simulation.domain.planting import plant
from reporting.checks.core import REGISTRY, Queue, national_checks
from reporting.checks.nation.calibration import Calibration, curve
from reporting.checks.nation.cases import CASE, evidence
from reporting.checks.nation.columns import References
from reporting.checks.nation.gather import Gathered, gather
from reporting.checks.nation.rows import Nation
from reporting.checks.nation.run import run
from tests.load.nation_frames import frames_of

WIDE = 20.0
"""Alerts in a thousand filings down to which candidates are ranked."""
BESIDE = {"rarity": ("page", "shift")}
"""Statistics that are made of others, and of which."""
FLOORS = {
    "drip": 4.0, "ghost_bits": 3.0, "mix_sure": 4.0, "price_sure": 5.0, "ring_bits": 4.0, "shell_bits": 4.0, "sure": 4.0,
}  # fmt: skip
"""Limits, at least, of what clean nations show never or hardly ever: books elsewhere are not those of the simulator."""
DECADES = ((-2.0, 4.0), (100.0, 0.0001))
"""A rarity tells its own rate until it is measured."""


class Unknown(Calibration):
    """Nothing is known yet: everything that passes the other gates is told, the higher the rarer."""

    def rate(self, statistic: str, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Falls with the value; Page's sums grow three times as fast as standard uncertainties."""
        scale = 3.0 if statistic == "page" else 1.0
        return np.exp(-np.asarray(values, dtype=float) / scale)

    def limit(self, statistic: str) -> float:
        """None."""
        return 0.0


Gatherings = list[tuple[Gathered, References]]


def gathered(seed: int, enterprises: int, start: str, months: int) -> tuple[Gathered, References]:
    """A clean nation with its noise, summed up."""
    part, references = frames_of(plant(simulate(seed, enterprises, start, months), seed, 0))
    return gather(part, references), references


def calibrated(nations: Gatherings, source: dict[str, Any]) -> dict[str, Any]:
    """The calibration file's content: single statistics, those made of them, and what a whole case amounts to."""
    filings = sum(len(found.filed) for found, _references in nations)
    first = _curves(_cases(nations, Unknown({}, {})), _single(), filings)
    known = Calibration(_read(first) | dict.fromkeys(BESIDE, DECADES), {}, budget=WIDE)
    cases = _cases(nations, known)
    curves = first | _curves(cases, list(BESIDE), filings)
    known = Calibration(_read(curves), {}, budget=WIDE)
    curves[CASE] = curve([evidence(rows, known) for rows in cases], filings)
    return {"curves": curves, "source": source | {"filings": filings}}


def _single() -> list[str]:
    told = {check.statistic for check in national_checks() if check.statistic and check.queue is Queue.CASE}
    return sorted((told - set(BESIDE)) | {name for names in BESIDE.values() for name in names})


def _cases(nations: Gatherings, known: Calibration) -> list[list[dict[str, Any]]]:
    found = []
    for one, references in nations:
        cases: dict[str, list[dict[str, Any]]] = {}
        for row in run(Nation(one, references, known)):
            if row["case"]:
                cases.setdefault(row["case"], []).append(row)
        found += cases.values()
    return found


def _curves(cases: Iterable[Sequence[dict[str, Any]]], names: list[str], filings: int) -> dict[str, Any]:
    """Of each statistic the highest value of each case."""
    values: dict[str, list[float]] = {name: [] for name in names}
    for rows in cases:
        for name in names:
            own = [
                row["figures"][name] for row in rows if name in row["figures"] and _tells(row["code"], name)
            ]
            if own:
                values[name].append(float(max(own)))
    return {
        name: _from_floor(name, curve(found, filings)) if len(set(found)) > 1 else _never(name, filings)
        for name, found in values.items()
    }


def _from_floor(name: str, seen: dict[str, list[float]]) -> dict[str, list[float]]:
    """Down to its floor a statistic that clean nations seldom show is no commoner than all that they showed of it."""
    floor = FLOORS.get(name, seen["at"][0])
    if floor >= seen["at"][0]:
        return seen
    return {"at": [floor, *seen["at"]], "rate": [seen["rate"][0], *seen["rate"]]}


def _never(name: str, filings: int) -> dict[str, list[float]]:
    """The curve of what no honest enterprise ever showed: rarer than one in all, nobody knows by how much."""
    return {"at": [FLOORS[name], 1e9], "rate": [1000 / filings, 999 / filings]}


def _tells(code: str, name: str) -> bool:
    statistic = REGISTRY[code].statistic
    return statistic == name or name in BESIDE.get(statistic, ())


def _read(curves: dict[str, Any]) -> dict[str, Any]:
    return {name: (tuple(one["at"]), tuple(one["rate"])) for name, one in curves.items()}
