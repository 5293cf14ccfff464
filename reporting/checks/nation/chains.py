"""Which work a product belongs to: what is consumed and what is made of it stand in one chain of their enterprise.

A balance over a whole enterprise drowns what one product hides in the errors of all others. From oxide to assembly each
product consumed is given to the next work that the enterprise does, and from the block onwards, where a grade passes
through unchanged, to that of its grade. Nothing is read but the catalogue and what was consumed and made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import ELEMENTS, NA, STAGE_CODES

__all__ = ["WHOLE", "Products", "chains", "parts_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

_RANKS: Final = {
    "concentrate": 0, "mixed_carbonate": 0, "scrap": 0, "oxide": 1, "metal": 2, "compound": 2, "alloy": 3,
    "magnet_block": 4, "magnet": 5, "target": 5, "assembly": 6,
}  # fmt: skip
_WORKS: Final = ("", "oxide", "metal", "alloy", "magnet_block", "magnet", "assembly")
"""What the work of each rank makes; nobody needs an input for what is dug."""
WHOLE: Final = ""
"""The chain that is all work of an enterprise together."""
_MASTER: Final = 45.0
"""Per cent of rare earth from which an alloy is feed for another alloy, not a strip."""
_GRADED: Final = 4
_MAGNET: Final = _WORKS.index("magnet")


@dataclass(frozen=True, slots=True)
class Products:
    """The products of a part of the nation, and which of them were consumed or made in any of its filings."""

    organisation: Ints
    stage: Ints
    grade: Words
    contents: Floats
    consumed: Bools
    produced: Bools


def chains(products: Products) -> tuple[tuple[Words, Bools], tuple[Words, Bools]]:
    """Return for each product the chain in which it is consumed and that in which it is made ("work:grade", "": none),
    each with products × elements: which of its elements are balanced there over all grades of the work.
    """
    owners, place = np.unique(products.organisation, return_inverse=True)
    owner = place.reshape(-1)
    into, made = _works(products, owner, len(owners))
    compound = products.stage == STAGE_CODES["compound"]
    bare = (into >= _GRADED) & ~compound & (products.grade == "")
    whole = np.zeros((len(owners), len(_WORKS)), dtype=bool)
    whole[owner[bare], into[bare]] = True
    consumed = _named(np.where(compound, "", products.grade), owner, into, whole)
    produced = _named(_matched(products, owner, into, made), owner, made, whole)
    brought = _brought(products, owner, into, compound)
    return (consumed, brought[owner, np.maximum(into, 0)]), (produced, brought[owner, np.maximum(made, 0)])


def parts_of(names: Words) -> tuple[Ints, Words]:
    """The stage that each chain makes (NA: all work together) and its grade."""
    split = [name.partition(":") for name in names.tolist()]
    stage = np.array([STAGE_CODES.get(work, NA) for work, _colon, _grade in split], dtype=np.int64)
    return stage, np.array([grade for _work, _colon, grade in split], dtype=object)


def _named(grade: Words, owner: Ints, work: Ints, whole: Bools) -> Words:
    """Names of the chains: the work, and from the block onwards the grade where every input has one."""
    names = np.array(_WORKS, dtype=object)[np.maximum(work, 0)]
    graded = (work >= _GRADED) & ~whole[owner, np.maximum(work, 0)]
    found: Words = np.where(work >= 1, names + ":" + np.where(graded, grade, ""), WHOLE)
    return found


def _works(products: Products, owner: Ints, owners: int) -> tuple[Ints, Ints]:
    """Ranks of the work that consumes and of the work that makes each product; -1 for none."""
    rank_of = np.full(max(STAGE_CODES.values()) + 1, -1)
    for name, step in _RANKS.items():
        rank_of[STAGE_CODES[name]] = step
    scrap = products.stage == STAGE_CODES["scrap"]
    total = np.nansum(products.contents, axis=1)
    master = (products.stage == STAGE_CODES["alloy"]) & (total >= _MASTER)
    rank = np.where(master, rank_of[STAGE_CODES["metal"]], rank_of[products.stage])
    does = np.zeros((owners, len(_WORKS)), dtype=bool)
    main = products.produced & ~scrap & (rank >= 1)
    does[owner[main], rank[main]] = True
    last = np.where(does[:, : _MAGNET + 1].any(axis=1), _MAGNET - np.argmax(does[:, _MAGNET::-1], axis=1), -1)
    made = np.where(products.produced, np.where(scrap, last[owner], rank), -1)
    following = np.full((owners, len(_WORKS)), -1)
    for place in range(len(_WORKS) - 2, -1, -1):
        following[:, place] = np.where(does[:, place + 1], place + 1, following[:, place + 1])
    own = np.where(does[owner, np.maximum(rank, 0)], rank, -1)
    after = following[owner, np.maximum(rank, 0)]
    into = np.where(after >= 0, after, own)
    diffused = (products.stage == STAGE_CODES["compound"]) & does[owner, _MAGNET]
    into = np.where(diffused, _MAGNET, into)
    return np.where(products.consumed & (rank >= 0), into, -1), made


def _matched(products: Products, owner: Ints, into: Ints, made: Ints) -> Words:
    """The grade of the input that each product is made of.

    What is of another grade than any that is consumed (a diffused magnet, swarf) goes to the input most like it.
    """
    grade = products.grade.copy()
    frame = pd.DataFrame({"owner": owner, "grade": grade, "into": into, "made": made})
    base = (into >= _GRADED) & (products.stage != STAGE_CODES["compound"]) & (grade != "")
    inputs, outputs = frame[base], frame[made >= _GRADED]
    known = set(zip(inputs["owner"], inputs["into"], inputs["grade"], strict=True))
    keys = zip(outputs["owner"], outputs["made"], outputs["grade"], strict=True)
    strange = outputs[np.array([key not in known for key in keys], dtype=bool)]
    met = strange.reset_index().merge(
        inputs.reset_index(), left_on=["owner", "made"], right_on=["owner", "into"], suffixes=("", "_in")
    )
    kinds = np.nan_to_num(products.contents)
    kinds = kinds / np.maximum(kinds.sum(axis=1, keepdims=True), 1e-9)
    off = np.abs(kinds[met["index"].to_numpy()] - kinds[met["index_in"].to_numpy()]).sum(axis=1)
    best = met.assign(off=off).sort_values(["off", "grade_in"], kind="stable").drop_duplicates("index")
    grade[best["index"].to_numpy()] = best["grade_in"].to_numpy()
    return grade


def _brought(products: Products, owner: Ints, into: Ints, compound: Bools) -> Bools:
    """Owners × works × elements: what a compound brings into work that is balanced by grade; nobody says into which."""
    found: Bools = np.zeros((owner.max(initial=-1) + 1, len(_WORKS), len(ELEMENTS)), dtype=bool)
    some = compound & (into >= _GRADED)
    np.logical_or.at(found, (owner[some], into[some]), np.nan_to_num(products.contents[some]) > 0)
    return found
