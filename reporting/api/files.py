"""A month as a file: through the upload that the pages use, or tried without being stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from portal.core.actors import Actor
from portal.core.api.endpoint import address, answer
from portal.core.api.problems import Fault, Problem
from portal.core.api.tags import answered_with
from portal.core.models import Job
from portal.core.months import Month
from reporting.api import shown
from reporting.models import Upload
from reporting.queries import placed_faults
from reporting.queries.upload_pages import faults_in_words, refusal_words
from reporting.services import sending, uploads
from reporting.services.dry_runs import dry_run


def filed_answer(request: Request, actor: Actor, period: Month, file: UploadedFile[Any]) -> HttpResponse:
    """The draft with the faults of the file at their cells; 422 where the whole file is turned away."""
    sent, upload = sending.send_file(
        by=actor, organisation=actor.organisation, period=period, name=file.name or "", data=_bytes_of(file)
    )
    if upload.state == uploads.REFUSED:
        raise turned_away(upload)
    if sent.job_id is not None:
        return shown.accepted(request, Job.objects.get(pk=sent.job_id))
    filing = sent.filing
    verdict = shown.verdict_on(filing)
    data = shown.filing_of(filing) | verdict | {"faults": _at_their_cells(upload, verdict["faults"])}
    status = 201 if sent.begun else 200
    headers = {"Location": address(request, reverse("api_filing", args=[filing.pk]))} if sent.begun else {}
    return answered_with(request, answer(data, status, headers), shown.filing_tag(filing))


def _at_their_cells(upload: Upload, faults: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The faults of the lines with the cells of the file, and what is wrong with the file beyond its lines."""
    cells = {fault["key"]: fault for fault in upload.faults}
    words = {
        fault["key"]: told for fault, told in zip(upload.faults, faults_in_words(upload.faults), strict=True)
    }
    placed = []
    for fault in faults:
        key = f"{fault['code']}|{fault['subject']}"
        if (found := cells.pop(key, None)) is not None:
            fault |= {"cell": found["cell"], "sheet": found["sheet"], "message": words[key].message}
        placed.append(fault)
    beyond = [fault for fault in cells.values() if not fault.get("subject")]
    return [*(shown.fault_of_file(fault, words[fault["key"]].message) for fault in beyond), *placed]


def turned_away(upload: Upload) -> Problem:
    """Why a whole file was refused, with the places that show it."""
    detail = refusal_words(upload)
    words = [fault.message for fault in faults_in_words(upload.faults)]
    places: list[Fault | Mapping[str, Any]] = [
        shown.fault_of_file(fault, message) for fault, message in zip(upload.faults, words, strict=True)
    ]
    places = places or [Fault("/file", upload.refusal["code"], detail)]
    return Problem(422, upload.refusal["code"], detail, errors=places)


def _bytes_of(file: UploadedFile[Any]) -> bytes:
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        words = _("The file is larger than %(megabytes)s MB. Divide it, or send it as CSV.")
        raise Problem(413, "too_large", words % {"megabytes": settings.UPLOAD_MAX_BYTES // 2**20})
    data: bytes = file.read()
    return data


def tried_file(actor: Actor, period: Month, file: UploadedFile[Any]) -> HttpResponse:
    """What would be said of the file; nothing is stored. 422 where nothing of it can be read."""
    verdict = dry_run(
        organisation=actor.organisation, period=period, name=file.name or "", data=_bytes_of(file)
    )
    faults = [
        {
            "pointer": "/file",
            "code": fault.code,
            "message": fault.message,
            "severity": fault.severity,
            "line_no": fault.line_no,
            "column": fault.column,
            "product": None,
            "subject": fault.subject,
            "explained": None,
            "cell": fault.cell,
            "sheet": fault.sheet,
        }
        for fault in verdict.faults[: placed_faults.TOLD]
    ]
    if verdict.refused:
        first = verdict.faults[0]
        raise Problem(422, first.code, first.message, errors=faults)
    counts = dict.fromkeys(("error", "warning", "notice"), 0)
    for fault in verdict.faults:
        counts[fault.severity] += 1
    return answer({"faults": faults, "fault_counts": {**counts, "unexplained": counts["warning"]}})
