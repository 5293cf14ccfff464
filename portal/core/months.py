"""Reporting months as exact, ordered values that live in the database as one small integer."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import overload

_PATTERN = re.compile(r"((?:19|20|21)[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; ``index`` counts months since year 0, so that arithmetic is plain."""

    index: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``YYYY-MM`` of the years 1900 to 2199; raise ValueError for anything else.

        Nothing is reported outside them, and the first and the last month that a date knows have no neighbours.
        """
        match = _PATTERN.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"not a month (YYYY-MM): {text!r}")
        return cls(int(match[1]) * 12 + int(match[2]) - 1)

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that holds a day."""
        return cls(day.year * 12 + day.month - 1)

    @classmethod
    def range(cls, first: Month, last: Month) -> Iterator[Month]:
        """Every month from ``first`` to ``last``, both included."""
        return (cls(index) for index in range(first.index, last.index + 1))

    @property
    def year(self) -> int:
        return self.index // 12

    @property
    def month(self) -> int:
        return self.index % 12 + 1

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, months: int) -> Month:
        return Month(self.index + months)

    @overload
    def __sub__(self, other: int) -> Month: ...
    @overload
    def __sub__(self, other: Month) -> int: ...
    def __sub__(self, other: int | Month) -> Month | int:
        if isinstance(other, Month):
            return self.index - other.index
        return Month(self.index - other)
