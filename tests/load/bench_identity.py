"""How well and how fast records are matched to parties, beside what one would otherwise take, in one run.

Quality: pairs of records said to be one party, against the truth, where every proposal from a score upwards is accepted
(in real use a person decides each). The others, rapidfuzz's WRatio on folded names and equality of plain pinyin, are given
the numbers as certain links too, and WRatio the threshold that serves it best on this very truth, which no one has in life.
Speed: 20,000 names against one another, beside ``rapidfuzz.process.cdist`` alone with its cheapest scorer.
"""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process, utils

from portal.registry.domain.matching.parties import Decided, Record, parties, proposals
from portal.registry.domain.matching.slots import slots_of
from tests.load.identity_records import filed_records, records

FIGURES = "identity"
SEEDS, COMPANIES = range(521, 531), 900  # seen by nobody who set weights
NATIONS, ENTERPRISES, MONTHS = range(541, 545), 150, 24
LEVELS = (50, 80, 90)
NAMES, ROUNDS = 20_000, 3


def measure() -> dict[str, Any]:
    """Precision, recall and F1 (of pairs) of each way, over all seeds, and the ratio of times."""
    counts: dict[str, list[tuple[int, int, int]]] = {}
    for seed in SEEDS:
        known, truth = records(seed, COMPANIES)
        for level in LEVELS:
            counts.setdefault(f"ours from score {level}", []).append(agreeing(ours(known, level), truth))
        counts.setdefault("numbers alone", []).append(agreeing(ours(known, None), truth))
        for level in range(70, 100, 3):
            counts.setdefault(f"WRatio from {level}", []).append(agreeing(by_ratio(known, level), truth))
        counts.setdefault("plain pinyin", []).append(agreeing(by_pinyin(known), truth))
    figures = {name: quality(counted) for name, counted in counts.items()}
    ratios = [name for name in figures if name.startswith("WRatio")]
    best = max(ratios, key=lambda name: figures[name]["F1"])
    kept = {name: row for name, row in figures.items() if name not in ratios or name == best}
    many = sum(len(records(seed, COMPANIES)[0]) for seed in SEEDS)
    return {"records": many, **kept, **by_filings(), "speed": speed()}


def by_filings() -> dict[str, Any]:
    """Records of made-up nations with what was filed of trade with each: what that evidence adds, from score 50."""
    known = [filed_records(seed, ENTERPRISES, MONTHS) for seed in NATIONS]
    counts: dict[str, list[tuple[int, int, int]]] = {
        "with trade": [],
        "without trade": [],
        "WRatio from 94": [],
    }
    for found, truth in known:
        bare = [dataclasses.replace(one, traded=None) for one in found]
        counts["with trade"].append(agreeing(ours(found, LEVELS[0]), truth))
        counts["without trade"].append(agreeing(ours(bare, LEVELS[0]), truth))
        counts["WRatio from 94"].append(agreeing(by_ratio(bare, 94), truth))
    figures: dict[str, Any] = {f"filed records, {name}": quality(counted) for name, counted in counts.items()}
    return {"filed records": sum(len(found) for found, _truth in known), **figures}


def ours(known: list[Record], level: int | None) -> list[int]:
    """The party of each record where every proposal from a score upwards is accepted, again until none is left."""
    said: list[Decided] = []
    found = parties(known, said)
    while level is not None:
        new = [
            Decided(one.left, one.right, same=True)
            for one in proposals(known, found, said)
            if one.score >= level and Decided(one.left, one.right, same=True) not in said
        ]
        if not new:
            break
        said += new
        found = parties(known, said)
    return [found.of[record.key] for record in known]


def by_ratio(known: list[Record], level: int) -> list[int]:
    """Names alike by WRatio are one, and numbers are certain."""
    names = [utils.default_process(record.names[0]) for record in known]
    alike = process.cdist(names, names, scorer=fuzz.WRatio, score_cutoff=level, dtype=np.uint8)
    left, right = np.nonzero(np.triu(alike, 1))
    return _joined(known, zip(left.tolist(), right.tolist(), strict=True))


def by_pinyin(known: list[Record]) -> list[int]:
    """Names of one plain pinyin are one, and numbers are certain."""
    first: dict[str, int] = {}
    sounds = ["".join("".join(lazy_pinyin(record.names[0])).casefold().split()) for record in known]
    return _joined(known, [(first.setdefault(sound, at), at) for at, sound in enumerate(sounds)])


def _joined(known: list[Record], pairs: Iterable[tuple[int, int]]) -> list[int]:
    group = list(range(len(known)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    numbers: dict[str, int] = {}
    certain = [(numbers.setdefault(one.number, at), at) for at, one in enumerate(known) if one.number]
    for one, other in [*certain, *pairs]:
        group[max(root(one), root(other))] = min(root(one), root(other))
    return [root(at) for at in range(len(known))]


def agreeing(found: list[int], truth: list[int]) -> tuple[int, int, int]:
    """Pairs that are one and are said to be, pairs said to be, pairs that are."""
    both = Counter(zip(found, truth, strict=True)).values()
    return _pairs(both), _pairs(Counter(found).values()), _pairs(Counter(truth).values())


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def quality(counted: list[tuple[int, int, int]]) -> dict[str, float]:
    """Precision, recall and F1 of all seeds together, and the worst precision of one."""
    right, said, are = (sum(column) for column in zip(*counted, strict=True))
    precision, recall = right / max(said, 1), right / are
    return {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / (precision + recall),
        "worst precision of a seed": min(one / max(all_, 1) for one, all_, _ in counted),
    }


def speed() -> dict[str, float]:
    """Seconds for 20,000 names against each other: everything that proposals take, beside cdist alone."""
    known, _truth = records(601, 12_000)
    known = known[:NAMES]
    names = [utils.default_process(record.names[0]) for record in known]
    mine, bare = [], []
    for _round in range(ROUNDS):
        slots_of.cache_clear()
        start = time.perf_counter()
        proposals(known, parties(known))
        mine.append(time.perf_counter() - start)
        start = time.perf_counter()
        process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=80, dtype=np.uint8, workers=1)
        bare.append(time.perf_counter() - start)
    ratio = statistics.median(one / other for one, other in zip(mine, bare, strict=True))
    return {
        "names": len(known),
        "ours s": statistics.median(mine),
        "cdist alone s": statistics.median(bare),
        "ratio (median of three pairs)": ratio,
    }
