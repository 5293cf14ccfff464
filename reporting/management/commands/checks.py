"""``manage.py checks --json``: the catalogue of the checks."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext

from reporting.checks.catalogue import catalogue


class Command(BaseCommand):
    help = "List every check: one line each, or the whole catalogue as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the whole catalogue")

    def handle(self, *args: Any, **options: Any) -> None:
        entries = catalogue(gettext)
        if options["json"]:
            self.stdout.write(json.dumps(entries, ensure_ascii=False, indent=2))
            return
        for entry in entries:
            self.stdout.write("{code}  {severity:<8}{title}".format_map(entry))
