"""``manage.py check-file FILE --organisation USCC --period YYYY-MM``: a dry run of a producer's file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.core.months import Month
from reporting.services.dry_runs import DryRun, dry_run


class Command(BaseCommand):
    help = "Say what the portal would say of a workbook or CSV; nothing is stored. Exit 1 where it could not be filed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--organisation", required=True, metavar="USCC")
        parser.add_argument("--period", required=True, metavar="YYYY-MM")
        parser.add_argument("--json", action="store_true", help="the faults as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        found = dry_run(
            organisation=_organisation(options["organisation"]),
            period=_period(options["period"]),
            name=path.name,
            data=_content(path),
        )
        if options["json"]:
            self._write_json(path, found)
        else:
            for fault in found.faults:
                self.stdout.write(f"{path.name}:{fault.sheet}:{fault.cell}: {fault.code}: {fault.message}")
        if found.blocks:
            raise CommandError(
                _("%(file)s could not be filed as it stands.") % {"file": path.name}, returncode=1
            )
        if not options["json"]:
            self.stdout.write(
                _("%(file)s: %(lines)s lines, nothing stands against filing them")
                % {"file": path.name, "lines": found.lines}
            )

    def _write_json(self, path: Path, found: DryRun) -> None:
        answer = {
            "file": path.name,
            "lines": found.lines,
            "refused": found.refused,
            "faults": [fault.as_json() for fault in found.faults],
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))


def _organisation(uscc: str) -> Organisation:
    found = Organisation.objects.filter(uscc=uscc).first()
    if found is None:
        raise CommandError(_("No organisation has the code %(uscc)s.") % {"uscc": uscc})
    return found


def _period(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise CommandError(_("Write the month as YYYY-MM, for example 2026-05.")) from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": error.strerror}
        ) from error
