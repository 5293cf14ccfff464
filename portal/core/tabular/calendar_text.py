"""Dates and months typed as text or left as spreadsheet serial numbers: what they say in ISO 8601.

Year first is never in doubt. ``05/06/2026`` is settled by other dates of its column where these leave
no doubt (``13/05/2026``), and is a fault otherwise. Serial numbers count days from 1899-12-30 (the
1900 system; the reader itself has already read cells that are formatted as dates).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
)
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})[-\s.]*([A-Za-z]{3,9})[-\s.,]*(\d{4}|\d{2})")
_NAME_DAY_YEAR = re.compile(r"([A-Za-z]{3,9})[\s.]*(\d{1,2})[\s,]+(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000-01-01 to 2099-12-31

_PERIOD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_PERIOD_DIGITS = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])")
_PERIOD_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{4})")
_PERIOD_NAME = re.compile(r"([A-Za-z]{3,9})[-\s.,]*(\d{4})")


class DayOrder:
    """Whether a column writes day or month first, gathered from the dates that leave no doubt."""

    def __init__(self) -> None:
        self.day_first = self.month_first = False

    def learn(self, texts: Iterable[str]) -> None:
        """Take the texts of date cells into account."""
        for text in texts:
            if match := _YEAR_LAST.fullmatch(text):
                first, second = int(match.group(1)), int(match.group(2))
                self.day_first |= first > 12 >= second
                self.month_first |= second > 12 >= first

    def settle(self, text: str) -> str | None:
        """The date as ISO text; None where it may mean two; text that is no date unchanged."""
        if match := _YEAR_LAST.fullmatch(text):
            return self._year_last(int(match.group(1)), int(match.group(2)), int(match.group(3)), text)
        if _SHORT_YEAR.fullmatch(text):
            return None
        return _certain(text)

    def _year_last(self, first: int, second: int, year: int, text: str) -> str | None:
        if first > 12 or first == second:
            return _iso(year, second, first, text)
        if second > 12:
            return _iso(year, first, second, text)
        if self.day_first == self.month_first:
            return None
        return _iso(year, second, first, text) if self.day_first else _iso(year, first, second, text)


def settle_period(text: str) -> str:
    """A month as ``YYYY-MM``; text that is no month unchanged."""
    if match := _PERIOD.fullmatch(text) or _PERIOD_DIGITS.fullmatch(text):
        return _iso_month(int(match.group(1)), int(match.group(2)), text)
    if match := _YEAR_FIRST.fullmatch(text):
        return _iso_month(int(match.group(1)), int(match.group(2)), text)
    if match := _PERIOD_YEAR_LAST.fullmatch(text):
        return _iso_month(int(match.group(2)), int(match.group(1)), text)
    if match := _PERIOD_NAME.fullmatch(text):
        return _iso_month(int(match.group(2)), _month(match.group(1)), text)
    serial = _serial(text)
    return text if serial == text else serial[:7]


def _certain(text: str) -> str:
    """The date that a text can only mean; text that is no date unchanged."""
    if match := _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text):
        return _iso(int(match.group(1)), int(match.group(2)), int(match.group(3)), text)
    if match := _DAY_NAME_YEAR.fullmatch(text):
        return _iso(_year(match.group(3)), _month(match.group(2)), int(match.group(1)), text)
    if match := _NAME_DAY_YEAR.fullmatch(text):
        return _iso(int(match.group(3)), _month(match.group(1)), int(match.group(2)), text)
    return _serial(text)


def _serial(text: str) -> str:
    if text.isascii() and text.isdecimal() and _FIRST_SERIAL <= int(text[:6]) <= _LAST_SERIAL:
        return (_EPOCH + dt.timedelta(days=int(text))).isoformat()
    return text


def _iso(year: int, month: int, day: int, text: str) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return text


def _iso_month(year: int, month: int, text: str) -> str:
    return f"{year:04}-{month:02}" if 1 <= month <= 12 else text


def _month(name: str) -> int:
    start = name[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else 0


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
