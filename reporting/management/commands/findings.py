"""``manage.py findings --export FILE.jsonl``: every finding, one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.queries.findings import exported_findings


class Command(BaseCommand):
    help = "Write every finding as JSON lines, in the format of the data dictionary."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--export", type=Path, required=True, metavar="FILE.jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["export"]
        count = 0
        try:
            with path.open("w", encoding="utf-8") as file:
                for finding in exported_findings():
                    file.write(json.dumps(finding, ensure_ascii=False) + "\n")
                    count += 1
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(reason)s") % {"file": path, "reason": error.strerror}
            ) from error
        words = ngettext("%(count)s finding in %(file)s", "%(count)s findings in %(file)s", count)
        self.stdout.write(words % {"count": count, "file": path})
