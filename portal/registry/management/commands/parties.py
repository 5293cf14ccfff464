"""``manage.py parties --export FILE.csv``: who each counterparty record really is, matched afresh."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.core.actors import Actor
from portal.registry.queries.parties import exported_parties
from portal.registry.services.parties import match


class Command(BaseCommand):
    help = "Match all counterparty records to real parties and write organisation, code, party as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--export", type=Path, required=True, metavar="FILE.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["export"]
        counts = match(by=Actor.system("manage.py parties"))
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file, lineterminator="\n")
                rows.writerow(("organisation", "code", "party"))
                rows.writerows(exported_parties())
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(reason)s") % {"file": path, "reason": error.strerror}
            ) from error
        words = _(
            "%(records)s records are %(parties)s parties; %(proposals)s pairs wait for a decision: %(file)s"
        )
        self.stdout.write(words % {**counts, "file": path})
