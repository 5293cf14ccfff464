"""Reading tables from a workbook, a CSV, a packed CSV or pasted text.

``read_tables`` never raises for what stands in a file: the answer holds the tables and the faults, and
a refusal where nothing could be read. It trusts its own process: what users send is read through
``isolation``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from portal.core.tabular.body import read_body
from portal.core.tabular.delimited import decode, split
from portal.core.tabular.faults import ReadFault, RefusalError
from portal.core.tabular.grids import Grid
from portal.core.tabular.headers import Header, count_known, find_header
from portal.core.tabular.sniff import sniff, unpack_gzip
from portal.core.tabular.tables import Limits, RawTable, Reading, TableSpec, plain_label
from portal.core.tabular.workbooks import Workbook

DEFAULT_LIMITS = Limits()


def read_table(
    data: bytes | Path,
    filename: str,
    spec: TableSpec,
    *,
    sheet: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Read one table; of a workbook the sheet named, else the table's own, else the best fitting one."""
    return read_tables(data, filename, [spec], sheet=sheet, limits=limits)


def read_tables(
    data: bytes | Path,
    filename: str,
    specs: Sequence[TableSpec],
    *,
    sheet: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Read every table of ``specs`` that the file holds; a CSV holds one. Never raises for its content."""
    if isinstance(data, Path):
        data = data.read_bytes()
    try:
        kind = sniff(data, filename, limits)
        if kind == "xlsx":
            return _read_workbook(Workbook(data, limits), specs, sheet, limits)
        text = decode(unpack_gzip(data, limits) if kind == "csv.gz" else data)
        return _read_text(text, kind, specs, limits)
    except RefusalError as refusal:
        return Reading.refused(refusal.fault)


def read_pasted(
    text: str, spec: TableSpec, *, columns: Sequence[str] = (), limits: Limits = DEFAULT_LIMITS
) -> Reading:
    """Read a block copied from a spreadsheet; without a header row its cells are ``columns`` in order."""
    if not text.strip():
        return Reading.refused(ReadFault("empty_file"))
    lookup = spec.lookup()
    try:
        grid = split(text, lambda rows: count_known(rows, lookup), limits)
        header = find_header(grid, spec, lookup)
        if header is None and columns:
            names = dict(enumerate(columns, start=1))
            header = Header(0, names, len(names), [])
        if header is None:
            _refuse_headless([grid], [spec])
        return _reading("text", [(grid, spec, header)], [], {}, limits)
    except RefusalError as refusal:
        return Reading.refused(refusal.fault)


def _read_text(text: str, kind: str, specs: Sequence[TableSpec], limits: Limits) -> Reading:
    lookups = [spec.lookup() for spec in specs]
    grid = split(text, lambda rows: max(count_known(rows, lookup) for lookup in lookups), limits)
    fits = [
        (header, spec)
        for spec, lookup in zip(specs, lookups, strict=True)
        if (header := find_header(grid, spec, lookup)) is not None
    ]
    if not fits:
        _refuse_headless([grid], specs)
    header, spec = max(fits, key=lambda fit: (fit[0].score, -len(fit[0].faults)))
    return _reading(kind, [(grid, spec, header)], [], {}, limits)


def _read_workbook(book: Workbook, specs: Sequence[TableSpec], sheet: str | None, limits: Limits) -> Reading:
    titles = book.titles
    if sheet is not None:
        titles = [title for title in titles if plain_label(title) == plain_label(sheet)]
        if not titles:
            raise RefusalError("sheet_not_found", name=sheet)
    grids = {title: book.grid(title) for title in titles if _is_wanted(book, title, specs, sheet)}
    taken: list[tuple[Grid, TableSpec, Header]] = []
    for spec in specs:
        chosen = _choose(
            spec, [grid for grid in grids.values() if grid.sheet not in {t[0].sheet for t in taken}]
        )
        if chosen is not None:
            taken.append((chosen[0], spec, chosen[1]))
    if not taken:
        _refuse_headless(grids.values(), specs)
    left = [
        grid for grid in grids.values() if grid.sheet not in {t[0].sheet for t in taken} and not grid.hidden
    ]
    return _reading("xlsx", taken, _left_over(left, specs), book.findings.marks, limits)


def _is_wanted(book: Workbook, title: str, specs: Sequence[TableSpec], sheet: str | None) -> bool:
    """A hidden sheet is read only where it is asked for by its name."""
    return not book.is_hidden(title) or sheet is not None or any(spec.is_sheet(title) for spec in specs)


def _choose(spec: TableSpec, grids: Sequence[Grid]) -> tuple[Grid, Header] | None:
    """The table's own sheet if it has a header, else the sheet whose header fits best."""
    lookup = spec.lookup()
    fits = [(grid, header) for grid in grids if (header := find_header(grid, spec, lookup)) is not None]
    own = [fit for fit in fits if spec.is_sheet(fit[0].sheet)]
    return max(own or fits, key=lambda fit: fit[1].score, default=None)


def _left_over(grids: Iterable[Grid], specs: Sequence[TableSpec]) -> list[ReadFault]:
    """A visible sheet that looks like one of the tables and was not read must not pass unseen."""
    return [
        ReadFault("sheet_not_read", {"name": grid.sheet}, grid.sheet)
        for grid in grids
        if any(_has_rows(grid, find_header(grid, spec, spec.lookup())) for spec in specs)
    ]


def _has_rows(grid: Grid, header: Header | None) -> bool:
    return header is not None and any(grid.shown(cell)[0] for row in grid.rows[header.row :] for cell in row)


def _refuse_headless(grids: Iterable[Grid], specs: Sequence[TableSpec]) -> NoReturn:
    filled = [grid for grid in grids if any(grid.shown(cell)[0] for row in grid.rows for cell in row)]
    if not filled:
        raise RefusalError("no_table")
    expected = specs[0].required or tuple(specs[0].aliases.values())
    raise RefusalError("header_not_found", sheet=filled[0].sheet, expected=", ".join(expected[:6]))


def _reading(
    kind: str,
    taken: Sequence[tuple[Grid, TableSpec, Header]],
    faults: list[ReadFault],
    marks: dict[str, str],
    limits: Limits,
) -> Reading:
    tables: dict[str, RawTable] = {}
    for grid, spec, header in taken:
        table, found = read_body(grid, spec, header, limits)
        tables[spec.name] = table
        faults = [*faults, *header.faults, *found]
    if len(faults) > limits.max_faults:
        more = len(faults) - limits.max_faults
        faults = [*faults[: limits.max_faults], ReadFault("more_faults", {"count": more})]
    return Reading(kind, tables, faults, marks)
