"""What differs between two versions of a filing, line by line under their numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.domain.cells import Row

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Difference:
    """One cell that changed, or (``column`` empty) a whole line that came or went: its cells in ``line``."""

    line_no: int
    change: str
    column: str = ""
    was: str = ""
    now: str = ""
    line: Mapping[str, str] | None = None


def differences(was: Sequence[Row], now: Sequence[Row], columns: Sequence[str]) -> list[Difference]:
    """Every difference in the order of line numbers, cells in the order of ``columns``."""
    before, after = dict(was), dict(now)
    found: list[Difference] = []
    for number in sorted(before.keys() | after.keys()):
        old, new = before.get(number), after.get(number)
        if old is None:
            found.append(Difference(number, ADDED, line=new))
        elif new is None:
            found.append(Difference(number, REMOVED, line=old))
        else:
            found += [
                Difference(number, CHANGED, column, old.get(column, ""), new.get(column, ""))
                for column in columns
                if old.get(column, "") != new.get(column, "")
            ]
    return found
