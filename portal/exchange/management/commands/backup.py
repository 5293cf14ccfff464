"""``manage.py backup FILE``: the whole state in one encrypted file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.utils.translation import gettext as _

from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.exchange.services.backups import backup, details

MISSING_SHOWN = 20


class Command(BaseCommand):
    help = "Write every table, the documents and the signed heads into one file that only BACKUP_KEY opens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="which of the configured databases")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        file: Path = options["file"]
        try:
            made = backup(by=Actor.system("backup"), file=file, using=options["database"])
        except Refused as refusal:
            raise CommandError(refusal.words()) from refusal
        except (ImproperlyConfigured, DatabaseError, OSError) as error:
            raise CommandError(_("Nothing was backed up: %(reason)s") % {"reason": error}) from error
        for line in details(made.tables):
            self.stdout.write(line)
        for name in made.missing[:MISSING_SHOWN]:
            self.stderr.write(_("Document %(name)s is known and its file is missing.") % {"name": name})
        self.stdout.write(
            _(
                "Backed up: %(rows)s rows, %(documents)s documents, %(megabytes)s MB in %(seconds)s s: %(file)s"
            )
            % {
                "rows": made.rows,
                "documents": made.documents,
                "megabytes": f"{made.size / 1e6:.1f}",
                "seconds": f"{time.monotonic() - begun:.1f}",
                "file": file,
            }
        )
