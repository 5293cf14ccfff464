"""Parties held against watch lists: every likeness with its score and why, none decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from portal.registry.domain.similarity import REASONS, Named, Reason, similar

FLOOR: Final = 84.0  # below this, names are alike by chance more often than not
OTHER_COUNTRY: Final = 10  # points taken off where both countries are known and differ
AT_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a watch list with all its names."""

    key: int
    names: tuple[str, ...]
    country: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class Screened:
    """A party as it is named on an application."""

    name: str
    name_local: str = ""
    country: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that a party looks like: 0–100, why, by which of its names, and what the country says."""

    key: int
    score: int
    reason: Reason
    name: str
    country: str  # same, other, unknown


def screen(party: Screened, entries: Sequence[Listed]) -> list[Hit]:
    """The entries that the party looks like, best first. Another identity number never clears: papers may lie."""
    candidates: list[Named] = []
    owners: list[tuple[Listed, str]] = []
    for entry in entries:
        for name in entry.names:
            candidates.append(Named(len(owners), name, "", entry.id_number))
            owners.append((entry, name))
    asked = Named("party", party.name, party.name_local, party.id_number)
    best: dict[int, Hit] = {}
    for found in similar(asked, candidates, limit=len(candidates), floor=FLOOR):
        entry, name = owners[int(found.key)]
        country = _country(party.country, entry.country)
        off = OTHER_COUNTRY if country == "other" and found.reason != "same_number" else 0
        score = found.score - off
        if score >= FLOOR and score > best.get(entry.key, Hit(0, 0, "same_name", "", "")).score:
            best[entry.key] = Hit(entry.key, score, found.reason, name, country)
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.key))[:AT_MOST]


def _country(one: str, other: str) -> str:
    if not one or not other:
        return "unknown"
    return "same" if one == other else "other"


__all__ = ["FLOOR", "REASONS", "Hit", "Listed", "Screened", "screen"]
