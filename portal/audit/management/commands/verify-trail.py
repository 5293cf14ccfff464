"""``manage.py verify-trail``: exit 1 and the row's number if the trail was touched."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.audit.queries import verify


class Command(BaseCommand):
    help = "Walk the hash chain of the trail; exit 1 and name the row if it was touched."

    def handle(self, *args: Any, **options: Any) -> None:
        result = verify()
        if result.fault is not None:
            raise CommandError(
                _("The trail was touched at row %(row)s (%(fault)s); %(sealed)s rows before it hold.")
                % {"row": result.row, "fault": result.fault, "sealed": result.sealed},
                returncode=1,
            )
        self.stdout.write(
            _("The trail holds: %(sealed)s rows sealed, %(unsealed)s waiting for their seal.")
            % {"sealed": result.sealed, "unsealed": result.unsealed}
        )
