"""Circular trade: goods of one class that come back to who sold them, each leg after the one before and about as much.

Cutting away what lies on no circle is only a filter. A round is a path in time: the next leg begins no earlier than the one
before and within two months, with a quantity between 0.8 and 1.25 of it. Rounds of the same enterprises make a ring.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import STAGES
from reporting.checks.nation.flows import CLASSES, edges, in_circles
from reporting.checks.nation.rows import Nation, Rows, rows_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ARROW: Final = " → "  # from enterprise to enterprise, where a way is written as words
MOST_LEGS: Final = 6
LATEST: Final = 2
"""Months within which goods move on."""
RATIO: Final = float(np.log(1.25))
_CLOSE: Final = 0.05
"""Part by which quantities that were meant to be the same differ: legs closer than this say no more."""
_MOST_PATHS: Final = 400_000
_FOUND: Final = ("cls", "legs", "start", "kg", "contained_kg", "cny", "bits", "first", "last", "ring")


def _legs(nation: Nation) -> pd.DataFrame:
    """The edges that may lie on a circle, with their ends as numbers that count the class in."""
    found = nation.once(edges)
    nodes = pd.MultiIndex.from_arrays([
        np.concatenate([found["seller"], found["buyer"]]), np.concatenate([found["cls"], found["cls"]]),
    ])  # fmt: skip
    number, _distinct = pd.factorize(nodes)
    giver, taker = number[: len(found)].astype(np.int64), number[len(found) :].astype(np.int64)
    kept = in_circles(giver, taker)
    return found.assign(giver=giver, taker=taker)[kept].reset_index(drop=True)


def _rounds(nation: Nation) -> pd.DataFrame:
    """Every round, a row each; ``ring`` names the enterprises from the one with the lowest number on."""
    legs = nation.once(_legs)
    found: list[pd.DataFrame] = []
    at = np.arange(len(legs), dtype=np.int64)[:, None]
    for _length in range(2, MOST_LEGS + 1):
        at = _longer(legs, at)
        closed = legs["taker"].to_numpy()[at[:, -1]] == legs["giver"].to_numpy()[at[:, 0]]
        found.append(_told(legs, at[closed]))
        at = at[~closed]
        if not len(at):
            break
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(_FOUND))


def _longer(legs: pd.DataFrame, at: Ints) -> Ints:
    """Each path with every leg that may follow its last; no enterprise but the first comes twice."""
    giver, taker = legs["giver"].to_numpy(), legs["taker"].to_numpy()
    order = np.lexsort((legs["period"].to_numpy(), giver))
    sorted_giver = giver[order]
    last = at[:, -1]
    low = np.searchsorted(sorted_giver, taker[last], side="left")
    high = np.searchsorted(sorted_giver, taker[last], side="right")
    count = high - low
    count = np.where(np.cumsum(count) > _MOST_PATHS * 20, 0, count)
    path = np.repeat(np.arange(len(at)), count)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    following = order[np.repeat(low, count) + offset]
    before = at[path, -1]
    fits = _follows(legs, before, following)
    path, following = path[fits], following[fits]
    seen = (taker[at[path]] == taker[following][:, None]).any(axis=1)
    longer: Ints = np.column_stack([at[path], following])[~seen]
    if len(longer) > _MOST_PATHS:
        near = np.abs(_steps(legs, longer)).sum(axis=1)
        longer = longer[np.argsort(near, kind="stable")[:_MOST_PATHS]]
    return longer


def _follows(legs: pd.DataFrame, before: Ints, after: Ints) -> npt.NDArray[np.bool_]:
    month, kg = legs["period"].to_numpy(), legs["kg"].to_numpy()
    later = month[after] - month[before]
    in_order = legs["last_day"].to_numpy()[after] >= legs["first_day"].to_numpy()[before]
    alike = np.abs(np.log(kg[after] / kg[before])) <= RATIO + 1e-9
    follows: npt.NDArray[np.bool_] = (later >= 0) & (later <= LATEST) & in_order & alike
    return follows


def _steps(legs: pd.DataFrame, at: Ints) -> Floats:
    """Logarithms of each leg's quantity over the one before."""
    steps: Floats = np.diff(np.log(legs["kg"].to_numpy())[at], axis=1)
    return steps


