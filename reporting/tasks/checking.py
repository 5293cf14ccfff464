"""Work for the workers: the check after a submission, the shards of a sweep, the sweep of every night."""

from __future__ import annotations

from celery import shared_task

from portal.core import clock
from portal.core.durable import durable
from reporting.services import checking, sweeps, touched


@durable("reporting.check_filing")
def check_filing(filing_id: int) -> None:
    """A filing was submitted or withdrawn: its month, and the months that look back at it, are judged again."""
    checking.check_filing(filing_id)
    touched.promise_for(filing_id=filing_id)


@durable(touched.TASK)
def recheck_touched(organisation_id: int) -> None:
    """What the enterprise's filings touch beyond themselves is judged again."""
    touched.recheck_touched(organisation_id=organisation_id)


@durable(sweeps.TASK)
def work_sweep(sweep_id: int) -> None:
    """One shard of a sweep."""
    sweeps.work_promised(sweep_id)


@shared_task(name="reporting.nightly_sweep", ignore_result=True)
def nightly_sweep() -> None:
    """Judge every month on record."""
    moment = clock.now()
    sweeps.prepare(by=sweeps.SWEEPER, as_of=moment)
    months = sweeps.span()
    if months is not None:
        sweeps.begin(by=sweeps.SWEEPER, first=months[0], last=months[1], as_of=moment, cause="night")
