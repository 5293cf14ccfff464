"""The composition of what comes out against that of what went in, element by element; and how much comes out at all.

Work loses rare earth, but not one element more than the others: the logarithm of an element's recovery less that of all
others is near nothing, or stays what it was. Where heavy rare earths go out as light ones it falls, and that of the light rises.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from reporting.checks.chemistry import METAL_FRACTIONS
from reporting.checks.columns import ELEMENTS, STAGE_CODES, STAGES
from reporting.checks.nation.rows import Nation, Rows, rows_of
from reporting.checks.nation.windows import (
    SPAN,
    STAGE_COUNT,
    Work,
    against_own_past,
    halves,
    medians_of,
    robust_spread,
    stretches,
    work,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FAR: Final = 3.0
"""Spreads from which a half year belongs to an episode."""
LEAST_SHARE, LEAST_IN_KG = 0.0005, 5.0
"""Of an element in the feed; less is not looked at."""
LEAST_SPREAD: Final = 0.015
LEAST_CHANGE: Final = 0.01
_OXIDE: Final = STAGE_CODES["oxide"]


def _contrasts(found: Work) -> tuple[Floats, Floats, Floats]:
    """Series (enterprise × element) × months: log recovery of the element less that of the rest, and its in and out."""
    into, out = halves(found.into), halves(found.out)
    rest_in, rest_out = (side.sum(axis=2, keepdims=True) - side for side in (into, out))
    shown = (
        (into > LEAST_IN_KG)
        & (into > LEAST_SHARE * into.sum(axis=2, keepdims=True))
        & (out > 0)
        & (rest_out > 0)
        & (rest_in > 0)
    )
    shown &= halves(found.filed.astype(float))[:, :, None] >= SPAN
    with np.errstate(divide="ignore", invalid="ignore"):
        contrast = np.where(shown, np.log(out / into) - np.log(rest_out / rest_in), np.nan)
    count = len(ELEMENTS)

    def flat(grid: Floats) -> Floats:
        return grid.transpose(0, 2, 1).reshape(len(grid) * count, grid.shape[1])

    return flat(contrast), flat(into), flat(out)


def worths(nation: Nation) -> Floats:
    """CNY a kilogram of each element, by the middle of its oxide's band at home in all months; NaN where none is known."""
    prices = nation.references.prices
    home = prices[(prices["stage"] == _OXIDE) & prices["market"].isin(["home"])]
    middle = (
        ((home["low_fen"] + home["high_fen"]) / 200).groupby(home["main_element"].astype(object)).median()
    )
    found: Floats = middle.reindex(["nd" if name == "pr" else name for name in ELEMENTS]).to_numpy(
        dtype=float
    )
    worth: Floats = found / METAL_FRACTIONS
    return worth


@rows_of("mixture")
def mixtures(nation: Nation) -> Rows:
    """Stretches of months in which the half year's composition is far from the feed's, beyond what it used to be."""
    found = nation.once(work)
    contrast, into, out = _contrasts(found)
    count = len(ELEMENTS)
    element = np.tile(np.arange(count), len(found.organisations))
    owner = np.repeat(np.arange(len(found.organisations)), count)
    own = against_own_past(contrast)
    off = np.where(np.isnan(own), contrast, np.sign(own) * np.minimum(np.abs(own), np.abs(contrast)))
    off = np.where(np.isfinite(own) & (np.sign(own) != np.sign(contrast)), 0.0, off)
    assay = _assay(found)[owner]
    group = found.stage[owner] * count + element
    usual = nation.norms.usual(
        "mixture", lambda: robust_spread(contrast, group, STAGE_COUNT * count, LEAST_SPREAD)
    )
    spread = np.hypot(usual[group], assay)
    sure = np.abs(off) / spread[:, None]
    parts = [stretches(np.nan_to_num(np.where(np.sign(off) == sign, sure, 0.0)) > FAR) for sign in (-1, 1)]
    row, first, last = (np.concatenate(part) for part in zip(*parts, strict=True))
    peak = first + _peak(np.nan_to_num(sure), row, first, last)
    kg = np.abs(np.expm1(off[row, peak])) * into[row, peak]
    names = np.array(ELEMENTS, dtype=object)[element[row]]
    down = off[row, peak] < 0
    subject = np.array(
        [f"mix:{name}:{'-' if less else '+'}" for name, less in zip(names, down.tolist(), strict=True)],
        dtype=object,
    )
    columns = {
        "element": names, "mix_pct": 100 * np.expm1(contrast[row, peak]),
        "usual_mix_pct": 100 * np.expm1(np.where(np.isfinite(own[row, peak]), contrast[row, peak] - own[row, peak], np.nan)),
        "mix_spread_pct": 100 * spread[row], "mix_sure": sure[row, peak], "mix_limit": np.full(len(row), nation.calibration.limit("mix_sure")),
        "element_in_kg": into[row, peak], "element_out_kg": out[row, peak], "shifted_kg": kg,
        "worth_cny": kg * worths(nation)[element[row]], "lower": down,
    }  # fmt: skip
    month = found.months
    begin = month[np.maximum(first - SPAN + 1, 0)]
    return Rows(found.organisations[owner[row]], begin, month[first], month[last], subject, columns)


