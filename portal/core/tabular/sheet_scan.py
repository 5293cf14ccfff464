"""One sheet's XML, read in blocks, without building a tree: how far it reaches, and which cells are spoiled.

The reader lays a sheet out as a full rectangle up to its last filled cell, so one stray value at
XFD1048576 would ask for 17 thousand million cells; hence the extent is known first. Rows without a
value (styled only, as LibreOffice writes at the very bottom) do not count.
"""

from __future__ import annotations

import html
import re

from portal.core.tabular.faults import RefusalError
from portal.core.tabular.tables import Limits

_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?(worksheet|chartsheet|dialogsheet)\b")
_ROW_NUMBER = re.compile(rb"\s[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"']")
_FAR_COLUMN = re.compile(rb"\br\s*=\s*[\"'](?:[A-Za-z]{3}|[B-Zb-z][A-Za-z]|[Aa][G-Zg-z])")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})\d")
_ATTRIBUTE_R = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d+)[\"']")
_NEAR_COLUMNS = 32
_LONGEST_ROW = 16_000_000
_MOST_SPOILED = 5_000


class SheetScan:
    """Feed it the blocks of a worksheet part; then ``last_row``, ``last_column`` and ``spoiled`` hold.

    ``spoiled`` leads from (row, column), from 1, to the fault's code and what the cell showed.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.last_row = 0
        self.last_column = 0
        self.spoiled: dict[tuple[int, int], tuple[str, str]] = {}
        self._row = 0
        self._filled = 0
        self._tail = b""
        self._started = self._ended = False

    def feed(self, block: bytes) -> None:
        """Take the next block; raises ``RefusalError`` where the sheet outgrows the limits."""
        if self._ended:
            return
        self._tail += block
        if not self._started and not self._start():
            return
        end = self._tail.find(self._close)
        if end >= 0:
            self._tail, self._ended = self._tail[:end], True
        pieces = self._tail.split(self._open)
        self._tail = pieces.pop()
        for piece in pieces:
            self._take(piece)
        if self._ended:
            self._take(self._tail)
            self._tail = b""
        elif len(self._tail) > _LONGEST_ROW:
            raise RefusalError("too_many_columns", limit=self.limits.max_columns)

    def finish(self) -> None:
        """Take what is left; raises ``RefusalError`` where the rectangle would hold too many cells."""
        if self._started and not self._ended:
            self._take(self._tail)
        self._tail = b""
        if self._filled > self.limits.max_rows + 100:
            raise RefusalError("too_many_rows", limit=self.limits.max_rows)
        if self.last_row * self.last_column > self.limits.max_cells:
            raise RefusalError("too_many_cells", last=self.last_row)

    def _start(self) -> bool:
        root = _ROOT.search(self._tail)
        if root is None:
            self._ended = len(self._tail) > 1_000_000
            return False
        prefix = root.group(1) + b":" if root.group(1) else b""
        self._open, self._close = b"<" + prefix + b"row", b"</" + prefix + b"sheetData"
        self._marks = tuple(b"<" + prefix + tag for tag in (b"v", b"is", b"f"))
        self._cell_open, self._formula = b"<" + prefix + b"c", b"<" + prefix + b"f"
        name = re.escape(prefix)
        self._cell = re.compile(
            b"<" + name + rb"c(?=[\s/>])([^>]*?)(?:/>|>(.*?)</" + name + rb"c\s*>)", re.DOTALL
        )
        self._value = re.compile(b"<" + name + rb"v(?:\s[^>]*)?>(.*?)</" + name + b"v", re.DOTALL)
        self._started, self._head = True, True
        return True

    def _take(self, piece: bytes) -> None:
        """One row's XML, from after ``<row`` to before the next."""
        if self._head:
            self._head = False
            return
        number = _ROW_NUMBER.match(piece)
        self._row = int(number.group(1)) if number else self._row + 1
        if not any(mark in piece for mark in self._marks):
            return
        self._filled += 1
        self.last_row = max(self.last_row, self._row)
        self._widen(piece)
        if self._formula in piece or b't="e"' in piece or b"t='e'" in piece:
            self._find_spoiled(piece)

    def _widen(self, piece: bytes) -> None:
        columns = _NEAR_COLUMNS
        if _FAR_COLUMN.search(piece):
            columns = max(column_number(letters) for letters in _REFERENCE.findall(piece))
        if piece.count(self._cell_open) > _NEAR_COLUMNS:
            columns = max(columns, sum(1 for _ in self._cell.finditer(piece)))
        if columns > self.limits.max_columns:
            # One may come from cells that are styled and hold nothing; those are not judged.
            columns = self._last_filled(piece)
        if columns > self.limits.max_columns:
            raise RefusalError("too_many_columns", row=self._row, limit=self.limits.max_columns)
        self.last_column = max(self.last_column, columns)

    def _last_filled(self, piece: bytes) -> int:
        last = at = 0
        for cell in self._cell.finditer(piece):
            place = _ATTRIBUTE_R.search(cell.group(1))
            at = column_number(place.group(1)) if place else at + 1
            if cell.group(2) and any(mark in cell.group(2) for mark in self._marks):
                last = max(last, at)
        return last

    def _find_spoiled(self, piece: bytes) -> None:
        at = 0
        for cell in self._cell.finditer(piece):
            attributes, inside = cell.group(1), cell.group(2) or b""
            place = _ATTRIBUTE_R.search(attributes)
            at = column_number(place.group(1)) if place else at + 1
            value = self._value.search(inside)
            text = html.unescape(value.group(1).decode("utf-8", "replace")).strip() if value else ""
            if b't="e"' in attributes or b"t='e'" in attributes:
                self._spoil(at, "error_value", text or "#N/A")
            elif self._formula in inside and not text and b't="str"' not in attributes:
                self._spoil(at, "formula_not_calculated", "")

    def _spoil(self, column: int, code: str, text: str) -> None:
        if len(self.spoiled) < _MOST_SPOILED:
            self.spoiled[(self._row, column)] = (code, text)


def column_number(letters: bytes) -> int:
    """The number of a spreadsheet column from its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
