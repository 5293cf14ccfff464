"""Files handed in for a draft: kept as they came, read apart, stored through the one door, compared with the last one."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.accounts.queries.sandboxes import acting_for
from portal.audit.services import record
from portal.contact.services import documents
from portal.core import clock, jobs
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.models import Job
from portal.core.tabular.isolation import IsolationError, annotate_safely, read_safely
from portal.core.tabular.tables import Limits, Reading
from reporting.domain.cells import Row
from reporting.models import Filing, Upload
from reporting.queries.draft_lines import all_rows, unread_cells
from reporting.queries.upload_pages import remarks_of
from reporting.services.draft_lines import AS_TYPED, REGISTERS, replace_lines
from reporting.services.draft_locks import hold_draft
from reporting.services.upload_faults import compare, faults_after
from reporting.services.upload_rows import LIMITS, TABLE, FileRows, rows_of_table, spec

JOB = "reporting.read_upload"
QUEUED, READ, REFUSED, KEPT = "queued", "read", "refused", "kept"
_LARGE = {"csv": 900_000, "packed": 350_000}  # bytes of some 6,000 lines: above it a worker reads the file
_LIMITS_OF_LARGE = Limits(cpu_seconds=120, memory_bytes=1_500_000_000)
KEPT_TYPE = "application/json"


class FileRefusal(Exception):
    """The whole file is turned away: code and values, and the places that show why."""

    def __init__(self, code: str, values: dict[str, Any], faults: list[dict[str, Any]]) -> None:
        super().__init__(code)
        self.code, self.values, self.faults = code, values, faults


def receive(*, by: Actor, filing_id: int, name: str, data: bytes) -> Upload:
    """The file is kept, and read now or, if it is large, by a worker. The same file twice in a row is one upload."""
    if len(data) > settings.UPLOAD_MAX_BYTES:
        values = {"megabytes": settings.UPLOAD_MAX_BYTES // 2**20}
        raise Refused(
            "too_large",
            _("The file is larger than %(megabytes)s MB. Divide it, or send it as CSV."),
            values=values,
            status=422,
        )
    with transaction.atomic():
        filing = hold_draft(by, filing_id)
        if (same := same_again(filing, data)) is not None:
            return same
        document = documents.store(by=by, organisation_id=filing.organisation_id, name=name, data=data)
        upload = Upload.objects.create(filing=filing, document=document, at=clock.now(), by=by.user)
        record(
            "upload.received",
            by=by,
            subject=("filing", filing.pk),
            data={"upload": upload.pk, "sha256": document.sha256},
        )
        if _is_large(name, len(data)):
            _to_a_worker(by, upload)
    if upload.job_id is None:
        read_upload(by=by, upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def same_again(filing: Filing, data: bytes, *, add: bool = False) -> Upload | None:
    """The latest upload, if it did the same with the same file and the draft has not changed since."""
    sha256 = hashlib.sha256(data).hexdigest()
    latest = filing.uploads.select_related("document").exclude(state=KEPT).first()
    if latest is None or latest.document.sha256 != sha256 or latest.compared.get("added", False) != add:
        return None
    unchanged = latest.state == QUEUED or latest.compared.get("revision") == filing.revision
    return latest if unchanged and latest.state != REFUSED else None


def _is_large(name: str, size: int) -> bool:
    return size > _LARGE["csv" if name.lower().endswith((".csv", ".txt")) else "packed"]


def _to_a_worker(by: Actor, upload: Upload) -> None:
    job = jobs.start(by=by, kind="upload", task=JOB, subject_id=upload.pk)
    upload.job_id = job.pk
    upload.save(update_fields=["job_id"])


def read_upload(*, by: Actor, upload_id: int, in_worker: bool = False) -> None:
    """What the file holds is in the draft, or the upload says why not. Runs once: a second call finds it done."""
    upload = Upload.objects.select_related("document", "filing__organisation").get(pk=upload_id)
    if upload.state != QUEUED:
        return
    document = upload.document
    if document.content_type == KEPT_TYPE:
        rows = FileRows(rows=_unpacked(documents.content_of(document)))
    else:
        reading = read_safely(documents.content_of(document), document.original_name, [spec()], limits=LIMITS)
        lines = len(reading.tables[TABLE]) if TABLE in reading.tables else 0
        if lines > settings.LINES_AT_ONCE and not in_worker:
            with transaction.atomic():
                _to_a_worker(by, upload)
            return
        try:
            rows = rows_of(upload.filing, reading)
        except FileRefusal as refusal:
            turn_away(by, upload, refusal)
            return
    try:
        take_in(by, upload, rows)
    except Refused as refused:
        turn_away(by, upload, FileRefusal(refused.code, refused.values, []))


def rows_of(filing: Filing, reading: Reading) -> FileRows:
    """The lines that a reading holds. Raises the refusal that turns the whole file away."""
    if reading.refusal is not None:
        fault = reading.refusal
        raise FileRefusal(fault.code, {**fault.values, "sheet": fault.sheet}, [])
    _require_mark(filing, reading.marks)
    table = reading.tables.get(TABLE)
    if table is None or not len(table):
        raise FileRefusal("no_rows", {}, [])
    rows = rows_of_table(filing, table, reading.faults)
    if rows.is_of_another_filing:
        raise FileRefusal("other_filing", {}, rows.faults)
    return rows


def _require_mark(filing: Filing, marks: dict[str, str]) -> None:
    """A template of ours says which month it was made for: another month's is not taken by mistake."""
    month, owner = (
        marks.get("period", str(filing.period)),
        marks.get("organisation", filing.organisation.code),
    )
    if month != str(filing.period):
        raise FileRefusal("other_month", {"typed": month[:20], "expected": str(filing.period)}, [])
    if owner != filing.organisation.code:
        raise FileRefusal("other_owner", {}, [])


