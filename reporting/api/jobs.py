"""``jobs/``: long work, its state and result."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from portal.core import clock, jobs
from portal.core.api.endpoint import Endpoint, answer
from portal.core.api.problems import not_found
from portal.core.api.schema import Operation, Said, described
from portal.core.permissions import Permission
from reporting.api import examples, shown
from reporting.api.shapes import JobShape

LONGEST_WAIT = 30  # seconds


class JobItem(Endpoint):
    """One job that this very person started."""

    allowed = {"GET": (Permission.FILING_VIEW,)}

    @described(
        Operation(
            "jobs_read",
            "Work",
            "How far a job is",
            refusals=["not_found"],
            words="While it is queued or running, Retry-After says when to ask again: longer as the job grows older.",
            answers={200: Said(JobShape, "the job", examples.JOB | {"state": "done"})},
        )
    )
    def get(self, request: Request, job_id: int) -> HttpResponse:
        job = jobs.visible_to(self.actor, job_id)
        if job is None:
            raise not_found()
        if job.is_over:
            return answer(shown.job_of(request, job))
        age = int((clock.now() - job.created_at).total_seconds())
        wait = max(shown.POLL_AFTER, min(LONGEST_WAIT, age // 2))
        return answer(shown.job_of(request, job), headers={"Retry-After": str(wait)})
