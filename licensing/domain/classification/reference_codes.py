"""Customs codes beside an entry, as one text: ``2846901940;2846901993@2026-01-01..2026-12-31``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

_CODE: Final = re.compile(
    r"(\d{4}|\d{6}|\d{8}|\d{10})(?:@(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?)?", re.ASCII
)


@dataclass(frozen=True, order=True)
class DatedCode:
    """A customs code, or its beginning, with the days on which it is meant; both ends included."""

    hs_code: str
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is meant on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )


def parse(text: str) -> tuple[DatedCode, ...]:
    """The codes in the text. ValueError names the part that is none."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = _CODE.fullmatch(part)
        if match is None:
            raise ValueError(part)
        first, last = (date.fromisoformat(day) if day else None for day in match.groups()[1:])
        found.append(DatedCode(match[1], first, last))
    return tuple(sorted(found, key=lambda code: code.hs_code))


def written(codes: Iterable[DatedCode]) -> str:
    """The codes as that text, in their order."""
    return ";".join(_one(code) for code in sorted(codes, key=lambda code: code.hs_code))


def _one(code: DatedCode) -> str:
    if code.valid_from is None and code.valid_until is None:
        return code.hs_code
    first, last = (day.isoformat() if day else "" for day in (code.valid_from, code.valid_until))
    return f"{code.hs_code}@{first}..{last}"
