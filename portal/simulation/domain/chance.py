"""Chance from a seed that is the same on every machine.

Only uniform draws and the four operations are used: logarithms, exponentials and matrix products may
differ in the last bit from one processor to the next, and a nation must be byte-identical everywhere.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
_T = TypeVar("_T")


class Chance:
    """One stream of draws; take a stream of your own per topic, so that topics do not disturb one another."""

    def __init__(self, seed: int, topic: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64([seed, topic]))

    def uniform(self, size: int, low: float = 0.0, high: float = 1.0) -> Floats:
        """`size` draws between `low` and `high`."""
        return low + (high - low) * self._generator.random(size)

    def bell(self, size: int) -> Floats:
        """`size` draws like the normal law, mean 0 and deviation 1, never beyond 3.47: four uniforms summed."""
        u = self._generator.random((4, size))
        total: Floats = u[0] + u[1] + u[2] + u[3]
        return (total - 2.0) * 1.7320508075688772

    def below(self, ends: Ints) -> Ints:
        """A whole number from 0 up to, not including, each of `ends`."""
        drawn = np.floor(self._generator.random(len(ends)) * ends).astype(np.int64)
        return np.minimum(drawn, np.maximum(ends - 1, 0))

    def one(self, low: float = 0.0, high: float = 1.0) -> float:
        """One draw between `low` and `high`."""
        return float(low + (high - low) * self._generator.random())

    def happens(self, probability: float) -> bool:
        """True with the probability."""
        return bool(self._generator.random() < probability)

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return int(self._generator.integers(low, high + 1))

    def pick(self, choices: Sequence[_T]) -> _T:
        """One of the choices."""
        return choices[self.whole(0, len(choices) - 1)]

    def some(self, choices: Sequence[_T], count: int) -> list[_T]:
        """`count` different ones of the choices (all, if there are fewer), in chance order."""
        left = list(choices)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in range(min(count, len(left)))]

    def digits(self, count: int) -> str:
        """A text of so many decimal digits."""
        return "".join(str(self.whole(0, 9)) for _ in range(count))
