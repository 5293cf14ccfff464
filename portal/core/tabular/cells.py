"""A cell's value as exact text, with what kind of value it was.

Numbers of a workbook are binary floats of which a spreadsheet shows at most 15 significant digits;
their text here is those digits, written out without an exponent. Text loses what cannot be seen and
is never meant: blanks around it, zero-width and direction-override characters. Names keep their
characters; only cells that are wholly full-width codes or numbers become half-width.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum

from portal.core.tabular.tables import BLANK, BOOLEAN, DATE, MOMENT, NUMBER, TEXT, TIME

_ODD = re.compile("[^\x20-\x7e一-鿿]")
# Never meant inside a cell: zero-width space, word joiner, byte-order mark, bidi embeddings, overrides, isolates.
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_NARROW_SPACES = re.compile("[\u00a0\u2007\u202f]")
_EDGES = " \t\r\n\x0b\x0c\u00a0\u00ad\u1680\u180e\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    chr(code) for code in range(0x2000, 0x2010) if code != 0x200B
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HAS_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_CODE = re.compile(r"[-+]?[0-9A-Za-z][0-9A-Za-z.,:;/_%#()\-]*")
_MAX_EXACT = 10**15

Shown = tuple[str, str]


class Truth(Enum):
    """A cell's true or false, which unlike Python's equals no number."""

    YES = True
    NO = False


def clean(text: str) -> str:
    """The text as meant: trimmed, without unseen characters, codes in half-width, lines ending in LF."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    if not _ODD.search(text):
        return text.strip(" ")
    text = _NARROW_SPACES.sub(" ", _UNSEEN.sub("", text)).replace("\r\n", "\n").strip(_EDGES)
    if _HAS_FULL_WIDTH.search(text):
        narrow = text.translate(_FULL_WIDTH)
        if _CODE.fullmatch(narrow):
            return narrow
    return text


def has_controls(text: str) -> bool:
    """Whether characters stand in the text that no document may hold (NUL and its like)."""
    return not text.isprintable() and _CONTROLS.search(text) is not None


def without_controls(text: str) -> str:
    """The text with such characters left out."""
    return _CONTROLS.sub("", text)


def number_text(value: float) -> str:
    """The number a spreadsheet shows, in full: 120.5, 0.00001, 7. Not for NaN or infinity."""
    if value.is_integer() and abs(value) < _MAX_EXACT:
        return str(int(value))
    text = format(value, ".15g")
    return format(Decimal(text), "f") if "e" in text else text


def loses_digits(value: float) -> bool:
    """Whether a whole number is so long that a spreadsheet has already rounded it."""
    return abs(value) >= _MAX_EXACT and math.isfinite(value)


def _float(value: float) -> Shown:
    return (number_text(value), NUMBER) if math.isfinite(value) else (str(value), TEXT)


def _moment(value: dt.datetime) -> Shown:
    if value.microsecond:
        value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    if value.time() == dt.time():
        return value.date().isoformat(), DATE
    return value.isoformat(), MOMENT


def _duration(value: dt.timedelta) -> Shown:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}", TIME


def _text(value: str) -> Shown:
    text = clean(value)
    return text, TEXT if text else BLANK


SHOW: dict[type, Callable[..., Shown]] = {
    str: _text,
    float: _float,
    int: lambda whole: (str(whole), NUMBER),
    Truth: lambda truth: ("true" if truth is Truth.YES else "false", BOOLEAN),
    dt.date: lambda day: (day.isoformat(), DATE),
    dt.datetime: _moment,
    dt.time: lambda hour: (hour.replace(microsecond=0).isoformat(), TIME),
    dt.timedelta: _duration,
}


def show(value: object) -> Shown:
    """Text and kind letter of any value a workbook reader hands over."""
    if isinstance(value, bool):
        value = Truth(value)
    return SHOW[type(value)](value)