def turn_away(by: Actor, upload: Upload, refusal: FileRefusal) -> None:
    """The draft is as it was; the upload says why."""
    with transaction.atomic():
        upload.state = REFUSED
        upload.refusal = {"code": refusal.code, "values": refusal.values}
        upload.faults = refusal.faults
        upload.save(update_fields=["state", "refusal", "faults"])
        data = {"upload": upload.pk, "code": refusal.code}
        record("upload.refused", by=by, subject=("filing", upload.filing_id), data=data)


@transaction.atomic
def take_in(by: Actor, upload: Upload, rows: FileRows, *, add: bool = False) -> None:
    """The rows are lines of the draft, in place of what stood there or after it; the upload says what is wrong.

    Nothing happens where another worker, sent the same file, was quicker.
    """
    filing = hold_draft(by, upload.filing_id)
    upload.refresh_from_db(fields=["state"])
    if upload.state != QUEUED:
        return
    kept = keep_lines(by=by, filing=filing)
    source = "file" if rows.places else filing.source
    standing: list[Row] = []
    if add:
        standing = all_rows(filing)
        rows = rows.numbered_after(max((number for number, _cells in standing), default=0))
    doubted = {**rows.doubted, **_unread_before(filing, add=add)}
    saved, lines = replace_lines(
        by=by,
        filing_id=filing.pk,
        revision=None,
        rows=[*standing, *rows.rows],
        source=source,
        doubted=doubted,
    )
    filing.refresh_from_db()
    upload.state = READ
    upload.lines = len(rows.rows)
    upload.faults, counts = faults_after(filing, rows, lines)
    upload.compared = {
        **compare(upload),
        **counts,
        "revision": saved.revision,
        "added": add,
        "kept": kept.pk if kept else None,
    }
    upload.save(update_fields=["state", "lines", "faults", "compared"])


def _unread_before(filing: Filing, *, add: bool) -> dict[tuple[int, str], str]:
    """Cells of standing lines that were not understood stay as they are; codes get another chance."""
    if not add:
        return {}
    kept = unread_cells(filing)
    return {
        (number, name): AS_TYPED for number, cells in kept.items() for name in cells if name not in REGISTERS
    }


def keep_lines(*, by: Actor, filing: Filing) -> Upload | None:
    """The lines as they stand are put by, so that what replaces them can be undone; None where there are none."""
    if not filing.line_count:
        return None
    packed = gzip.compress(json.dumps({"lines": all_rows(filing)}, ensure_ascii=False).encode(), mtime=0)
    name = f"{filing.period} {filing.line_count}"
    document = documents.store(
        by=by, organisation_id=filing.organisation_id, name=name, data=packed, content_type=KEPT_TYPE
    )
    return Upload.objects.create(
        filing=filing, document=document, at=clock.now(), by=by.user, state=KEPT, lines=filing.line_count
    )


def _unpacked(data: bytes) -> list[Row]:
    return [(number, cells) for number, cells in json.loads(gzip.decompress(data))["lines"]]


def apply_again(*, by: Actor, upload_id: int, filing_id: int) -> Upload:
    """The draft holds what an earlier upload held, or what stood before a file replaced it."""
    with transaction.atomic():
        filing = hold_draft(by, filing_id)
        earlier = filing.uploads.select_related("document").filter(pk=upload_id).first()
        if earlier is None or earlier.state == REFUSED:
            raise Refused("no_such_upload", _("There is no such file to bring back."), status=404)
        upload = Upload.objects.create(filing=filing, document=earlier.document, at=clock.now(), by=by.user)
        data = {"upload": upload.pk, "again": earlier.pk}
        record("upload.applied_again", by=by, subject=("filing", filing.pk), data=data)
        if earlier.lines > settings.LINES_AT_ONCE:
            _to_a_worker(by, upload)
    if upload.job_id is None:
        read_upload(by=by, upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def read_in_worker(job_id: int) -> None:
    """Do what a job promised, as the person who handed the file in; their roles are read afresh."""
    job = Job.objects.get(pk=job_id)
    upload = Upload.objects.select_related("by", "document", "filing").filter(pk=job.subject_id or 0).first()
    if upload is None:  # the draft was thrown away meanwhile
        jobs.finish(job_id, result={}, failed=True)
        return
    jobs.report(job_id, done=0, total=0)
    actor = acting_for(upload.by, job.organisation_id)
    read_upload(by=actor, upload_id=upload.pk, in_worker=True)
    upload.refresh_from_db()
    kept = upload.document.content_type == KEPT_TYPE or "annotated" in upload.compared
    if upload.state == READ and upload.faults and not kept:
        _prepare_book(actor, upload)
    jobs.finish(job_id, result={"upload": upload.pk, "state": upload.state}, failed=upload.state == REFUSED)


def _prepare_book(by: Actor, upload: Upload) -> None:
    """The file with remarks in its cells is ready to be fetched, in its sender's language. A large one takes a while."""
    with override(upload.by.language):
        remarks = remarks_of(upload)
    document = upload.document
    try:
        book = annotate_safely(
            documents.content_of(document), document.original_name, remarks, limits=_LIMITS_OF_LARGE
        )
    except IsolationError:  # the page lists the faults all the same
        return
    with transaction.atomic():
        made = documents.store(
            by=by, organisation_id=upload.filing.organisation_id, name="remarks.xlsx", data=book
        )
        upload.compared["annotated"] = made.pk
        upload.save(update_fields=["compared"])
