"""Check digits and shapes of identity numbers, for all distinct numbers at once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from stdnum.eu import vat

from reporting.checks.text import Mask

__all__ = ["EU_VAT", "clean", "lei_holds", "shaped", "uscc_holds", "vat_holds"]

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_SHAPE: Final = f"[{USCC_ALPHABET}]{{18}}"
LEI_SHAPE: Final = r"[0-9A-Z]{18}[0-9]{2}"
EU_VAT: Final = (
    r"ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|ES[0-9A-Z]\d{7}[0-9A-Z]"
    r"|FI\d{8}|FR[0-9A-Z]{2}\d{9}|HR\d{11}|HU\d{8}|IE\d[0-9A-Z+*]\d{5}[A-Z]{1,2}|IT\d{11}|LT(\d{9}|\d{12})|LU\d{8}"
    r"|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|RO\d{2,10}|SE\d{12}|SI\d{8}|SK\d{10}|XI(\d{9}|\d{12})"
)
SHAPES: Final = {
    "USCC": USCC_SHAPE,
    "LEI": LEI_SHAPE,
    "VAT": EU_VAT,
    "EORI": r"[A-Z]{2}[0-9A-Z]{1,15}",
    "DUNS": r"\d{9}",
}
"""The shape of each type of number, after `clean`."""

_USCC_VALUES: Final = np.full(128, -1, dtype=np.int64)
for _value, _letter in enumerate(USCC_ALPHABET):
    _USCC_VALUES[ord(_letter)] = _value
_USCC_WEIGHTS: Final = np.array([pow(3, place, 31) for place in range(17)], dtype=np.int64)


def clean(words: pd.Series[Any]) -> pd.Series[Any]:
    """Return numbers without blanks, dots and strokes, in capitals and half-width characters."""
    return words.str.normalize("NFKC").str.upper().str.replace(r"[\s.\-]", "", regex=True)


def shaped(words: pd.Series[Any], kind: str) -> Mask:
    """Return which cleaned numbers have the shape of their type."""
    return np.asarray(words.str.fullmatch(SHAPES[kind]), dtype=bool)


def _letters(words: pd.Series[Any], width: int) -> npt.NDArray[np.int64]:
    fixed = np.asarray(words, dtype=f"U{width}")
    return np.minimum(fixed.view(np.uint32).reshape(len(fixed), width).astype(np.int64), 127)


def uscc_holds(words: pd.Series[Any]) -> Mask:
    """Return which cleaned numbers have the shape of a USCC and its check character (GB 32100-2015)."""
    values = _USCC_VALUES[_letters(words, 18)]
    expected = (31 - (values[:, :17] * _USCC_WEIGHTS).sum(axis=1) % 31) % 31
    holds: Mask = shaped(words, "USCC") & (values[:, 17] == expected)
    return holds


def lei_holds(words: pd.Series[Any]) -> Mask:
    """Return which cleaned numbers have the shape of an LEI and its check digits (ISO/IEC 7064 MOD 97-10)."""
    letters = _letters(words, 20)
    digit = (letters >= 48) & (letters <= 57)
    values = np.where(digit, letters - 48, letters - 55)
    rest = np.zeros(len(values), dtype=np.int64)
    for place in range(20):
        rest = (rest * np.where(digit[:, place], 10, 100) + values[:, place]) % 97
    holds: Mask = shaped(words, "LEI") & (rest == 1)
    return holds


def vat_holds(words: pd.Series[Any]) -> Mask:
    """Return which cleaned numbers do not contradict their own check digits; a misshapen one is not judged.

    Each member state has a rule of its own: python-stdnum knows them all, and the distinct numbers are few.
    """
    right = ~shaped(words, "VAT")
    judged = np.flatnonzero(~right & ~np.asarray(words.str.startswith("XI"), dtype=bool))
    right[judged] = [vat.is_valid(word) for word in words.iloc[judged]]
    return right
