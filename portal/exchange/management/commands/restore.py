"""``manage.py restore FILE``: a backup into a new, migrated database, all or nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.exchange.services.backups import details
from portal.exchange.services.restoring import restore


class Command(BaseCommand):
    help = "Put a backup into an empty, migrated database, compare every table's digest, verify the trail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="which of the configured databases")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        file: Path = options["file"]
        try:
            restored = restore(by=Actor.system("restore"), file=file, using=options["database"])
        except Refused as refusal:
            raise CommandError(refusal.words()) from refusal
        except ImproperlyConfigured as error:
            raise CommandError(_("Nothing was restored: %(reason)s") % {"reason": error}) from error
        content, trail = restored.content, restored.trail
        for line in details(content.tables):
            self.stdout.write(line)
        self.stdout.write(
            _(
                "Restored: %(rows)s rows, %(documents)s documents in %(seconds)s s. Every table has the digest it had."
            )
            % {
                "rows": content.rows,
                "documents": content.documents,
                "seconds": f"{time.monotonic() - begun:.1f}",
            }
        )
        if trail.fault is not None:
            raise CommandError(
                _(
                    "The trail was touched before it was backed up, at row %(row)s. Everything was restored as it was; run "
                    "verify-trail to see what does not hold."
                )
                % {"row": trail.row},
                returncode=1,
            )
        self.stdout.write(
            _("The trail holds: %(sealed)s rows sealed, %(unsealed)s waiting for their seal.")
            % {"sealed": trail.sealed, "unsealed": trail.unsealed}
        )
