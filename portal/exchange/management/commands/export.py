"""``manage.py export DIR [--tables …]``: the data dictionary's tables out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.core.actors import Actor
from portal.exchange.domain.dictionary import TABLES
from portal.exchange.services.exporting import export


class Command(BaseCommand):
    help = "Write the data dictionary's tables as CSV; load takes them in again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--tables", nargs="+", choices=list(TABLES), default=list(TABLES), metavar="TABLE",
            help="only these; of " + ", ".join(TABLES),
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            counts = export(by=Actor.system("export"), folder=folder, tables=options["tables"])
        except OSError as error:
            raise CommandError(
                _("%(folder)s cannot be written: %(reason)s") % {"folder": folder, "reason": error.strerror}
            ) from error
        for table, rows in counts.items():
            self.stdout.write(_("%(table)s: %(rows)s rows") % {"table": table, "rows": rows})
