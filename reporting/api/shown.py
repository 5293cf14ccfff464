"""Filings, jobs, questions as plain values for JSON: the dictionary's names, decimals as strings, times with offset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from portal.contact.models import Question
from portal.core.api.endpoint import address, answer
from portal.core.clock import BEIJING
from portal.core.models import Job, JobState
from reporting.models import Filing, Upload
from reporting.queries import placed_faults, receipts
from reporting.queries.draft_lines import line_numbers
from reporting.queries.upload_pages import refusal_words
from reporting.services.checking import faults_of

POLL_AFTER = 2  # seconds; grows with the age of the job


def instant(moment: datetime | None) -> str | None:
    """ISO 8601 with the offset of Beijing, to the second that counts."""
    return None if moment is None else moment.astimezone(BEIJING).isoformat()


def filing_tag(filing: Filing) -> str:
    """The entity tag of a version: its revision and where it stands."""
    return f'"r{filing.revision}-{filing.status}"'


def receipt_of(filing: Filing) -> dict[str, Any] | None:
    """The receipt; None where the version was not submitted here."""
    if filing.submitted_at is None or not filing.receipt_no:
        return None
    return {**_receipt(filing), "on_time": receipts.was_on_time(filing)}


def filing_of(filing: Filing, *, on_time: bool | None = None) -> dict[str, Any]:
    """A version without its lines. ``on_time`` spares a query where it is known."""
    receipt = None
    if filing.submitted_at is not None and filing.receipt_no:
        receipt = receipt_of(filing) if on_time is None else {**_receipt(filing), "on_time": on_time}
    return {
        "id": filing.pk,
        "organisation": filing.organisation.code,
        "period": str(filing.period),
        "version": filing.version,
        "status": filing.status,
        "nil": filing.nil,
        "amendment_reason": filing.amendment_reason,
        "submitted_at": instant(filing.submitted_at),
        "revision": filing.revision,
        "line_count": filing.line_count,
        "receipt": receipt,
    }


def _receipt(filing: Filing) -> dict[str, Any]:
    said: dict[str, Any] = {
        "number": filing.receipt_no,
        "sha256": filing.sha256,
        "submitted_at": instant(filing.submitted_at),
    }
    if filing.organisation.is_sandbox:
        said["notice"] = _("This is no receipt. It comes from the sandbox: nothing was filed.")
    return said


def verdict_on(filing: Filing, numbers: Sequence[int] | None = None) -> dict[str, Any]:
    """What the checks say of a version, each at its cell; ``numbers`` is the order of the array that was sent."""
    faults = faults_of(filing)
    order = line_numbers(filing) if numbers is None else numbers
    told = placed_faults.placed(faults[: placed_faults.TOLD], order, placed_faults.stock_lines(filing))
    return {"faults": told, "fault_counts": placed_faults.counted(faults)}


def job_of(request: Request, job: Job) -> dict[str, Any]:
    """Long work: its state, how far it is, where its result is."""
    upload = Upload.objects.filter(pk=job.subject_id or 0).first() if job.kind == "upload" else None
    filing = None if upload is None else reverse("api_filing", args=[upload.filing_id])
    refused = job.state == JobState.FAILED and upload is not None and upload.refusal
    refusal = (
        {"code": upload.refusal["code"], "detail": refusal_words(upload)}
        if refused and upload is not None
        else None
    )
    return {
        "id": job.pk,
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "created_at": instant(job.created_at),
        "finished_at": instant(job.finished_at),
        "url": address(request, reverse("api_job", args=[job.pk])),
        "filing": None if filing is None else address(request, filing),
        "refusal": refusal,
    }


def accepted(request: Request, job: Job) -> HttpResponse:
    """202: a worker does it; where to ask how far it is, and when."""
    shown = job_of(request, job)
    return answer(shown, 202, {"Location": shown["url"], "Retry-After": str(POLL_AFTER)})


def question_of(question: Question) -> dict[str, Any]:
    """What the regulator asked, with the replies; its answers are at hand already."""
    return {
        "id": question.pk,
        "text": question.text,
        "asked_at": instant(question.asked_at),
        "due_on": question.due_on.isoformat(),
        "state": question.state,
        "period": None if question.period is None else str(question.period),
        "line_no": question.line_no,
        "finding": question.finding_id,
        "answers": [
            {"text": reply.text, "at": instant(reply.at), "from_regulator": reply.from_regulator}
            for reply in question.answers.all()
        ],
    }


def fault_of_file(fault: Mapping[str, Any], message: str) -> dict[str, Any]:
    """What is wrong with a file beyond its lines, at its cell."""
    return {
        "pointer": "/file",
        "code": fault["code"],
        "message": message,
        "severity": fault["severity"],
        "line_no": fault.get("line_no"),
        "column": fault["column"] or None,
        "product": None,
        "subject": fault.get("subject", ""),
        "explained": None,
        "cell": fault["cell"],
        "sheet": fault["sheet"],
    }
