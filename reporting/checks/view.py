"""What a check's function gets: the columns it declared, for the rows where all of them are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from reporting.checks.text import Mask, Text

__all__ = ["Numbers", "View"]

Numbers: TypeAlias = npt.NDArray[np.float64]
"""Grams, fen, days and the like are int64, estimates float64; to a rule they are all numbers."""


class View:
    """Columns by name, as arrays of equal length: numbers as attributes, texts by `view.text(name)`, what is true
    or false by `view.flag(name)`.

    Reading a column that the check did not declare raises AttributeError: what a check reads is what it says.
    """

    __slots__ = ("_columns", "_fetch", "_names", "size")

    def __init__(
        self, names: Iterable[str], fetch: Callable[[str], npt.NDArray[Any] | Text], size: int
    ) -> None:
        self._names = frozenset(names)
        self._fetch = fetch
        self._columns: dict[str, npt.NDArray[Any] | Text] = {}
        self.size = size

    def __getattr__(self, name: str) -> Numbers:
        column = self._column(name)
        if isinstance(column, Text) or column.dtype.kind == "b":
            raise AttributeError(f"{name} is no number: use .text or .flag")
        return column

    def flag(self, name: str) -> Mask:
        """Return a column of true and false."""
        column = self._column(name)
        if isinstance(column, Text) or column.dtype.kind != "b":
            raise AttributeError(f"{name} is neither true nor false")
        return column

    def text(self, name: str) -> Text:
        """Return a text column."""
        column = self._column(name)
        if not isinstance(column, Text):
            raise AttributeError(f"{name} is not text")  # noqa: TRY004  as above
        return column

    @property
    def everywhere(self) -> Mask:
        """True in every row: for a check whose needed columns are only there where it is broken."""
        return np.ones(self.size, dtype=bool)

    def _column(self, name: str) -> npt.NDArray[Any] | Text:
        if name not in self._names:
            raise AttributeError(f"the check did not declare that it reads {name}")
        if name not in self._columns:
            self._columns[name] = self._fetch(name)
        return self._columns[name]
