"""The measurement of ``bench_intake``, in a process whose settings are those of its database."""

from __future__ import annotations

import csv
import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import openpyxl
import python_calamine

django.setup()

from django.db import connection

from portal.accounts.models import Organisation
from portal.core.actors import Actor
from reporting.models import Filing, Line, Upload
from reporting.services import checking, uploads
from tests import factories
from tests.conftest import acting
from tests.reporting.filled import CLIENT, SUPPLIER, party

SIZES, ROUNDS = (5_000, 50_000), 3
HEADINGS = (
    "kind", "product", "quantity_kg", "value_cny", "counterparty", "date", "invoice_no", "note",
)  # fmt: skip


def main(folder: Path) -> None:
    """Print the figures as JSON."""
    aurora = factories.organisation()
    by = acting(factories.user("alma", (aurora, "preparer")))
    factories.product(aurora)
    party(aurora, "S-01", **SUPPLIER)
    party(aurora, "C-01", **CLIENT)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare ({', '.join(f'c{n} text' for n in range(len(HEADINGS)))})")
    figures: dict[str, Any] = {}
    for size in SIZES:
        for name, make, bare in (("CSV", _csv, _bare_csv), ("workbook", _workbook, _bare_workbook)):
            path = folder / f"lines-{size}.{'csv' if name == 'CSV' else 'xlsx'}"
            make(path, size)
            figures[f"{name} of {size:,} lines"] = _pairs(by, aurora, path, bare, size)
    json.dump(figures, sys.stdout)


def _pairs(
    by: Actor, aurora: Organisation, path: Path, bare: Callable[[Path], None], size: int
) -> dict[str, float]:
    ours, theirs = [], []
    for _round in range(ROUNDS):
        draft = factories.filing(aurora, "2026-05")
        ours.append(_seconds(lambda: _taken_in(by, draft, path)))  # noqa: B023 - called at once
        if Line.objects.filter(filing=draft).count() != size:
            raise RuntimeError(f"{path.name}: {Upload.objects.get(filing=draft).refusal}")
        theirs.append(_seconds(lambda: bare(path)))
        Upload.objects.all().delete()
        Line.objects.all().delete()
        draft.delete()
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return {
        "ours s": statistics.median(ours),
        "bare s": statistics.median(theirs),
        "ratio (median of pairs)": statistics.median(ratios),
        "lines a second": round(size / statistics.median(ours)),
    }


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _taken_in(by: Actor, draft: Filing, path: Path) -> None:
    upload = uploads.receive(by=by, filing_id=draft.pk, name=path.name, data=path.read_bytes())
    uploads.read_upload(by=by, upload_id=upload.pk, in_worker=True)
    draft.refresh_from_db()
    checking.faults_of(draft)


def _rows(size: int) -> list[tuple[str, ...]]:
    first = (
        ("opening", "P-01", "0", "", "", "", "", ""),
        ("purchased", "P-01", f"{size}.0", "300000.00", "S-01", "2026-05-02", "A-1", ""),
        ("closing", "P-01", f"{size - 0.01 * (size - 3):.2f}", "", "", "", "", ""),
    )
    sold = (
        ("sold", "P-01", "0.010", "3.30", "C-01", f"2026-05-{3 + n % 25:02}", f"B-{n}", "磁体 for pumps")
        for n in range(size - len(first))
    )
    return [*first, *sold]


def _csv(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *_rows(size)])


def _workbook(path: Path, size: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Lines")
    for row in (HEADINGS, *_rows(size)):
        sheet.append(row)
    book.save(path)


def _bare_csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        _copied(list(csv.reader(file)))


def _bare_workbook(path: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    _copied([[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()])


def _copied(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert("COPY bare FROM STDIN WITH (FORMAT csv)", text)
        cursor.execute("TRUNCATE bare")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
