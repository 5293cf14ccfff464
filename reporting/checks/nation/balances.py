"""The balance of each element in each enterprise: what work should have given against what it gave, month by month.

X = produced − Σ recovery·consumed. Recoveries are the nation's, by stage worked and element. The error of X has a part
of its own each month, work in hand that slips into the next (tridiagonal), and a part shared by all months (rank one
for each stage worked and one for the assays): a bias that stays is no evidence until it exceeds what calibration allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from reporting.checks.chemistry import METAL_FRACTIONS
from reporting.checks.columns import ELEMENTS, KIND_CODES, STAGE_CODES
from reporting.checks.nation.recovery import recoveries, spreads
from reporting.checks.nation.rows import Nation, Rows, rows_of
from reporting.checks.nation.sequential import Episodes, episodes, innovations, page

__all__ = ["Panels", "panels", "tested"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LEAST_MONTHS: Final = 4
STAGE_COUNT: Final = len(STAGE_CODES) + 1
MINED: Final = (STAGE_CODES["concentrate"], STAGE_CODES["mixed_carbonate"])
SIGNS: Final = (1, -1)
OXIDE: Final = STAGE_CODES["oxide"]


@dataclass(frozen=True, slots=True)
class Panels:
    """Series × months: an enterprise and an element each, where it works the element at all."""

    organisation: Ints
    element: Ints
    months: Ints
    seen: npt.NDArray[np.bool_]
    balance: Floats
    consumed: Floats
    produced: Floats
    residual: Floats
    sigma: Floats


@dataclass(frozen=True, slots=True)
class _Cube:
    """Enterprises × months (× stages) × elements, in kg."""

    organisations: Ints
    months: Ints
    consumed: Floats
    produced: Floats
    doubt: Floats
    seen: npt.NDArray[np.bool_]


def _cube(nation: Nation) -> _Cube:
    """Lay out what was worked. Ore and its concentrate come from a mine: nothing needs to have gone in."""
    worked, filed = nation.gathered.worked, nation.gathered.filed
    work = worked[worked["kind"].isin((KIND_CODES["consumed"], KIND_CODES["produced"]))]
    owners = np.unique(work["organisation_id"].to_numpy())
    months = (
        np.arange(filed["period"].min(), filed["period"].max() + 1)
        if len(filed)
        else np.zeros(0, dtype=np.int64)
    )
    shape = (len(owners), len(months), len(ELEMENTS))
    consumed, produced = np.zeros((*shape[:2], STAGE_COUNT, shape[2])), np.zeros(shape)
    doubt, seen = np.zeros(shape[:2]), np.zeros(shape[:2], dtype=bool)
    mass = work[list(ELEMENTS)].to_numpy()
    owner = np.searchsorted(owners, work["organisation_id"].to_numpy())
    month = work["period"].to_numpy() - (months[0] if len(months) else 0)
    stage, kind = work["stage"].to_numpy(), work["kind"].to_numpy()
    into = kind == KIND_CODES["consumed"]
    out = ~into & ~np.isin(stage, MINED)
    np.add.at(consumed, (owner[into], month[into], stage[into]), mass[into])
    np.add.at(produced, (owner[out], month[out]), mass[out])
    np.add.at(doubt, (owner, month), work["doubt_kg"].to_numpy())
    known = filed[~filed["blind"] & filed["organisation_id"].isin(owners)]
    at = (
        np.searchsorted(owners, known["organisation_id"].to_numpy()),
        known["period"].to_numpy() - months[:1].sum(),
    )
    seen[at] = True
    return _Cube(owners, months, consumed, produced, doubt, seen)


def panels(nation: Nation) -> Panels:
    """Every series long enough to be judged, with its residuals."""
    cube = nation.once(_cube)
    total = cube.consumed.sum(axis=2)
    seen = cube.seen[:, :, None] & (total > 0)
    owner, element = np.nonzero(seen.sum(axis=1) >= LEAST_MONTHS)
    consumed = cube.consumed[owner, :, :, element]
    produced = cube.produced[owner, :, element]
    shown = seen[owner, :, element]
    whole = consumed.sum(axis=2)
    recovery = recoveries(consumed, produced, shown, element)
    balance = produced - np.einsum("nts,ns->nt", consumed, recovery)
    alone, slipped, shared = spreads(consumed, balance, shown, element)
    assay = np.divide(
        cube.doubt.sum(axis=1), (total + cube.produced).sum(axis=(1, 2)), out=np.full(len(cube.organisations), 0.01),
        where=(total + cube.produced).sum(axis=(1, 2)) > 0,
    )  # fmt: skip
    covariance = _covariance(consumed, (alone, slipped), shared, assay[owner])
    residual, sigma = innovations(balance, covariance, shown)
    return Panels(
        cube.organisations[owner], element, cube.months, shown, balance, whole, produced, residual, sigma
    )


def _covariance(consumed: Floats, monthly: tuple[Floats, Floats], shared: Floats, assay: Floats) -> Floats:
    """Series × months × months: own error, what slips into the next month, and what all months share."""
    whole = consumed.sum(axis=2)
    months = whole.shape[1]
    own, slipped = ((deviation[:, None] * whole) ** 2 for deviation in monthly)
    before = np.concatenate([np.zeros((len(whole), 1)), slipped[:, :-1]], axis=1)
    made: Floats = np.einsum("nts,nus,ns->ntu", consumed, consumed, shared**2)
    made += whole[:, :, None] * whole[:, None, :] * (assay**2)[:, None, None]
    at = np.arange(months)
    made[:, at, at] += own + slipped + before + 1e-6
    made[:, at[:-1], at[1:]] -= slipped[:, :-1]
    made[:, at[1:], at[:-1]] -= slipped[:, :-1]
    return made


def tested(nation: Nation) -> dict[int, tuple[Floats, Episodes]]:
    """Page's test of every series, by sign: +1 more out than in, -1 less."""
    series = nation.once(panels)
    found = {}
    for sign in SIGNS:
        path = page(sign * series.residual, series.seen)
        found[sign] = path, episodes(path, nation.calibration.limit("page"))
    return found


