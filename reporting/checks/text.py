"""A text column as the checks see it: integer codes into a list of distinct words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Mask", "Text"]

Mask: TypeAlias = npt.NDArray[np.bool_]


class Text:
    """Words in rows: `codes[i]` is the place of row i's word in `words`, -1 where it is missing.

    What is asked of a text is asked once per distinct word and then spread over the rows.
    """

    __slots__ = ("codes", "words")

    def __init__(self, codes: npt.NDArray[Any], words: pd.Index[Any]) -> None:
        self.codes = codes
        self.words = words

    @classmethod
    def of(cls, column: pd.Series[Any]) -> Text:
        """Return the Text of a category column."""
        return cls(np.asarray(column.cat.codes), column.cat.categories)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: Any) -> Text:
        return Text(self.codes[rows], self.words)

    @property
    def missing(self) -> Mask:
        """True where no word stands."""
        gaps: Mask = self.codes < 0
        return gaps

    @property
    def present(self) -> Mask:
        """True where a word stands."""
        there: Mask = self.codes >= 0
        return there

    def isin(self, words: Iterable[str]) -> Mask:
        """Return True where the word is one of `words`."""
        places = self.words.get_indexer(pd.Index(list(words), dtype=object))
        places = places[places >= 0]
        if not len(places):
            return np.zeros(len(self.codes), dtype=bool)
        wanted = np.zeros(len(self.words), dtype=bool)
        wanted[places] = True
        return self._spread(wanted, False)

    def matches(self, pattern: str) -> Mask:
        """Return True where the whole word matches the regular expression."""
        return self.judge(lambda words: words.str.fullmatch(pattern))

    def equals(self, other: Text) -> Mask:
        """Return True where both texts have the same word."""
        places = np.append(self.words.get_indexer(other.words), -2)
        same: Mask = (self.codes >= 0) & (self.codes == places[np.where(other.codes < 0, -1, other.codes)])
        return same

    def judge(self, question: Callable[[pd.Series[Any]], Any]) -> Mask:
        """Return the answers of `question`, put to the distinct words, spread over the rows (missing: False)."""
        if not len(self.words):
            return np.zeros(len(self.codes), dtype=bool)
        answers = np.asarray(question(pd.Series(self.words, dtype=object)), dtype=bool)
        return self._spread(answers, False)

    def rewrite(self, change: Callable[[pd.Series[Any]], pd.Series[Any]]) -> Text:
        """Return the text with each distinct word changed; words that become equal become one."""
        if not len(self.words):
            return self
        places, words = pd.factorize(change(pd.Series(self.words, dtype=object)))
        return Text(self._spread(places, -1), pd.Index(words, dtype=object))

    def at(self, row: int) -> str | None:
        """Return the word of a row, or None."""
        code = int(self.codes[row])
        return None if code < 0 else str(self.words[code])

    def _spread(self, answers: npt.NDArray[Any], absent: Any) -> npt.NDArray[Any]:
        spread: npt.NDArray[Any] = answers[self.codes]
        gaps = self.codes < 0
        if gaps.any():
            spread[gaps] = absent
        return spread
