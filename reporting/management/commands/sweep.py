"""``manage.py sweep``: all checks over the months, by the workers if any answers, else here."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import date, datetime
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.core import clock, outbox
from portal.core.actors import Actor
from portal.core.months import Month
from reporting.models import Sweep, SweepState
from reporting.services import sweeps

PAUSE = 0.5
PATIENCE = (
    2 * sweeps.LEASE.total_seconds()
)  # nothing done for so long: the workers are gone, this process helps
WIDTH = 40


class Command(BaseCommand):
    help = "Run all checks over the months and bring the findings up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            dest="first",
            type=month,
            metavar="YYYY-MM",
            help="first month; default: the first on record",
        )
        parser.add_argument(
            "--to", dest="last", type=month, metavar="YYYY-MM", help="last month; default: the last on record"
        )
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="DATE",
            help="as it stood at 24:00 Beijing time of that day; default: now",
        )  # fmt: skip
        parser.add_argument("--wait", action="store_true", help="stay until the workers are done")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = clock.end_of_day(options["as_of"]) if options["as_of"] else clock.now()
        by = Actor.system("command")
        sweeps.prepare(by=by, as_of=as_of)
        first, last = months_of(options["first"], options["last"])
        workers = workers_answer()
        sweep = sweeps.begin(by=by, first=first, last=last, as_of=as_of, cause="command", promise=workers)
        if not workers:
            self._work(sweep)
        elif options["wait"]:
            self._watch(sweep)
        else:
            hand_over()
            self.stdout.write(_("Sweep %(number)s is with the workers.") % {"number": sweep.pk})
            return
        self._report(sweep.pk)

    def _work(self, sweep: Sweep) -> None:
        """Do the shards in this process; another process may help."""
        came = sweeps.Worked(worked=True, waiting=True)
        while came.worked:
            self._draw(sweep)
            came = sweeps.work_shard(sweep.pk)
        self._draw(sweep)

    def _watch(self, sweep: Sweep) -> None:
        """Wait for the workers; where nothing is done for long, work as one of them."""
        hand_over()
        pause, waited, seen = threading.Event(), 0.0, 0
        while Sweep.objects.filter(pk=sweep.pk, state=SweepState.RUNNING).exists():
            done = self._draw(sweep)
            waited, seen = (0.0 if done != seen else waited + PAUSE), done
            if waited > PATIENCE:
                sweeps.work_shard(sweep.pk)
                waited = 0.0
            pause.wait(PAUSE)
        self._draw(sweep)

    def _draw(self, sweep: Sweep) -> int:
        """The bar, where a person watches."""
        done, total = sweeps.progress(sweep.pk)
        if sys.stderr.isatty():
            filled = WIDTH * done // max(total, 1)
            end = "\n" if done == total else ""
            self.stderr.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total}", ending=end)
        return done

    def _report(self, sweep_id: int) -> None:
        sweep = Sweep.objects.get(pk=sweep_id)
        if sweep.finished_at is None:
            raise CommandError(
                _("Sweep %(number)s is not finished: another process holds a part of it.")
                % {"number": sweep.pk}
            )
        seconds = max((sweep.finished_at - sweep.started_at).total_seconds(), 0.001)
        self.stdout.write(
            _("Sweep %(number)s, %(first)s to %(last)s, as of %(as_of)s")
            % {
                "number": sweep.pk,
                "first": sweep.from_period,
                "last": sweep.to_period,
                "as_of": shown(sweep.as_of),
            }
        )
        self.stdout.write(
            _(
                "findings: %(opened)s opened, %(reopened)s reopened, %(closed)s closed, %(unchanged)s unchanged"
            )
            % {name: getattr(sweep, name) for name in ("opened", "reopened", "closed", "unchanged")}
        )
        self.stdout.write(
            _("%(filings)s filings, %(lines)s lines in %(seconds)s s: %(rate)s lines a second")
            % {
                "filings": sweep.filings,
                "lines": sweep.lines,
                "seconds": f"{seconds:.1f}",
                "rate": f"{sweep.lines / seconds:.0f}",
            }
        )


def month(text: str) -> Month:
    """A month of the command line."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("write the month as YYYY-MM")) from error


def months_of(first: Month | None, last: Month | None) -> tuple[Month, Month]:
    """The months asked for; what is left open is as wide as the record."""
    known = sweeps.span()
    if known is None and (first is None or last is None):
        raise CommandError(_("There is nothing to sweep: no organisation owes a month and nothing is filed."))
    begins, ends = known or (Month(0), Month(0))
    begins, ends = first or begins, last or ends
    if begins > ends:
        raise CommandError(_("The first month is after the last."))
    return begins, ends


def workers_answer() -> bool:
    """Whether any worker is there; a broker that is away means no."""
    try:
        return bool(current_app.control.ping(timeout=1.0))
    except Exception:  # every broker library has its own errors; each means that no worker can be reached
        return False


def hand_over() -> None:
    """Send what is owed at once; where the broker refuses, the relay sends it later."""
    try:
        outbox.send_owed()
    except Exception:  # the rows stay owed: nothing is lost
        return


def shown(moment: datetime) -> str:
    return moment.astimezone(clock.BEIJING).isoformat(timespec="seconds")
