"""Which of the clients already listed looks like the one being typed: cheap, deterministic, with a reason.

This is the help while typing, not the matching of real parties behind the records. Each candidate is
compared by its Chinese core, by its Latin words in any order, and by the bridge between the scripts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from portal.registry.domain.identifiers import normalise
from portal.registry.domain.name_forms import NameForms, forms_of

Reason = Literal[
    "same_number", "same_name", "same_core", "same_words", "sounds_same", "few_characters", "sounds_alike"
]


def _(text: str) -> str:
    """Mark words for translation; they are translated where they are shown."""
    return text


REASONS: dict[Reason, str] = {
    "same_number": _("The identity number is the same."),
    "same_name": _("The name is the same."),
    "same_core": _("The names differ only in the legal form or the way of writing."),
    "same_words": _("The same words in another order."),
    "sounds_same": _("The names sound the same."),
    "few_characters": _("The names differ in a few characters."),
    "sounds_alike": _("The names sound alike."),
}
_FLOOR = 80.0
_ACROSS_SCRIPTS = 0.97
_SEEN_ALIKE = 70.0


@dataclass(frozen=True, slots=True)
class Named:
    """A client as far as likeness goes; ``key`` is whatever the caller knows it by."""

    key: int | str
    name: str
    name_local: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A candidate, how alike it is (0–100), and why (words in ``REASONS``)."""

    key: int | str
    score: int
    reason: Reason


def similar(
    query: Named, candidates: Sequence[Named], *, limit: int = 5, floor: float = _FLOOR
) -> list[Likeness]:
    """The candidates most like the query, best first; equal scores keep the candidates' order."""
    asked = [forms_of(name) for name in (query.name, query.name_local) if len(name.strip()) > 1]
    number = normalise(query.id_number)
    entries = [
        (at, forms_of(name))
        for at, candidate in enumerate(candidates)
        for name in (candidate.name, candidate.name_local)
        if name
    ]
    best: dict[int, tuple[float, Reason]] = {}
    if number:
        best = {
            at: (100.0, "same_number")
            for at, candidate in enumerate(candidates)
            if candidate.id_number and normalise(candidate.id_number) == number
        }
    for forms in asked:
        for (at, other), score in zip(entries, _scores(forms, [entry[1] for entry in entries]), strict=True):
            if score >= floor and score > best.get(at, (0.0, ""))[0]:
                best[at] = (float(score), _reason(forms, other))
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
    return [Likeness(candidates[at].key, round(score), reason) for at, (score, reason) in ranked]


def _scores(asked: NameForms, others: Sequence[NameForms]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """The likeness of one name with many: the best of the ways to compare that both names allow."""
    bridges = _compare(asked.bridge, [other.bridge for other in others]) * _ACROSS_SCRIPTS
    if asked.han:
        own = _compare(asked.han, [other.han for other in others])
    else:
        own = _compare(asked.words, [other.words for other in others])
    scores: np.ndarray[tuple[int], np.dtype[np.float32]] = np.maximum(bridges, own)
    for at in np.flatnonzero(scores > 99.9).tolist():
        scores[at] = 100.0 if others[at].whole == asked.whole else 98.0
    return scores


def _compare(text: str, others: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    if not text or not others:
        return np.zeros(len(others), dtype=np.float32)
    row: np.ndarray[tuple[int], np.dtype[np.float32]] = cdist(
        [text], others, scorer=fuzz.ratio, dtype=np.float32, score_cutoff=60
    )[0]
    return row


def _reason(asked: NameForms, other: NameForms) -> Reason:
    if asked.whole == other.whole:
        return "same_name"
    if asked.han and asked.han == other.han:
        return "same_core"
    if asked.bridge == other.bridge:
        return "same_core" if not asked.han and not other.han else "sounds_same"
    if asked.words and asked.words == other.words:
        return "same_words"
    same_script = bool(asked.han) == bool(other.han)
    seen = not asked.han or fuzz.ratio(asked.han, other.han) >= _SEEN_ALIKE
    return "few_characters" if same_script and seen else "sounds_alike"
