"""Saving an openpyxl workbook without touching the disk: the library itself writes each sheet to a file."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter


class _MemoryWriter(ExcelWriter):
    """As openpyxl 3.1's writer, but for where a sheet's XML stands until it is packed."""

    _archive: ZipFile

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()  # noqa: SLF001 - the method replaced does the same
        ws._drawing.charts = ws._charts  # noqa: SLF001
        ws._drawing.images = ws._images  # noqa: SLF001
        buffer = io.BytesIO()
        writer: Any = WorksheetWriter(ws, out=buffer)
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001
        self._archive.writestr(ws.path[1:], buffer.getvalue())
        self.manifest.append(ws)


def empty_book() -> Workbook:
    """A workbook without a sheet."""
    book = Workbook()
    for page in book.worksheets:
        book.remove(page)
    return book


def save_in_memory(book: Workbook) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        _MemoryWriter(book, archive).write_data()
    return target.getvalue()
