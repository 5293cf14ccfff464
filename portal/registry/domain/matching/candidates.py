"""Pairs of names worth weighing: those whose brands sound the same or nearly so, or that are written alike.

All pairs of a large register are too many to weigh; pairs that share none of these keys are not the same party unless a
number says so, and numbers are looked at by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from portal.registry.domain.matching.slots import NameSlots

Ints = npt.NDArray[np.int64]
#: A brand shared by more names than this tells nothing apart: such pairs need the same place or writing as well.
CROWD: Final = 60
SHORTEST_WITH_A_SLIP: Final = 5  # letters; in a shorter brand one letter makes another brand


def pairs_of(slots: Sequence[NameSlots]) -> tuple[Ints, Ints]:
    """Positions of the names of each pair, the lower first, every pair once. Sorted."""
    distinct = {
        brand: place for place, brand in enumerate(dict.fromkeys(one.brand for one in slots if one.brand))
    }
    keys: list[tuple[str, int]] = []
    for at, one in enumerate(slots):
        keys += [(f"core {one.core}", at), (f"words {one.words}", at)]
        if one.brand:
            keys.append((f"brand {one.brand}", at))
            keys.append((f"brand {one.brand} in {one.place}", at))
    left, right = _within_groups(keys)
    near_left, near_right = _near(list(distinct))
    members = _members(slots, distinct)
    extra = [
        (a, b) for i, j in zip(near_left, near_right, strict=True) for a in members[i] for b in members[j]
    ]
    low = np.concatenate([left, np.array([min(pair) for pair in extra], dtype=np.int64)])
    high = np.concatenate([right, np.array([max(pair) for pair in extra], dtype=np.int64)])
    joined = np.unique(low * len(slots) + high) if len(slots) else low
    return joined // max(len(slots), 1), joined % max(len(slots), 1)


def _members(slots: Sequence[NameSlots], distinct: dict[str, int]) -> list[list[int]]:
    members: list[list[int]] = [[] for _ in distinct]
    for at, one in enumerate(slots):
        if one.brand and len(members[distinct[one.brand]]) < CROWD:
            members[distinct[one.brand]].append(at)
    return members


def _near(brands: list[str]) -> tuple[list[int], list[int]]:
    """Brands that one letter more, less, or other, or two letters changed about, make the same.

    Each brand is filed under itself and under itself with one letter left out; whoever shares a drawer is near.
    """
    keys = [
        (variant, at)
        for at, brand in enumerate(brands)
        if len(brand) >= SHORTEST_WITH_A_SLIP
        for variant in {brand, *(brand[:cut] + brand[cut + 1 :] for cut in range(len(brand)))}
    ]
    left, right = _within_groups(keys)
    return left.tolist(), right.tolist()


def _within_groups(keys: Iterable[tuple[str, int]]) -> tuple[Ints, Ints]:
    groups: dict[str, list[int]] = {}
    for key, at in keys:
        groups.setdefault(key, []).append(at)
    lefts, rights = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for group in groups.values():
        if 1 < len(group) <= CROWD:
            ordered = np.array(sorted(set(group)), dtype=np.int64)
            upper = np.triu_indices(len(ordered), 1)
            lefts.append(ordered[upper[0]])
            rights.append(ordered[upper[1]])
    return np.concatenate(lefts), np.concatenate(rights)
