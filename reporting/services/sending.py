"""A month sent by a company's software: the same draft as on the pages, its lines put in place at once or by a worker."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.contact.services import documents
from portal.core import clock, jobs
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.months import Month
from reporting import frames
from reporting.domain.cells import Row
from reporting.models import Filing, Line, Upload
from reporting.queries.filings import open_draft
from reporting.services import drafts, intake, uploads
from reporting.services.checking import Fault, faults_of_lines
from reporting.services.draft_lines import replace_lines
from reporting.services.draft_locks import hold_draft, mark_saved, require_revision

SOURCE = "api"


@dataclass(frozen=True)
class Sent:
    """What came of it: the draft, whether it was begun now, the number of the job that still puts its lines in place."""

    filing: Filing
    begun: bool
    job_id: int | None = None


@transaction.atomic
def send_lines(*, by: Actor, organisation: Organisation, period: Month, rows: Sequence[Row]) -> Sent:
    """The month's draft holds exactly these lines; what stood there is kept and can be brought back on its page."""
    begun = open_draft(organisation.pk, period) is None
    filing = drafts.start(by=by, organisation=organisation, period=period, from_last=False, source=SOURCE)
    return put_lines(by=by, filing_id=filing.pk, rows=rows, begun=begun)


@transaction.atomic
def put_lines(
    *, by: Actor, filing_id: int, rows: Sequence[Row], begun: bool = False, seen: int | None = None
) -> Sent:
    """The draft holds exactly these lines, now or, above ``LINES_AT_ONCE``, once a worker has done it.

    Raises Stale where the draft changed since the revision ``seen``.
    """
    filing = hold_draft(by, filing_id)
    if seen is not None:
        require_revision(filing, seen)
    if filing.nil and rows:
        filing.nil = False
        filing.save(update_fields=["nil"])
    if len(rows) > settings.LINES_AT_ONCE:
        return Sent(filing, begun, _to_a_worker(by, filing, rows))
    uploads.keep_lines(by=by, filing=filing)
    replace_lines(by=by, filing_id=filing.pk, revision=None, rows=rows, source=SOURCE)
    filing.refresh_from_db()
    return Sent(filing, begun)


def _to_a_worker(by: Actor, filing: Filing, rows: Sequence[Row]) -> int:
    """The lines are kept as they came; the worker that reads files puts them in place."""
    packed = gzip.compress(json.dumps({"lines": rows}, ensure_ascii=False).encode(), mtime=0)
    name = f"{filing.period} {len(rows)}"
    document = documents.store(
        by=by, organisation_id=filing.organisation_id, name=name, data=packed, content_type=uploads.KEPT_TYPE
    )
    upload = Upload.objects.create(filing=filing, document=document, at=clock.now(), by=by.user)
    job = jobs.start(by=by, kind="upload", task=uploads.JOB, subject_id=upload.pk)
    upload.job_id = job.pk
    upload.save(update_fields=["job_id"])
    data = {"upload": upload.pk, "lines": len(rows)}
    record("upload.received", by=by, subject=("filing", filing.pk), data=data)
    return job.pk


@transaction.atomic
def send_nil(*, by: Actor, organisation: Organisation, period: Month) -> Sent:
    """The month's draft says that nothing moved. Refused where it has lines."""
    begun = open_draft(organisation.pk, period) is None
    filing = drafts.start(by=by, organisation=organisation, period=period, from_last=False, source=SOURCE)
    return Sent(put_nil(by=by, filing_id=filing.pk), begun)


@transaction.atomic
def put_nil(*, by: Actor, filing_id: int) -> Filing:
    """The draft says that nothing moved. Refused where it has lines."""
    filing = hold_draft(by, filing_id)
    if Line.objects.filter(filing=filing).exists():
        raise Refused(
            "lines_exist", _("The draft of this month has lines. Discard them first if nothing moved.")
        )
    if not filing.nil:
        filing.nil = True
        filing.save(update_fields=["nil"])
        mark_saved(filing, line_nos=None)
        record(
            "draft.saved",
            by=by,
            subject=("filing", filing.pk),
            data={"revision": filing.revision, "lines": 0},
        )
    return filing


@transaction.atomic
def send_file(
    *, by: Actor, organisation: Organisation, period: Month, name: str, data: bytes
) -> tuple[Sent, Upload]:
    """The month's draft holds what the file holds, or the upload says why not, or a worker is reading it."""
    begun = open_draft(organisation.pk, period) is None
    filing = drafts.start(by=by, organisation=organisation, period=period, from_last=False, source=SOURCE)
    upload = uploads.receive(by=by, filing_id=filing.pk, name=name, data=data)
    filing.refresh_from_db()
    job_id = upload.job_id if upload.state == uploads.QUEUED else None
    return Sent(filing, begun, job_id), upload


def tried(
    *, organisation: Organisation, period: Month, rows: Sequence[Row], nil: bool = False
) -> list[Fault]:
    """What the checks would say of these lines as the organisation's filing of that month; nothing is stored."""
    newest = Filing.objects.filter(organisation=organisation, period=period).order_by("-version").first()
    version = 1 if newest is None else newest.version + (0 if newest.is_open else 1)
    filing = Filing(
        pk=frames.UNSAVED,
        organisation=organisation,
        period=period,
        version=version,
        nil=nil,
        line_count=len(rows),
    )
    return faults_of_lines(filing, intake.frame_of(filing, intake.read(filing, rows)))
