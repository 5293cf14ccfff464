"""The bulk load: a folder of the dictionary's tables, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.events import publish
from portal.exchange.domain.dictionary import TABLES
from portal.exchange.domain.files import look_into
from portal.exchange.services.filed_lines import Lines, counted, read_lines, tell_other_content
from portal.exchange.services.ledger import Keys, Report, TableReport
from portal.exchange.services.registers import REGISTERS, load_register
from portal.exchange.services.storing import move, store
from portal.exchange.services.versions import Versions, read_versions
from portal.registry.services import watch_list
from reporting.queries.obligations import last_month_ended
from reporting.services import obligations

FILED: Final = ("filings", "lines")


def load(*, by: Actor, folder: Path, dry_run: bool = False) -> Report:
    """Load every table of the dictionary that lies in ``folder``; what was done, or the faults for which nothing was.

    Runs no checks. One trail event a table; the obligations follow at the end.  NotADirectoryError, FileNotFoundError where there is no such folder.
    """
    seen = look_into(folder)
    report = Report(unknown=seen.unknown, faults=list(seen.faults))
    with transaction.atomic():
        _take_time()
        _load(by, seen.files, report)
        if report.faults or dry_run:
            transaction.set_rollback(True)
    report.faults.sort(key=lambda fault: (_place_of(fault.file), fault.row))
    return report


def _place_of(file: str) -> int:
    order = list(TABLES)
    name = file.partition(".")[0]
    return order.index(name) if name in order else -1


def _take_time() -> None:
    """A load may take longer than a page may."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


def _load(by: Actor, files: Mapping[str, Path], report: Report) -> None:
    keys = Keys()
    keys.read()
    for name in TABLES:
        if name in REGISTERS and name in files:
            report.tables.append(load_register(name, files[name], keys, report.faults))
    if any(name in files for name in FILED):
        _load_filings(by, files, keys, report)
    if report.faults:
        return
    for table in report.tables:
        event = record("table.loaded", by=by, subject=("table", None), data=table.as_json())
        if table.table == "licence_lines" and (table.added or table.changed):
            publish("licences.loaded", event.pk)
        if table.table == "watchlist" and (table.added or table.changed):
            watch_list.announce(by=by, count=table.added + table.changed)
    if any(table.added or table.changed for table in report.tables):
        _follow(by)


def _load_filings(by: Actor, files: Mapping[str, Path], keys: Keys, report: Report) -> None:
    faults = report.faults
    versions = read_versions(files.get("filings"), keys, faults)
    lines, fresh = Lines(), versions.fresh
    if "lines" in files:
        lines = read_lines(files["lines"], versions, keys, faults)
        tell_other_content(files["lines"].name, lines, versions, faults)
    count = counted(lines, versions)
    for version in fresh:
        version.lines = int(count[version.place])
    if not faults:
        _follow(
            by
        )  # the duties must be known before anything is filed: on time or not is kept with the filing
        move(versions.moves)
        store(versions, lines)
    _report_filed(files, versions, lines, len(fresh), sum(version.lines for version in fresh), report)


def _report_filed(
    files: Mapping[str, Path], versions: Versions, lines: Lines, fresh: int, new_lines: int, report: Report
) -> None:
    if "filings" in files:
        moved = len(versions.moves)
        same = versions.rows - fresh - moved
        report.tables.append(TableReport("filings", files["filings"].name, versions.rows, fresh, moved, same))
    if "lines" in files:
        same = lines.count - new_lines
        report.tables.append(TableReport("lines", files["lines"].name, lines.count, new_lines, 0, same))


def _follow(by: Actor) -> None:
    """What is owed follows from registers and filings."""
    obligations.open_months(by=by, up_to=last_month_ended(clock.now()))
    obligations.refresh()
