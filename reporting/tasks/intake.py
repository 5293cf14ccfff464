"""Large files are read by a worker."""

from __future__ import annotations

from portal.core.durable import durable
from reporting.services import uploads


@durable(uploads.JOB)
def read_upload(job_id: int) -> None:
    """Read the file that a job was started for."""
    uploads.read_in_worker(job_id)