def _peak(sure: Floats, row: Ints, first: Ints, last: Ints) -> Ints:
    """Where in each stretch it is surest, counted from its first month."""
    place = np.arange(sure.shape[1])[None, :]
    inside = (place >= first[:, None]) & (place <= last[:, None])
    peak: Ints = np.where(inside, sure[row], -1.0).argmax(axis=1) - first if len(row) else first
    return peak


def _assay(found: Work) -> Floats:
    """The usual doubt of the contents, relative, twice: in what goes in and in what comes out."""
    whole = (found.into + found.out + found.lost).sum(axis=(1, 2))
    doubt = np.divide(found.doubt.sum(axis=1), whole, out=np.full(len(whole), 0.01), where=whole > 0)
    both: Floats = doubt * np.sqrt(2)
    return both


@rows_of("yield")
def yields(nation: Nation) -> Rows:
    """Stretches in which a half year's yield is below the enterprise's own past, the sector's change taken off."""
    found = nation.once(work)
    into, out, lost = (halves(side.sum(axis=2)) for side in (found.into, found.out, found.lost))
    whole = (halves(found.filed.astype(float)) >= SPAN) & (into > 0) & (out > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(whole, np.log(out / into), np.nan)
        written_off = np.where(whole, lost / into, np.nan)
    norms, stage, past = nation.norms, found.stage, against_own_past(part)
    sectors = norms.monthly("yield_change", found.months, lambda: medians_of(past, stage, STAGE_COUNT))
    change = past - np.nan_to_num(sectors[stage])  # what a whole sector shares is nobody's own
    spread = norms.usual("yield_spread", lambda: robust_spread(change, stage, STAGE_COUNT, LEAST_CHANGE))[
        stage
    ]
    sure = np.nan_to_num(-change / spread[:, None])
    row, first, last = stretches(sure > FAR)
    peak = first + _peak(sure, row, first, last)
    more_lost = against_own_past(written_off)
    sector = norms.monthly("yield", found.months, lambda: medians_of(part, stage, STAGE_COUNT))[stage]
    word = np.array(["", *STAGES], dtype=object)[found.stage[row]]
    subject = np.array([f"yield:{one}" for one in word.tolist()], dtype=object)
    usually = part[row, peak] - past[row, peak]
    columns = {
        "stage": found.stage[row].astype(np.int64), "yield_pct": 100 * np.exp(part[row, peak]), "own_yield_pct": 100 * np.exp(usually),
        "sector_yield_pct": 100 * np.exp(sector[row, peak]), "yield_spread_pct": 100 * spread[row], "yield_sure": sure[row, peak],
        "missing_kg": -np.expm1(change[row, peak]) * into[row, peak], "consumed_kg": into[row, peak], "lost_kg": lost[row, peak],
        "more_lost_kg": np.nan_to_num(more_lost[row, peak]) * into[row, peak], "recycled_kg": halves(found.scrap)[row, peak],
    }  # fmt: skip
    month = found.months
    return Rows(
        found.organisations[row],
        month[np.maximum(first - SPAN + 1, 0)],
        month[first],
        month[last],
        subject,
        columns,
    )
