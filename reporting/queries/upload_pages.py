"""What the page of an upload shows: the file, why it was turned away, its faults in words, how it compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from portal.contact.models import Document
from portal.core import clock
from portal.core.models import Job, JobState
from portal.core.tabular.messages import MESSAGES
from reporting.models import Filing, Upload
from reporting.queries.line_words import REASONS, column_label, reason_words
from reporting.queries.wording import message_of, title_of

NO_WORKER_AFTER = timedelta(seconds=20)
PAGE = 100

REFUSALS: dict[str, str] = {
    "no_rows": _("The table has headings and no rows. Fill it in, save it and upload it again."),
    "other_month": _("This workbook was made for %(typed)s; the filing is for %(expected)s. Upload it there, or download the workbook of this month."),
    "other_owner": _("This workbook was made for another organisation. Download the workbook of this filing and fill that in."),
    "other_filing": _("The file says that it belongs to another filing, as shown below. Correct those columns or remove them."),
    "handed_over": _("The filing went to the certifier before the file was read. Take it back and upload the file again."),
    "already_submitted": _("The filing was submitted before the file was read. Begin an amendment to change it."),
    "too_many_lines": _("The file has more lines than a filing can hold, which is %(limit)s."),
    "not_permitted": _("The person who uploaded the file may not change this draft any more."),
}  # fmt: skip


@dataclass(frozen=True)
class UploadFault:
    """A fault of an upload as its page and the returned workbook say it."""

    code: str
    severity: str
    place: str  # cell, row or sheet, in words
    sheet: str
    row: int | None
    position: int | None
    column_label: str
    title: str
    message: str
    url: str
    status: str  # new, open, or empty at the first upload


def own_upload(filing: Filing, upload_id: int) -> Upload:
    """One upload of a filing. Http404 for any other."""
    upload = filing.uploads.select_related("document", "by").filter(pk=upload_id).first()
    if upload is None:
        raise Http404
    return upload


def refusal_words(upload: Upload) -> str:
    """Why the whole file was turned away, in the reader's language; empty where it was not."""
    code: str = upload.refusal.get("code", "")
    words = REFUSALS.get(code) or MESSAGES.get(code)
    return gettext(words) % upload.refusal["values"] if words else code


def faults_in_words(faults: Sequence[dict[str, Any]]) -> list[UploadFault]:
    """Stored faults in the reader's language."""
    return [_in_words(fault) for fault in faults]


def _in_words(fault: dict[str, Any]) -> UploadFault:
    code = fault["code"]
    is_check = code not in REASONS and code not in MESSAGES
    if fault.get("reason"):
        message = reason_words(fault["reason"], {**fault["values"], "typed": fault["typed"]})
    elif is_check:
        message = message_of(code, fault["values"])
    else:
        message = reason_words(code, fault["values"])
    return UploadFault(
        code=code if is_check else "",
        severity=fault["severity"],
        place=_place(fault),
        sheet=fault["sheet"],
        row=fault["row"],
        position=_position(fault["cell"]),
        column_label=column_label(fault["column"]) if fault["column"] else "",
        title=title_of(code) if is_check else "",
        message=message,
        url=_page_of(code) if is_check else "",
        status=fault.get("status", ""),
    )


def _place(fault: dict[str, Any]) -> str:
    values = {"cell": fault["cell"], "sheet": fault["sheet"], "row": fault["row"]}
    if fault["cell"] and not fault["cell"].isdecimal():
        return gettext("Cell %(cell)s") % values
    if fault["row"]:
        return gettext("Row %(row)s") % values
    return gettext("Sheet “%(sheet)s”") % values if fault["sheet"] else gettext("Whole file")


def _position(cell: str) -> int | None:
    """The column of a cell such as ``AB7``, counted from 1."""
    number = 0
    for letter in cell:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - 64
    return number or None


def _page_of(code: str) -> str:
    try:
        return reverse("check_detail", args=[code])
    except NoReverseMatch:
        return ""


def remarks_of(upload: Upload) -> list[tuple[str, int | None, int | None, str]]:
    """What the returned workbook says in its cells: sheet, row, column and words in the active language."""
    faults = faults_in_words(upload.faults)
    return [
        (fault.sheet, fault.row, fault.position, f"{fault.code} {fault.message}".strip()) for fault in faults
    ]


def prepared_book(upload: Upload) -> Document | None:
    """The workbook with remarks that a worker made of a large file."""
    prepared = upload.compared.get("annotated")
    return Document.objects.filter(pk=prepared).first() if prepared else None


def mended_in_words(upload: Upload) -> list[UploadFault]:
    """The faults of the upload before that are gone."""
    earlier = Upload.objects.filter(filing=upload.filing_id, state="read", pk__lt=upload.pk).first()
    if earlier is None:
        return []
    still = {fault["key"] for fault in upload.faults}
    return faults_in_words([fault for fault in earlier.faults if fault["key"] not in still][:PAGE])


def job_of(upload: Upload) -> Job | None:
    """The work of reading it, if a worker does that."""
    return Job.objects.filter(pk=upload.job_id).first() if upload.job_id else None


def no_worker_answers(job: Job | None) -> bool:
    """Whether the file has waited so long that nobody seems to be there to read it."""
    return job is not None and job.state == JobState.QUEUED and clock.now() - job.created_at > NO_WORKER_AFTER
