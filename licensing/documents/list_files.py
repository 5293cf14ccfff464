"""The entries of a version of the list as CSV and as a workbook: what an upload takes, a download gives."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _

from licensing.domain.classification.list_rows import TABLES
from licensing.models import ListVersion
from licensing.queries.list_tables import tables_of
from portal.core.tabular.writing import Sheet, write_csv, write_xlsx

COLUMNS = TABLES["entries"].columns
_WIDTHS = {
    "instrument": 26,
    "control_code": 16,
    "name_en": 40,
    "name_zh": 30,
    "reference_hs": 40,
    "source": 30,
}


def entries_csv(version: ListVersion) -> bytes:
    """The entries, marked so that spreadsheets read their Chinese."""
    target = io.BytesIO()
    write_csv(target, COLUMNS, _rows(version), for_excel=True)
    return target.getvalue()


def entries_workbook(version: ListVersion) -> bytes:
    """The entries as .xlsx."""
    target = io.BytesIO()
    widths = [_WIDTHS.get(name, 12) for name in COLUMNS]
    write_xlsx(target, [Sheet(_("Entries"), COLUMNS, _rows(version), widths)])
    return target.getvalue()


def _rows(version: ListVersion) -> list[list[str]]:
    return [[row[name] for name in COLUMNS] for row in tables_of(version)["entries"]]
