"""What is usual in the nation: the few numbers that a judgement of one enterprise takes from all others.

A sweep makes them anew and keeps them; by day an enterprise is judged by those of the last sweep. Everything that a check takes
from enterprises which it does not judge, but for both sides of a trade, goes through here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["Norms"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_MONTHS: Final = "months"


class Norms:
    """Arrays by name. Empty ones are filled while the nation is judged; kept ones are only read."""

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        self.kept = bool(kept)
        self._arrays: dict[str, Floats] = {
            name: np.array(values, dtype=float) for name, values in (kept or {}).items()
        }

    def usual(self, name: str, make: Callable[[], Floats]) -> Floats:
        """The array of that name; what nobody has made yet is made now."""
        if name not in self._arrays:
            self._arrays[name] = make()
        return self._arrays[name]

    def monthly(self, name: str, months: Ints, make: Callable[[], Floats]) -> Floats:
        """The same for an array whose last axis are months: laid over these months, NaN where nothing is known."""
        if not self.kept:
            return self.usual(name, make)
        known = self._arrays.get(name)
        first, _last = self.span
        if known is None:
            return make()
        place = months - first
        there = (place >= 0) & (place < known.shape[-1])
        found = np.full((*known.shape[:-1], len(months)), np.nan)
        found[..., there] = known[..., place[there]]
        return found

    def months(self, own: Ints) -> Ints:
        """The months of the nation: those of one's own, and when norms are read those that they were made of."""
        if not len(own):
            return own
        first, last = own[0], own[-1]
        if self.kept:
            first, last = min(first, self.span[0]), max(last, self.span[1])
        else:
            self._arrays[_MONTHS] = np.array([first, last], dtype=float)
        return np.arange(first, last + 1)

    @property
    def made(self) -> bool:
        """Whether anything was judged by them."""
        return _MONTHS in self._arrays

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last month that the norms were made of."""
        first, last = self._arrays[_MONTHS].tolist()
        return int(first), int(last)

    def as_json(self) -> dict[str, Any]:
        """The arrays as lists; what is unknown is null."""
        return {name: _plain(values.tolist()) for name, values in sorted(self._arrays.items())}


def _plain(values: Any) -> Any:
    if isinstance(values, list):
        return [_plain(value) for value in values]
    return values if np.isfinite(values) else None
