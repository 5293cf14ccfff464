"""What the national checks judge: rows of one kind (a balance, a pair, an invoice ...) with their columns.

A kind's rows are made once, from what was gathered, and serve every check of that kind. Each row says whose it is, over
which months it stretches and when it was first certain enough: that month and the subject name it for good.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from reporting.checks.columns import NA
from reporting.checks.nation.calibration import Calibration
from reporting.checks.nation.columns import References
from reporting.checks.nation.gather import Gathered
from reporting.checks.nation.norms import Norms

__all__ = ["KINDS_OF_ROWS", "Nation", "Rows", "months_of", "rows_of"]

Ints = npt.NDArray[np.int64]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind. `anchor` is the month that names a finding, `period` the last month of its evidence."""

    organisation: Ints
    first: Ints
    anchor: Ints
    period: Ints
    subject: npt.NDArray[np.object_]
    columns: Mapping[str, npt.NDArray[Any]]
    other: Ints | None = None
    filing: Ints | None = None
    line_no: Ints | None = None
    counterparty: Ints | None = None

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.organisation)

    def of(self, name: str) -> Ints:
        """A column of ids, NA throughout where the kind has none."""
        found: Ints | None = getattr(self, name)
        return np.full(self.size, NA, dtype=np.int64) if found is None else found


class Nation:
    """What was gathered of the nation, the references, and a memory for what is made of them.

    With ``norms`` that were kept, what was gathered may be of some enterprises alone."""

    def __init__(
        self, gathered: Gathered, references: References, calibration: Calibration, norms: Norms | None = None
    ) -> None:
        self.gathered, self.references, self.calibration = gathered, references, calibration
        self.norms = norms or Norms()
        self._memory: dict[Any, Any] = {}

    def once(self, make: Callable[[Nation], T]) -> T:
        """Return `make(self)`, worked out at the first call."""
        if make not in self._memory:
            self._memory[make] = make(self)
        found: T = self._memory[make]
        return found

    def forget(self) -> None:
        """Let go of what was made so far: what is asked for again is made again."""
        self._memory.clear()

    def rows(self, per: str) -> Rows:
        """Return the rows of a kind."""
        return self.once(KINDS_OF_ROWS[per])


def months_of(nation: Nation) -> Ints:
    """The months from the first to the last that anybody filed."""
    period = nation.gathered.filed["period"]
    own = np.arange(period.min(), period.max() + 1) if len(period) else np.zeros(0, dtype=np.int64)
    return nation.norms.months(own)


KINDS_OF_ROWS: Final[dict[str, Callable[[Nation], Rows]]] = {}


def rows_of(per: str) -> Callable[[Callable[[Nation], Rows]], Callable[[Nation], Rows]]:
    """Register the function below as what makes the rows `per`."""

    def register(make: Callable[[Nation], Rows]) -> Callable[[Nation], Rows]:
        KINDS_OF_ROWS[per] = make
        return make

    return register
