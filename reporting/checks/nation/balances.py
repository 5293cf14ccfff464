"""The balance of each element: what work should have given against what it gave, month by month.

Once over all work of an enterprise, and once in each chain of its work, where one product's errors do not drown
another's. X = produced − Σ recovery·consumed. Recoveries are the nation's, by kind of work, stage worked and element.
The error of X has a part of its own each month, work in hand that slips into the next (tridiagonal), and a part shared
by all months (rank one for each stage worked and one for the assays): a bias that stays is no evidence until it exceeds
what calibration allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import ELEMENTS, KIND_CODES
from reporting.checks.nation.chains import WHOLE
from reporting.checks.nation.norms import Norms
from reporting.checks.nation.recovery import errors, recoveries, spreads
from reporting.checks.nation.rows import Nation, months_of
from reporting.checks.nation.sequential import innovations, page, shifts
from reporting.checks.nation.windows import STAGE_COUNT

__all__ = ["SIGNS", "Panels", "panels"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
LEAST_MONTHS: Final = 4
SIGNS: Final = (1, -1)
_AT_ONCE: Final = 1000
_ASSAY: Final = 0.01


@dataclass(frozen=True, slots=True)
class Panels:
    """Series × months: an enterprise, a chain of its work and an element each, where it works the element at all.

    By sign: `page` and `shift` are the paths of the two tests, `since` the month from which the shift is counted and
    `doubt` its standard uncertainty as a part of what was consumed.
    """

    organisation: Ints
    chain: npt.NDArray[np.object_]
    element: Ints
    seen: Bools
    consumed: Floats
    produced: Floats
    balance: Floats
    residual: Floats
    page: dict[int, Floats]
    shift: dict[int, Floats]
    since: dict[int, Ints]
    doubt: dict[int, Floats]


@dataclass(frozen=True, slots=True)
class _Cells:
    """What was consumed (by stage) and made of each series of one kind of work: series × months (× stages), in kg."""

    organisation: Ints
    chain: npt.NDArray[np.object_]
    element: Ints
    consumed: Floats
    produced: Floats


def panels(nation: Nation) -> Panels:
    """Every series long enough to be judged, all work together first."""
    months = nation.once(months_of)
    (owners, shown), assay = nation.once(_shown)
    found = []
    for kind, cells in _kinds(nation, months):
        place = np.searchsorted(owners, cells.organisation)
        seen = shown[place] & (cells.consumed.sum(axis=2) > 0)
        enough = seen.sum(axis=1) >= LEAST_MONTHS
        if enough.any():
            kept = _Cells(**{item.name: getattr(cells, item.name)[enough] for item in fields(_Cells)})
            found.append(_judged(kept, seen[enough], assay[place[enough]], kind, nation.norms))
    return _joined(found or [_none(len(months))])


def _none(months: int) -> Panels:
    grid, ids = np.zeros((0, months)), np.zeros(0, dtype=np.int64)
    signed = dict.fromkeys(SIGNS, grid)
    return Panels(
        ids, np.zeros(0, dtype=object), ids, grid.astype(bool), grid, grid, grid, grid, signed, signed,
        dict.fromkeys(SIGNS, grid.astype(np.int64)), signed,
    )  # fmt: skip


def _joined(parts: list[Panels]) -> Panels:
    def whole(name: str) -> Any:
        columns = [getattr(part, name) for part in parts]
        if isinstance(columns[0], dict):
            return {sign: np.concatenate([column[sign] for column in columns]) for sign in SIGNS}
        return np.concatenate(columns)

    return Panels(**{item.name: whole(item.name) for item in fields(Panels)})


def _shown(nation: Nation) -> tuple[tuple[Ints, Bools], Floats]:
    """Enterprises, the months in which each filed all contents, and the relative uncertainty of its assays."""
    worked, filed, months = nation.gathered.worked, nation.gathered.filed, nation.once(months_of)
    owners = np.unique(worked["organisation_id"].to_numpy())
    seen = np.zeros((len(owners), len(months)), dtype=bool)
    known = filed[~filed["blind"] & filed["organisation_id"].isin(owners)]
    at = np.searchsorted(owners, known["organisation_id"].to_numpy())
    seen[at, known["period"].to_numpy() - months[:1].sum()] = True
    work = worked[worked["kind"].isin((KIND_CODES["consumed"], KIND_CODES["produced"]))]
    place = np.searchsorted(owners, work["organisation_id"].to_numpy())
    mass = np.bincount(place, weights=work[list(ELEMENTS)].to_numpy().sum(axis=1), minlength=len(owners))
    doubt = np.bincount(place, weights=work["doubt_kg"].to_numpy(), minlength=len(owners))
    return (owners, seen), np.divide(doubt, mass, out=np.full(len(owners), _ASSAY), where=mass > 0)


def _kinds(nation: Nation, months: Ints) -> Iterator[tuple[str, _Cells]]:
    """All work together first, then each kind of work; an enterprise that does one kind alone is judged in it."""
    chained = nation.gathered.chained
    if not len(chained):
        yield from ()
        return
    work = np.array([name.partition(":")[0] for name in chained["chain"].unique()], dtype=object)
    codes, names = pd.factorize(chained["chain"])
    kind = work[codes]
    owner = chained["organisation_id"].to_numpy()
    labels, _label = np.unique(owner * (len(names) + 1) + codes, return_inverse=True)
    several = pd.Series(labels // (len(names) + 1)).value_counts()
    both = np.isin(owner, several.index[several > 1].to_numpy())
    if both.any():
        yield WHOLE, _cells(chained[both], np.full(int(both.sum()), WHOLE, dtype=object), months)
    for one in sorted(set(kind.tolist())):
        mine = kind == one
        yield one, _cells(chained[mine], np.asarray(names, dtype=object)[codes[mine]], months)


def _cells(rows: pd.DataFrame, chain: npt.NDArray[np.object_], months: Ints) -> _Cells:
    codes, names = pd.factorize(chain, sort=True)
    owner, element = rows["organisation_id"].to_numpy(), rows["element"].to_numpy().astype(np.int64)
    key = (owner * len(names) + codes) * len(ELEMENTS) + element
    distinct, place = np.unique(key, return_inverse=True)
    stages, at = np.unique(rows["stage"].to_numpy(), return_inverse=True)
    month, kg = rows["period"].to_numpy() - months[0], rows["kg"].to_numpy()
    laid = np.zeros((len(distinct), len(months), len(stages)))
    np.add.at(laid, (place.reshape(-1), month, at.reshape(-1)), kg)
    into = stages > 0
    consumed = np.zeros((len(distinct), len(months), STAGE_COUNT))
    consumed[:, :, stages[into]] = laid[:, :, into]
    rest, kind = np.divmod(distinct, len(ELEMENTS))
    return _Cells(
        rest // len(names), np.asarray(names, dtype=object)[rest % len(names)], kind, consumed,
        laid[:, :, ~into].sum(axis=2),
    )  # fmt: skip


def _judged(cells: _Cells, seen: Bools, assay: Floats, kind: str, norms: Norms) -> Panels:
    """The series with their residuals and tests; the covariances of some series are held at a time."""
    whole = cells.consumed.sum(axis=2)
    (balance, (alone, slipped)), shared = _against_the_nation(cells, seen, kind, norms)
    parts = []
    for start in range(0, len(whole), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        covariance = _covariance(
            cells.consumed[some], (alone[some], slipped[some]), shared[some], assay[some]
        )
        residual, _sigma, root = innovations(balance[some], covariance, seen[some])
        paths = [shifts(sign * residual, root, whole[some], seen[some]) for sign in SIGNS]
        parts.append((residual, paths))
    residual = np.concatenate([part for part, _paths in parts])
    shift, since, doubt = (
        {sign: np.concatenate([paths[at][item] for _part, paths in parts]) for at, sign in enumerate(SIGNS)}
        for item in range(3)
    )
    return Panels(
        cells.organisation, cells.chain, cells.element, seen, whole, cells.produced, balance, residual,
        {sign: page(sign * residual, seen) for sign in SIGNS}, shift, since, doubt,
    )  # fmt: skip


def _against_the_nation(
    cells: _Cells, seen: Bools, kind: str, norms: Norms
) -> tuple[tuple[Floats, tuple[Floats, Floats]], Floats]:
    """The balance by the nation's recoveries, its error of a month and what slips, and what enterprises differ by."""
    consumed, produced, element = cells.consumed, cells.produced, cells.element
    recovery = norms.usual(f"recovery:{kind}", lambda: recoveries(consumed, produced, seen, element))[element]
    balance = produced - np.einsum("nts,ns->nt", consumed, recovery)
    usual, shared = errors(consumed, balance, seen, element)
    usual = norms.usual(f"error:{kind}", lambda: usual)
    shared = norms.usual(f"shared:{kind}", lambda: shared)[element]
    return (balance, spreads(consumed, balance, seen, usual)), shared


def _covariance(consumed: Floats, monthly: tuple[Floats, Floats], shared: Floats, assay: Floats) -> Floats:
    """Series × months × months: own error, what slips into the next month, and what all months share."""
    whole = consumed.sum(axis=2)
    months = whole.shape[1]
    own, slipped = ((deviation[:, None] * whole) ** 2 for deviation in monthly)
    before = np.concatenate([np.zeros((len(whole), 1)), slipped[:, :-1]], axis=1)
    made: Floats = np.einsum("nts,nus,ns->ntu", consumed, consumed, shared**2, optimize=True)
    made += whole[:, :, None] * whole[:, None, :] * (assay**2)[:, None, None]
    at = np.arange(months)
    made[:, at, at] += own + slipped + before + 1e-6
    made[:, at[:-1], at[1:]] -= slipped[:, :-1]
    made[:, at[1:], at[:-1]] -= slipped[:, :-1]
    return made
