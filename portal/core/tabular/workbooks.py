"""The sheets of an .xlsx workbook as grids, by python-calamine, after ``parts`` has looked through it."""

from __future__ import annotations

import io

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, load_workbook

from portal.core.tabular.faults import RefusalError
from portal.core.tabular.grids import Grid, shown_in_workbook
from portal.core.tabular.parts import Findings, look_through
from portal.core.tabular.tables import Limits


class Workbook:
    """An opened workbook whose sheets are laid out one at a time."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.findings: Findings = look_through(data, limits)
        try:
            self._book: CalamineWorkbook = load_workbook(io.BytesIO(data))
        except PasswordError as error:
            raise RefusalError("encrypted") from error
        except CalamineError as error:
            raise RefusalError("damaged") from error
        self.titles = [title for title in self._book.sheet_names if title in self.findings.sheets]

    def is_hidden(self, title: str) -> bool:
        """Whether the sheet cannot be seen in a spreadsheet program."""
        return title not in self.findings.visible

    def grid(self, title: str) -> Grid:
        """One sheet's cells from A1 to its last filled cell."""
        seen = self.findings.sheets[title]
        try:
            sheet = self._book.get_sheet_by_name(title)
            merged = sheet.merged_cell_ranges or []
            rows = sheet.to_python(skip_empty_area=False)
        except CalamineError as error:
            raise RefusalError("damaged", sheet=title) from error
        return Grid(
            title,
            rows,
            shown_in_workbook,
            spoiled=seen.spoiled,
            merged=[(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in merged],
            hidden=self.is_hidden(title),
        )
