"""What counts find and write off, month by month, stage and grade by stage and grade: chance goes both ways, a drip does not.

The error of a month is a small part of what was handled; what an enterprise always writes off is its habit, which the
months before have taught (a part that all months share). The lasting shift beyond it is tested as balances are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import STAGES
from reporting.checks.nation.balances import SIGNS
from reporting.checks.nation.rows import Nation, Rows, months_of, rows_of
from reporting.checks.nation.sequential import innovations, shifts

Floats = npt.NDArray[np.float64]
_COUNT: Final = 0.0006
"""Standard uncertainty of a month's counts as a part of what was handled, at least; else what is usual in the nation.

Scales of class III are right within 0.1 per cent at most (OIML R 76, verified and in use): evenly spread, that is 0.06.
"""
_HABIT: Final = 0.01
"""What enterprises differ by in what they write off for good."""
_MAD: Final = 1.4826
_AT_ONCE: Final = 1000
_LEAST: Final = 1.5


@rows_of("counting")
def countings(nation: Nation) -> Rows:
    """Of each enterprise, stage and grade that was ever counted: what went missing (sign 1) or turned up (-1)."""
    counts, months = nation.gathered.counts, nation.once(months_of)
    keys = ["organisation_id", "stage", "grade"]
    some = counts[
        counts[["lost_kg", "gained_kg"]].groupby([counts[key] for key in keys]).transform("sum").sum(axis=1)
        > 0
    ]
    series = some[keys].drop_duplicates().reset_index(drop=True)
    place = some[keys].merge(series.reset_index(), on=keys, how="left")["index"].to_numpy()
    month = some["period"].to_numpy() - months[:1].sum()
    grids = {}
    for name in ("handled_kg", "lost_kg", "gained_kg"):
        grids[name] = np.zeros((len(series), len(months)))
        np.add.at(grids[name], (place, month), some[name].to_numpy())
    handled, net = grids["handled_kg"], grids["lost_kg"] - grids["gained_kg"]
    seen = handled > 0
    usual = float(nation.norms.usual("count", lambda: _usual(net, handled, seen)))
    found = [
        _rows(nation, series, grids, sign, _tested(sign * net, handled, seen, min(usual, _HABIT)))
        for sign in SIGNS
    ]
    columns = {name: np.concatenate([part.columns[name] for part in found]) for name in found[0].columns}
    joined = {
        name: np.concatenate([getattr(part, name) for part in found])
        for name in ("organisation", "first", "anchor", "period", "subject")
    }
    return Rows(**joined, columns=columns)


def _usual(net: Floats, handled: Floats, seen: npt.NDArray[np.bool_]) -> Floats:
    """The error of a month's counts that is usual in the nation, as a part of what was handled."""
    share = np.abs(net[seen & (net != 0)]) / handled[seen & (net != 0)]
    return np.array(max(_COUNT, _MAD * float(np.median(share))) if len(share) else _COUNT)


def _tested(net: Floats, handled: Floats, seen: npt.NDArray[np.bool_], error: float) -> tuple[Floats, ...]:
    """Path of the lasting shift, since when, and its uncertainty as a part of what was handled."""
    months = handled.shape[1]
    at = np.arange(months)
    parts = []
    for start in range(0, max(len(net), 1), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        covariance = _HABIT**2 * handled[some][:, :, None] * handled[some][:, None, :]
        covariance[:, at, at] += (error * handled[some]) ** 2 + 1e-6
        residual, _sigma, root = innovations(net[some], covariance, seen[some])
        parts.append(shifts(residual, root, handled[some], seen[some]))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _rows(
    nation: Nation, series: pd.DataFrame, grids: dict[str, Floats], sign: int, tested: tuple[Floats, ...]
) -> Rows:
    known, months = nation.calibration, nation.once(months_of)
    path, begun, doubt = tested
    at = np.flatnonzero(path.max(axis=1, initial=0.0) >= _LEAST)
    path = path[at]
    row, peak = np.arange(len(at)), path.argmax(axis=1) if len(at) else at
    certain = path >= known.limit("drip")
    alarm = np.where(certain.any(axis=1), certain.argmax(axis=1) if len(at) else at, peak)
    since = begun[at, peak].astype(np.int64)
    place = np.arange(len(months))[None, :]
    inside = (place >= since[:, None]) & (place <= peak[:, None])
    lost, gained, handled = (
        np.where(inside, grids[name][at], 0.0).sum(axis=1) for name in ("lost_kg", "gained_kg", "handled_kg")
    )
    stage = series["stage"].to_numpy().astype(np.int64)[at]
    grade = series["grade"].to_numpy(dtype=object)[at]
    words = np.array(["", *STAGES], dtype=object)[stage]
    columns = {
        "sign": np.full(len(at), sign), "stage": stage, "grade": grade, "lost_kg": lost, "gained_kg": gained,
        "beyond_kg": np.abs(lost - gained), "handled_kg": handled, "sigma_kg": handled * doubt[at, peak], "drip": path[row, peak],
        "drip_limit": np.full(len(at), known.limit("drip")),
        "months": (inside & (grids["lost_kg"][at] + grids["gained_kg"][at] > 0)).sum(axis=1),
    }  # fmt: skip
    mark = "-" if sign > 0 else "+"
    subject = np.array(
        [f"counts:{word}:{one}:{mark}" for word, one in zip(words.tolist(), grade.tolist(), strict=True)],
        dtype=object,
    )
    owner = series["organisation_id"].to_numpy().astype(np.int64)[at]
    return Rows(owner, months[since], months[alarm], months[peak], subject, columns)
