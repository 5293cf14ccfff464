"""What appeared in a balance or went missing from it: a row for each series and sign, by the rarer of the two tests."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from reporting.checks.chemistry import METAL_FRACTIONS
from reporting.checks.columns import ELEMENTS, STAGE_CODES
from reporting.checks.nation.balances import SIGNS, Panels, panels
from reporting.checks.nation.chains import parts_of
from reporting.checks.nation.rows import Nation, Rows, months_of, rows_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_OXIDE: Final = STAGE_CODES["oxide"]
_ENOUGH: Final = 3
_LEAST: Final = 1.5
"""Standard uncertainties below which a shift is no row at all."""


@rows_of("balance")
def balances(nation: Nation) -> Rows:
    """Of all series: how much of the element appeared (sign 1) or went missing (-1), since when, and how surely."""
    series = nation.once(panels)
    parts = [_rows(nation, series, sign) for sign in SIGNS]
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("organisation", "first", "anchor", "period", "subject")
    }
    return Rows(**joined, columns=columns)


def _rows(nation: Nation, series: Panels, sign: int) -> Rows:
    """The month with the rarest value ends the evidence; the finding is named by the first month beyond a limit."""
    known, months = nation.calibration, nation.once(months_of)
    page, shift = series.page[sign], series.shift[sign]
    at = np.flatnonzero(shift.max(axis=1, initial=0.0) >= _LEAST)
    page, shift = page[at], shift[at]
    rarity = np.maximum(known.rarity("page", page), known.rarity("shift", shift))
    row, peak = np.arange(len(at)), rarity.argmax(axis=1) if len(at) else at
    certain = (page >= known.limit("page")) | (shift >= known.limit("shift"))
    alarm = np.where(certain.any(axis=1), certain.argmax(axis=1) if len(at) else at, peak)
    since = series.since[sign][at, peak]
    place = np.arange(len(months))[None, :]
    inside = (place >= since[:, None]) & (place <= peak[:, None]) & series.seen[at]
    into, out_of = (
        np.where(inside, side[at], 0.0).sum(axis=1) for side in (series.consumed, series.produced)
    )
    sigma = into * series.doubt[sign][at, peak]
    period, element = months[peak], series.element[at]
    names = np.array(ELEMENTS, dtype=object)[element]
    stage, grade = parts_of(series.chain[at])
    excess = sign * _beyond(series, at, since, inside)
    columns = {
        "sign": np.full(len(at), sign), "element": names, "stage": stage, "grade": grade,
        "page": page[row, peak], "page_limit": np.full(len(at), known.limit("page")),
        "shift": shift[row, peak], "shift_limit": np.full(len(at), known.limit("shift")),
        "rarity": rarity[row, peak], "excess_kg": excess, "sigma_kg": sigma,
        "worth_cny": excess * _worth(nation, element, period), "into_kg": into, "out_of_kg": out_of,
        "months": inside.sum(axis=1),
    }  # fmt: skip
    mark = "+" if sign > 0 else "-"
    subject = np.array(
        [f"element:{name}:{mark}" + (f":{chain}" if chain else "")
         for name, chain in zip(names.tolist(), series.chain[at].tolist(), strict=True)], dtype=object,
    )  # fmt: skip
    return Rows(series.organisation[at], months[since], months[alarm], period, subject, columns)


def _beyond(series: Panels, at: Ints, since: Ints, inside: npt.NDArray[np.bool_]) -> Floats:
    """Kg by which the balance of the months inside lies above what the months before had given, where three are known."""
    balance, consumed, seen = series.balance[at], series.consumed[at], series.seen[at]
    before = seen & (np.arange(seen.shape[1])[None, :] < since[:, None])
    part = np.where(
        before, np.divide(balance, consumed, out=np.zeros_like(balance), where=consumed > 0), np.nan
    )
    level = np.zeros(len(at))
    known = before.sum(axis=1) >= _ENOUGH
    level[known] = np.nanmedian(part[known], axis=1)
    found: Floats = np.where(inside, balance - level[:, None] * consumed, 0.0).sum(axis=1)
    return found


def _worth(nation: Nation, element: Ints, period: Ints) -> Floats:
    """CNY a kg of the element: the middle of the oxide's band at home that month; NaN where there is none."""
    prices = nation.references.prices
    home = prices[(prices["stage"] == _OXIDE) & prices["market"].isin(["home"])]
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
