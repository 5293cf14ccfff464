"""What was consumed and made in each chain of work by element, and what counts found and lost: sums of a part's lines."""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import ELEMENTS, KIND_CODES
from reporting.checks.derive.context import Array, Context, Ints, take
from reporting.checks.derive.products import contents
from reporting.checks.nation.chains import Products, chains

__all__ = ["chained", "counted"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]
_CONSUMED, _PRODUCED = KIND_CODES["consumed"], KIND_CODES["produced"]
_LOST, _GAINED = KIND_CODES["lost"], KIND_CODES["gained"]
_HANDLED: Final = tuple(
    KIND_CODES[name] for name in ("opening", "produced", "purchased", "imported", "tolled_in")
)


class Lines(Protocol):
    """What is read of a part's lines."""

    known: Bools
    kind: Array
    product: Ints
    filing: Ints
    stage: Ints
    mass: Floats


def chained(context: Context, lines: Lines) -> pd.DataFrame:
    """By enterprise, month, chain and element what was consumed (of which stage) and what was made (stage 0), in kg."""
    products = _products(context, lines)
    parts = []
    for kind, (chain, mixed) in zip((_CONSUMED, _PRODUCED), chains(products), strict=True):
        at = np.flatnonzero(lines.known & (lines.kind == kind) & (lines.product >= 0))
        at = at[chain[lines.product[at]] != ""]
        mass, over_all = lines.mass[at], mixed[lines.product[at]]
        stage = lines.stage[at] if kind == _CONSUMED else np.zeros(len(at), dtype=np.int64)
        names = chain[lines.product[at]]
        parts.append(_summed(context, lines.filing[at], names, stage, np.where(over_all, 0.0, mass)))
        work = np.array([name.partition(":")[0] + ":" for name in chain.tolist()], dtype=object)
        some = np.flatnonzero(over_all.any(axis=1))
        parts.append(
            _summed(context, lines.filing[at][some], work[lines.product[at][some]], stage[some],
                    np.where(over_all, mass, 0.0)[some])
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _products(context: Context, lines: Lines) -> Products:
    count = len(context.array("products", "stage"))
    grade = context.text("products", "grade")
    words = np.append(np.asarray(grade.words, dtype=object), "")

    def in_any(kind: int) -> Bools:
        found = np.zeros(count, dtype=bool)
        found[lines.product[lines.known & (lines.kind == kind) & (lines.product >= 0)]] = True
        return found

    return Products(
        organisation=context.array("products", "organisation_id"),
        stage=context.array("products", "stage").astype(np.int64), grade=words[grade.codes],
        contents=context.once(contents), consumed=in_any(_CONSUMED), produced=in_any(_PRODUCED),
    )  # fmt: skip


def _summed(context: Context, filing: Ints, chain: Words, stage: Ints, mass: Floats) -> pd.DataFrame:
    """Sums by filing, chain, stage and element, where there is any mass."""
    codes, names = pd.factorize(chain)
    key = (filing * (len(names) + 1) + codes) * 64 + stage
    distinct, place = np.unique(key, return_inverse=True)
    whole = np.zeros((len(distinct), len(ELEMENTS)))
    np.add.at(whole, place.reshape(-1), mass)
    row, element = np.nonzero(whole)
    rest, kept_stage = np.divmod(distinct[row], 64)
    at, code = np.divmod(rest, len(names) + 1)
    return pd.DataFrame({
        "organisation_id": take(context.array("filings", "organisation_id"), at, 0),
        "period": take(context.array("filings", "period"), at, 0),
        "chain": np.asarray(names, dtype=object)[code], "stage": kept_stage.astype(np.int16),
        "element": element.astype(np.int16), "kg": whole[row, element],
    })  # fmt: skip


def counted(context: Context, lines: Lines) -> pd.DataFrame:
    """By enterprise, month, stage and grade the rare earth that was handled, and what counts found and wrote off, in kg."""
    at = np.flatnonzero(lines.known & np.isin(lines.kind, (*_HANDLED, _LOST, _GAINED)) & (lines.product >= 0))
    grade = context.text("products", "grade")
    words = np.append(np.asarray(grade.words, dtype=object), "")
    kind, kg = lines.kind[at], lines.mass[at].sum(axis=1)
    frame: dict[str, Any] = {
        "organisation_id": take(context.array("filings", "organisation_id"), lines.filing[at], 0),
        "period": take(context.array("filings", "period"), lines.filing[at], 0),
        "stage": lines.stage[at], "grade": words[take(grade.codes, lines.product[at], -1)],
        "handled_kg": np.where(np.isin(kind, _HANDLED), kg, 0.0), "lost_kg": np.where(kind == _LOST, kg, 0.0),
        "gained_kg": np.where(kind == _GAINED, kg, 0.0),
    }  # fmt: skip
    keys = ["organisation_id", "stage", "grade", "period"]
    return pd.DataFrame(frame).groupby(keys, as_index=False, sort=True).sum()
