"""From records to parties: what is certain is joined, what is likely is proposed, what people decided stands.

Certain is a valid identity number; likely is a name with its place, industry and address. Nothing is ever joined on a
name alone. Two records whose valid numbers of one kind differ are never joined, whatever their names, not even by way of
a third record; nor are two that a person said are different.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from portal.registry.domain.matching import by_trade, candidates, evidence
from portal.registry.domain.matching.slots import slots_of

LIKELY: Final = 50  # a score from which a person is asked
PROVES: Final = frozenset({"USCC", "LEI", "VAT", "EORI", "DUNS"})


Goods = tuple[str, str, str, str]
"""A class of goods: "to" the record or "from" it, stage, family, grade (each may be empty)."""


@dataclass(frozen=True, slots=True)
class Traded:
    """What was traded with a record: classes of goods, and the first and last month (``Month.index``)."""

    goods: frozenset[Goods]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a client or supplier. ``key`` is whatever the caller knows it by, in its own order.

    ``number`` is an identity number that is valid as far as its kind can tell, ``id_type`` its kind; else empty. ``owner`` is
    whose register it stands in (0: nobody's), ``traded`` what was traded with it there.
    """

    key: int
    names: tuple[str, ...]
    country: str = ""
    id_type: str = ""
    number: str = ""
    address: str = ""
    owner: int = 0
    traded: Traded | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two parties' records that may be one party: a score (0–99) and the bits that each part of the evidence gave."""

    left: int
    right: int
    score: int
    bits: dict[str, float]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person said of two records: the same party, or not."""

    left: int
    right: int
    same: bool


@dataclass(frozen=True, slots=True)
class Parties:
    """``of``: the party of each record, named by the lowest key in it. ``refused``: decisions that a number forbids."""

    of: dict[int, int]
    refused: tuple[Decided, ...]


def parties(records: Sequence[Record], decisions: Iterable[Decided] = ()) -> Parties:
    """Which records are one party for certain: by valid number, and by what was decided. Order does not matter."""
    joined = _Joined(records)
    ordered = sorted(decisions, key=lambda one: (one.same, one.left, one.right))
    for apart in (one for one in ordered if not one.same):
        joined.keep_apart(apart.left, apart.right)
    by_number: dict[tuple[str, str], int] = {}
    for record in sorted(records, key=lambda one: one.key):
        if record.id_type in PROVES and record.number:
            first = by_number.setdefault((record.id_type, record.number), record.key)
            joined.join(first, record.key)
    refused = [one for one in ordered if one.same and not joined.join(one.left, one.right)]
    return Parties(joined.result(), tuple(refused))


def proposals(records: Sequence[Record], known: Parties, decisions: Iterable[Decided] = ()) -> list[Proposal]:
    """Pairs of parties that are likely one, the likeliest first; of each pair of parties the two records that say so best."""
    names = _names(records)
    if names.empty:
        return []
    slots = [slots_of(name) for name in names["name"]]
    names = pd.concat([names, pd.DataFrame(slots)], axis=1)
    left, right = candidates.pairs_of(slots)
    keys = names["key"].to_numpy()
    party = names["key"].map(known.of).to_numpy()
    apart = party[left] != party[right]
    left, right = left[apart], right[apart]
    parts = evidence.weigh(names, left, right)
    place = {record.key: at for at, record in enumerate(records)}
    at = names["key"].map(place).to_numpy()
    parts = parts.join(by_trade.weigh(_traded(records), at[left], at[right]))
    score = evidence.score_of(parts.sum(axis=1).to_numpy())
    likely = score >= LIKELY
    found = parts[likely].round(2)
    found = found.assign(left=keys[left[likely]], right=keys[right[likely]], score=score[likely],
                         one=np.minimum(party[left], party[right])[likely], other=np.maximum(party[left], party[right])[likely])  # fmt: skip
    found = found.sort_values(["score", "left", "right"], ascending=[False, True, True]).drop_duplicates(
        ["one", "other"]
    )
    forbidden = _forbidden(records, known, decisions)
    return [
        Proposal(
            int(row["left"]),
            int(row["right"]),
            int(row["score"]),
            {part: float(row[part]) for part in evidence.PARTS if part in row},
        )
        for row in found.to_dict("records")
        if not _conflict(forbidden, int(row["one"]), int(row["other"]))
    ]


def _traded(records: Sequence[Record]) -> pd.DataFrame:
    """A row a record, in their order: owner, goods (None where nothing was traded), first and last month."""
    rows = [
        (one.owner, one.traded.goods, one.traded.first, one.traded.last) if one.traded else (one.owner, None, 0, 0)
        for one in records
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["owner", "goods", "first", "last"])


def _names(records: Sequence[Record]) -> pd.DataFrame:
    rows = [
        (record.key, name, record.country, record.address)
        for record in records
        for name in dict.fromkeys(name for name in record.names if name.strip())
    ]
    return pd.DataFrame(rows, columns=["key", "name", "country", "address"])


@dataclass(frozen=True, slots=True)
class _Forbidden:
    numbers: dict[int, dict[str, set[str]]]
    pairs: set[tuple[int, int]]


def _forbidden(records: Sequence[Record], known: Parties, decisions: Iterable[Decided]) -> _Forbidden:
    numbers: dict[int, dict[str, set[str]]] = {}
    for record in records:
        if record.id_type in PROVES and record.number:
            numbers.setdefault(known.of[record.key], {}).setdefault(record.id_type, set()).add(record.number)
    pairs = set()
    for one in decisions:
        if not one.same and one.left in known.of and one.right in known.of:
            low, high = sorted((known.of[one.left], known.of[one.right]))
            pairs.add((low, high))
    return _Forbidden(numbers, pairs)


def _conflict(forbidden: _Forbidden, one: int, other: int) -> bool:
    if (one, other) in forbidden.pairs:
        return True
    mine, theirs = forbidden.numbers.get(one, {}), forbidden.numbers.get(other, {})
    return any(kind in theirs and not numbers & theirs[kind] for kind, numbers in mine.items())


class _Joined:
    """Union-find whose sets know their numbers and whom they must not meet."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._parent = {record.key: record.key for record in records}
        self._numbers: dict[int, dict[str, str]] = {
            record.key: {record.id_type: record.number}
            for record in records
            if record.id_type in PROVES and record.number
        }
        self._apart: dict[int, set[int]] = {}

    def root(self, key: int) -> int:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def keep_apart(self, left: int, right: int) -> None:
        if left in self._parent and right in self._parent:
            self._apart.setdefault(left, set()).add(right)
            self._apart.setdefault(right, set()).add(left)

    def join(self, left: int, right: int) -> bool:
        """Whether both stand for one party now; False where a number or a decision forbids it, or a record is gone."""
        if left not in self._parent or right not in self._parent:
            return False
        low, high = sorted((self.root(left), self.root(right)))
        if low == high:
            return True
        mine, theirs = self._numbers.get(low, {}), self._numbers.get(high, {})
        if any(theirs.get(kind, number) != number for kind, number in mine.items()):
            return False
        if {self.root(key) for key in self._apart.get(low, ())} & {high}:
            return False
        self._parent[high] = low
        self._numbers[low] = {**theirs, **mine}
        self._apart.setdefault(low, set()).update(self._apart.get(high, ()))
        return True

    def result(self) -> dict[int, int]:
        return {key: self.root(key) for key in self._parent}