def _told(legs: pd.DataFrame, at: Ints) -> pd.DataFrame:
    if not len(at):
        return pd.DataFrame(columns=list(_FOUND))
    bits = np.log2(1 / (_CLOSE + np.abs(_steps(legs, at)))).sum(axis=1)
    seller = legs["seller"].to_numpy()[at]
    turned = (np.arange(at.shape[1]) + seller.argmin(axis=1)[:, None]) % at.shape[1]
    ring = np.take_along_axis(seller, turned, axis=1)
    kg, contained, cny = (legs[name].to_numpy()[at] for name in ("kg", "contained_kg", "cny"))
    names = pd.Series(ring[:, 0].astype(str))
    for place in range(1, ring.shape[1]):
        names = names + ">" + pd.Series(ring[:, place].astype(str))
    return pd.DataFrame({
        "cls": legs["cls"].to_numpy()[at[:, 0]], "legs": at.shape[1], "start": seller[:, 0], "next": seller[:, 1],
        "kg": kg.min(axis=1), "contained_kg": contained.min(axis=1), "cny": cny.mean(axis=1), "bits": bits,
        "first": legs["period"].to_numpy()[at[:, 0]], "last": legs["period"].to_numpy()[at[:, -1]], "ring": names,
    })  # fmt: skip


@rows_of("ring")
def rings(nation: Nation) -> Rows:
    """Rings, each told of the enterprise from which most rounds start, the closest round of each month counted."""
    found = nation.once(_rounds)
    keys = ["ring", "cls", "start"]
    best = found.sort_values(
        [*keys, "first", "bits", "last"], ascending=[True, True, True, True, False, True]
    )
    best = best.drop_duplicates([*keys, "first"])
    rounds = best.assign(rounds=1).groupby(keys, as_index=False, sort=True).agg({
        "legs": "first", "next": "first", "kg": "sum", "contained_kg": "sum", "cny": "sum", "bits": "sum", "rounds": "sum",
        "first": "min", "last": "max",
    }) if len(best) else best.assign(rounds=0, next=0)  # fmt: skip
    rounds = rounds.sort_values(
        ["ring", "cls", "bits", "first", "start"], ascending=[True, True, False, True, True]
    )
    rounds = rounds.drop_duplicates(["ring", "cls"])
    owners = nation.references.organisations
    codes = dict(zip(owners["organisation_id"].astype(str), owners["uscc"].astype(object), strict=True))
    members = [[codes.get(one, one) for one in ring.split(">")] for ring in rounds["ring"].tolist()]
    begun = [codes.get(str(one), str(one)) for one in rounds["start"].tolist()]
    path = [_from(ring, start) for ring, start in zip(members, begun, strict=True)]
    stage = rounds["cls"].to_numpy().astype(np.int64) // CLASSES
    word = np.array(["", *STAGES], dtype=object)[stage]
    subject = [f"ring:{one}:{'>'.join(ring)}" for one, ring in zip(word.tolist(), members, strict=True)]
    first = rounds["first"].to_numpy().astype(np.int64)
    columns = {
        "path": np.array([ARROW.join([*ring, ring[0]]) for ring in path], dtype=object), "stage": stage,
        "rounds": rounds["rounds"].to_numpy().astype(np.int64), "legs": rounds["legs"].to_numpy().astype(np.int64),
        "ring_kg": rounds["kg"].to_numpy(dtype=float), "contained_kg": rounds["contained_kg"].to_numpy(dtype=float),
        "ring_cny": rounds["cny"].to_numpy(dtype=float), "ring_bits": rounds["bits"].to_numpy(dtype=float),
        "ring_limit": np.full(len(rounds), nation.calibration.limit("ring_bits")),
    }  # fmt: skip
    return Rows(
        rounds["start"].to_numpy().astype(np.int64), first, first, rounds["last"].to_numpy().astype(np.int64),
        np.array(subject, dtype=object), columns, other=rounds["next"].to_numpy().astype(np.int64),
    )  # fmt: skip


def _from(ring: list[str], start: str) -> list[str]:
    """The ring told from another of its members on."""
    place = ring.index(start)
    return ring[place:] + ring[:place]