def _worth(nation: Nation, element: Ints, period: Ints) -> Floats:
    """CNY a kg of the element: the middle of the oxide's band at home that month; NaN where there is none."""
    prices = nation.references.prices
    home = prices[(prices["stage"] == OXIDE) & prices["market"].isin(["home"])]
    middle = (home["low_fen"] + home["high_fen"]).to_numpy() / 200
    known = {
        (symbol, month): value
        for symbol, month, value in zip(
            home["main_element"], home["period"].tolist(), middle.tolist(), strict=True
        )
    }
    symbols = ["nd" if ELEMENTS[place] == "pr" else ELEMENTS[place] for place in element.tolist()]
    found = [known.get(key, np.nan) for key in zip(symbols, period.tolist(), strict=True)]
    worth: Floats = np.array(found, dtype=float) / METAL_FRACTIONS[element]
    return worth


@rows_of("balance")
def balances(nation: Nation) -> Rows:
    """Episodes of all series: how much of the element appeared (sign 1) or went missing (-1), and how surely."""
    series = nation.once(panels)
    parts = [_episodes(nation, series, sign, *nation.once(tested)[sign]) for sign in SIGNS]
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("organisation", "first", "anchor", "period", "subject")
    }
    return Rows(**joined, columns=columns)


def _episodes(nation: Nation, series: Panels, sign: int, path: Floats, found: Episodes) -> Rows:
    at = found.series
    place = np.arange(path.shape[1])[None, :]
    inside = (place >= found.first[:, None]) & (place <= found.peak[:, None]) & series.seen[at]

    def total(values: Floats) -> Floats:
        summed: Floats = np.where(inside, values, 0.0).sum(axis=1)
        return summed

    month = series.months
    period, element = month[found.peak], series.element[at]
    excess = sign * total(series.residual[at] * series.sigma[at])
    worth = _worth(nation, element, period)
    names = np.array(ELEMENTS, dtype=object)[element]
    subject = np.array([f"element:{name}:{'+' if sign > 0 else '-'}" for name in names], dtype=object)
    columns = {
        "sign": np.full(len(at), sign), "element": names, "page": found.height,
        "page_limit": np.full(len(at), nation.calibration.limit("page")), "excess_kg": excess,
        "sigma_kg": np.sqrt(total(series.sigma[at] ** 2)), "worth_cny": excess * worth,
        "into_kg": total(series.consumed[at]), "out_of_kg": total(series.produced[at]),
        "months": inside.sum(axis=1),
    }  # fmt: skip
    return Rows(series.organisation[at], month[found.first], month[found.alarm], period, subject, columns)
