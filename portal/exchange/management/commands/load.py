"""``manage.py load DIR [--dry-run]``: the dictionary's tables, all or nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.actors import Actor
from portal.exchange.services.ledger import Report
from portal.exchange.services.loading import load
from portal.exchange.services.words import line_of

FAULTS_SHOWN = 1_000


class Command(BaseCommand):
    help = "Load the data dictionary's tables that lie in a folder (.csv, .csv.gz), all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--dry-run", action="store_true", help="read and compare everything, store nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(_("%(folder)s is not a folder.") % {"folder": folder})
        begun = time.monotonic()
        report = load(by=Actor.system("load"), folder=folder, dry_run=options["dry_run"])
        self._name_others(report)
        if report.refused:
            self._refuse(report)
        if not report.tables:
            raise CommandError(_("No table of the data dictionary lies in %(folder)s.") % {"folder": folder})
        self._tell(report, time.monotonic() - begun, dry_run=options["dry_run"])

    def _name_others(self, report: Report) -> None:
        for file in report.unknown:
            self.stdout.write(
                _("%(file)s: left alone; it is no table of the data dictionary") % {"file": file}
            )

    def _refuse(self, report: Report) -> None:
        for fault in report.faults[:FAULTS_SHOWN]:
            self.stdout.write(line_of(fault))
        count = len(report.faults)
        words = ngettext(
            "Nothing was loaded: %(count)s fault.", "Nothing was loaded: %(count)s faults.", count
        )
        raise CommandError(words % {"count": count})

    def _tell(self, report: Report, seconds: float, *, dry_run: bool) -> None:
        for table in report.tables:
            self.stdout.write(
                _("%(table)s: %(rows)s rows, %(added)s added, %(changed)s changed, %(unchanged)s unchanged")
                % table.as_json()
            )
        rows = sum(table.rows for table in report.tables)
        words = _("Tried and not stored") if dry_run else _("Loaded")
        self.stdout.write(
            _("%(what)s: %(rows)s rows in %(seconds)s s")
            % {"what": words, "rows": rows, "seconds": f"{seconds:.1f}"}
        )
