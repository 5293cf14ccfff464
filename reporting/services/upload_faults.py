"""What is wrong with the lines of an upload, cell by cell, and what came of the faults of the upload before."""

from __future__ import annotations

from typing import Any

from portal.core.tabular.faults import column_letters
from reporting.domain.cells import ReadLines
from reporting.models import Filing, Kind, Upload
from reporting.services.checking import Fault, faults_of
from reporting.services.upload_rows import FileRows

LISTED = 3_000  # faults kept with an upload; the rest is counted


def faults_after(
    filing: Filing, rows: FileRows, lines: ReadLines
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The faults of the file and of the lines it made, each at its cell, with their counts by severity."""
    by_product = _stock_lines(filing, lines)
    at = {number: place for place, number in enumerate(lines.line_nos)}
    faults = [*rows.faults, *(_placed(fault, rows, lines, by_product, at) for fault in faults_of(filing))]
    order = {"error": 0, "warning": 1, "notice": 2}
    faults.sort(key=lambda fault: (order[fault["severity"]], fault["row"] or 0, fault["cell"]))
    counts = {f"{name}s": sum(fault["severity"] == name for fault in faults) for name in order}
    return faults[:LISTED], {**counts, "unlisted": max(0, len(faults) - LISTED)}


def _placed(
    fault: Fault, rows: FileRows, lines: ReadLines, by_product: dict[str, int], at: dict[int, int]
) -> dict[str, Any]:
    line_no = fault.line_no
    number = line_no if line_no is not None else by_product.get(fault.product_code or "")
    column = fault.column or ("quantity_kg" if line_no is None and number is not None else "")
    row = None if number is None else rows.places.get(number)
    position = rows.positions.get(column)
    reason = "" if line_no is None else lines.reasons.get((line_no, column), "")
    kept = lines.unread[at[line_no]] if reason and line_no is not None else None
    cell = "" if row is None else f"{column_letters(position)}{row}" if position else str(row)
    return {
        "code": fault.code,
        "severity": fault.severity,
        "sheet": rows.sheet,
        "row": row,
        "column": column,
        "cell": cell,
        "line_no": line_no,
        "values": dict(fault.values),
        "reason": reason,
        "typed": (kept or {}).get(column, "")[:80],
        "subject": fault.subject,
        "key": f"{fault.code}|{fault.subject}",
    }


def _stock_lines(filing: Filing, lines: ReadLines) -> dict[str, int]:
    """For each product the line where a fault of its balance is best seen: its closing stock, else its first line."""
    chosen: dict[int, int] = {}
    for number, kind, product in zip(
        lines.line_nos, lines.values["kind"], lines.values["product_id"], strict=True
    ):
        if product is not None and (product not in chosen or kind == Kind.CLOSING):
            chosen[product] = number
    codes = filing.organisation.products.values_list("pk", "code")
    return {code: chosen[pk] for pk, code in codes if pk in chosen}


def compare(upload: Upload) -> dict[str, Any]:
    """Which faults are new, still open and mended since the upload before; each fault is marked with the former."""
    earlier = Upload.objects.filter(filing=upload.filing_id, state="read", pk__lt=upload.pk).first()
    before = {fault["key"]: fault for fault in earlier.faults} if earlier else {}
    now = {fault["key"] for fault in upload.faults}
    for fault in upload.faults:
        fault["status"] = ("open" if fault["key"] in before else "new") if earlier else ""
    return {
        "first": earlier is None,
        "new": len(now - set(before)) if earlier else 0,
        "open": len(now & set(before)),
        "mended": len(set(before) - now),
    }
