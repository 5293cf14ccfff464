"""Starting and following long work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portal.core import clock
from portal.core.actors import Actor
from portal.core.models import Job, JobState
from portal.core.outbox import enqueue


def start(
    *,
    by: Actor,
    kind: str,
    task: str,
    subject_id: int | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Job:
    """A job that a worker will do; its page shows the progress."""
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            organisation_id=by.organisation_id,
            user_id=by.user_id,
            subject_id=subject_id,
            parameters=dict(parameters or {}),
            created_at=clock.now(),
        )
        enqueue(task, job.pk, queue="big")
    return job


def report(job_id: int, *, done: int, total: int) -> None:
    """Tell how far the work is."""
    Job.objects.filter(pk=job_id).update(state=JobState.RUNNING, done=done, total=total)


def finish(job_id: int, *, result: Mapping[str, Any], failed: bool = False) -> None:
    """End a job with what came of it."""
    state = JobState.FAILED if failed else JobState.DONE
    Job.objects.filter(pk=job_id).update(state=state, result=dict(result), finished_at=clock.now())


def visible_to(actor: Actor, job_id: int) -> Job | None:
    """The job, if this actor's organisation or this very person started it."""
    rows = Job.objects.filter(pk=job_id, user_id=actor.user_id, organisation_id=actor.organisation_id)
    return rows.first()
