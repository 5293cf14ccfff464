"""Numbers typed as text: which of them say one thing only, and what they say.

``1,234`` is 1.234 in one country and 1234 in another. It is settled by the other numbers of the same
table where they leave no doubt (``120,5`` or ``1,234.50``), and is a fault otherwise; it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_GROUPED_BY_SPACE = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+(?:[.,]\d+)?")
_GROUPS = re.compile(r"[ \u00a0\u202f\u2009'’]")
_DECIMAL_COMMA = re.compile(
    r"[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:\.\d{3}){2,}|[+-]?\d+,(?:\d{1,2}|\d{4,})"
)
_LONG_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d{4,}|0+),\d+")
_COMMA_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+\.\d+|[+-]?[1-9]\d{0,2}(?:,\d{3}){2,}")
_DOT_DECIMAL = re.compile(r"[+-]?\d+\.(?:\d{1,2}|\d{4,})|[+-]?(?:\d{4,}|0+)\.\d+")
_EITHER_COMMA = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_EITHER_DOT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,2}")
_MINUS = str.maketrans("−–﹣", "---")


class Convention:
    """How a table writes its decimals, gathered from the numbers that leave no doubt."""

    def __init__(self) -> None:
        self.comma = self.dot = False

    def learn(self, texts: Iterable[str]) -> None:
        """Take the texts of number cells into account."""
        for text in texts:
            if self.comma and self.dot:
                return
            if "," in text:
                bare = _bare(text)
                self.comma |= _is_decimal_comma(bare)
                self.dot |= _COMMA_GROUPS.fullmatch(bare) is not None
            elif "." in text:
                bare = _bare(text)
                self.dot |= _DOT_DECIMAL.fullmatch(bare) is not None
                self.comma |= _is_decimal_comma(bare)

    def settle(self, text: str) -> str | None:
        """The number as plain digits with a point; None where it may mean two; other text unchanged."""
        bare = _bare(text)
        if _EITHER_COMMA.fullmatch(bare):
            return bare.replace(",", "." if self.comma else "") if self.comma != self.dot else None
        if _EITHER_DOT.fullmatch(bare) and self.comma:
            return None if self.dot else bare.replace(".", "")
        return _certain(bare) or text


def _certain(bare: str) -> str:
    """The number that a text can only mean; empty where it is no number."""
    if _is_decimal_comma(bare):
        return bare.replace(".", "").replace(",", ".")
    if _COMMA_GROUPS.fullmatch(bare):
        return bare.replace(",", "")
    if PLAIN.fullmatch(bare):
        return bare
    if _SCIENTIFIC.fullmatch(bare):
        return format(Decimal(bare.replace(",", ".")), "f")
    return ""


def _is_decimal_comma(text: str) -> bool:
    return _DECIMAL_COMMA.fullmatch(text) is not None or _LONG_DECIMAL_COMMA.fullmatch(text) is not None


def _bare(text: str) -> str:
    text = text.translate(_MINUS).removeprefix("+")
    return _GROUPS.sub("", text) if _GROUPED_BY_SPACE.fullmatch(text) else text
