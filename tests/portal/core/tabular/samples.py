"""Small files made in the tests, and the table they are read as."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

from portal.core.tabular.tables import TableSpec

LINES = TableSpec(
    "lines",
    {
        "line_no": "line_no",
        "kind": "kind",
        "类别": "kind",
        "Kind": "kind",
        "product": "product",
        "产品代码": "product",
        "quantity_kg": "quantity_kg",
        "Quantity (kg)": "quantity_kg",
        "数量（千克）": "quantity_kg",
        "value_cny": "value_cny",
        "金额（元）": "value_cny",
        "行号": "line_no",
        "备注": "note",
        "declaration_no": "declaration_no",
        "date": "date",
        "日期": "date",
        "note": "note",
    },
    {
        "quantity_kg": "number",
        "value_cny": "number",
        "date": "date",
        "line_no": "code",
        "declaration_no": "code",
    },
    required=("kind", "product", "quantity_kg"),
    sheets=("Lines", "申报明细"),
)
HEAD = ["kind", "product", "quantity_kg"]


def workbook(rows: Sequence[Sequence[Any]], title: str = "Lines", **more: Sequence[Sequence[Any]]) -> bytes:
    """A workbook by openpyxl; further sheets by keyword."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(list(row))
    for name, others in more.items():
        extra = book.create_sheet(name)
        for row in others:
            extra.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part added or replaced."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            if part.filename != name:
                archive.writestr(part.filename, source.read(part))
        archive.writestr(name, content)
    return target.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    """One part of an archive."""
    return zipfile.ZipFile(io.BytesIO(data)).read(name)
