"""CSV and pasted text: which encoding, which separator, which cells (RFC 4180).

An encoding is believed only where it proves itself: a byte-order mark, UTF-8 without a fault, or
GB18030 whose characters are nearly all of the common set (GB 2312). Anything else is refused with the
row where reading stopped, rather than shown garbled.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable

from portal.core.tabular.faults import RefusalError
from portal.core.tabular.grids import Grid, shown_in_csv
from portal.core.tabular.tables import Limits

SEPARATORS = (",", ";", "\t")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON_SHARE = 0.9


def decode(data: bytes) -> str:
    """The text of a file; raises ``RefusalError`` (``encoding_unknown``, ``nul_characters``)."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if b"\x00" in data[:4096] and (encoding := _silent_utf16(data)):
        return _strictly(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _gb18030(data, row=data.count(b"\n", 0, error.start) + 1)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].decode(encoding, "replace").count("\n") + 1
        raise RefusalError("encoding_unknown", row=row) from error


def _silent_utf16(data: bytes) -> str:
    """UTF-16 without its mark: nearly every second byte of plain headings is zero."""
    head = data[: min(len(data), 400) // 2 * 2]
    if head[1::2].count(0) * 10 > len(head) * 4 and head[0::2].count(0) == 0:
        return "utf-16-le"
    if head[0::2].count(0) * 10 > len(head) * 4 and head[1::2].count(0) == 0:
        return "utf-16-be"
    return ""


def _gb18030(data: bytes, row: int) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise RefusalError("encoding_unknown", row=data.count(b"\n", 0, error.start) + 1) from error
    foreign = [letter for letter in text if not letter.isascii()]
    common = sum(_is_common(letter) for letter in foreign)
    if common < _COMMON_SHARE * len(foreign):
        raise RefusalError("encoding_unknown", row=row)
    return text


def _is_common(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def split(text: str, fits: Callable[[list[list[str]]], int], limits: Limits) -> Grid:
    """The cells of a text, by the separator under which its headings are best known.

    ``fits`` counts the known headings in some first rows. Excel's first line ``sep=;`` is obeyed.
    """
    if (at := text.find("\x00")) >= 0:
        raise RefusalError("nul_characters", row=text.count("\n", 0, at) + 1)
    first, _, rest = text.partition("\n")
    told = first.strip().lower()
    if told.startswith("sep=") and len(told) <= 5:
        chosen = first.strip()[4:] or "\t"
        rows = [[], *_rows(rest, chosen, limits)]
    else:
        rows = _rows(text, _separator(text, fits), limits)
    return Grid("", rows, shown_in_csv)


def _separator(text: str, fits: Callable[[list[list[str]]], int]) -> str:
    head = text[:65_536].splitlines()[:30]
    best, best_score = ",", (-1, -1)
    for separator in SEPARATORS:
        rows = list(csv.reader(head, delimiter=separator))
        score = (fits(rows), max((len(row) for row in rows), default=0))
        if score > best_score:
            best, best_score = separator, score
    return best


def _rows(text: str, separator: str, limits: Limits) -> list[list[str]]:
    rows: list[list[str]] = []
    filled = 0
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    try:
        for row in reader:
            if len(row) > limits.max_columns and any(cell.strip() for cell in row[limits.max_columns :]):
                raise RefusalError("too_many_columns", row=len(rows) + 1, limit=limits.max_columns)
            rows.append(row)
            filled += any(row)
            if filled > limits.max_rows + 100 or len(rows) > 10 * limits.max_rows:
                raise RefusalError("too_many_rows", limit=limits.max_rows)
    except csv.Error as error:
        if "field larger" in str(error):
            raise RefusalError("damaged", row=len(rows) + 1) from error
        raise RefusalError("quotes_do_not_match", row=len(rows) + 1) from error
    return rows


def _lines(text: str) -> list[str]:
    """Lines with their ends, split at LF, CRLF and CR only (a cell may hold any other line separator)."""
    parts = text.replace("\r\n", "\n")
    if "\n" not in parts:
        parts = parts.replace("\r", "\n")
    return [line + "\n" for line in parts.split("\n")]
