"""`manage.py simulate`: a nation as the data dictionary's files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.core.clock import today
from portal.core.months import Month
from portal.simulation.domain.nation import Nation, simulate, write, write_nation
from portal.simulation.domain.planting import plant


class Command(BaseCommand):
    """Write a nation, made up from a seed, to a folder: honest, or with cases planted in it."""

    help = "Write a nation made up from a seed as the data dictionary's files"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--enterprises", type=int, default=40)
        parser.add_argument("--months", type=int, default=24)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--start", metavar="YYYY-MM", help="first month; without it the last month is the one before this"
        )
        parser.add_argument("--truth", type=Path, metavar="DIR", help="also write what really happened")
        parser.add_argument(
            "--planted",
            type=int,
            metavar="N",
            help="with honest noise, and N cases of each kind with their twins",
        )
        parser.add_argument(
            "--open-last", action="store_true", help="leave about half of the last month's filings to be made"
        )

    def handle(self, **options: Any) -> None:
        start = options["start"] or Month.of(today()) - options["months"]
        size = (options["seed"], options["enterprises"], start, options["months"], options["open_last"])
        try:
            if options["planted"] is None:
                lines = write_nation(Nation(*size), options["out"], options["truth"])
            else:
                tables = plant(simulate(*size), options["seed"], options["planted"])
                write(tables, options["out"], options["truth"])
                lines = len(tables["lines"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(enterprises)s enterprises, %(months)s months, %(lines)s lines in %(folder)s")
            % {
                "enterprises": options["enterprises"],
                "months": options["months"],
                "lines": lines,
                "folder": options["out"],
            }
        )
