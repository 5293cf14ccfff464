"""A block pasted as text: read by the same reader, kept like a file, added to the draft or put in its place."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.contact.services import documents
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.tabular.reading import read_pasted
from reporting.domain.line_columns import NAMES
from reporting.models import Upload
from reporting.services.draft_locks import hold_draft
from reporting.services.upload_rows import LIMITS, spec
from reporting.services.uploads import FileRefusal, rows_of, same_again, take_in, turn_away

FILE_NAME = "pasted.csv"


def paste(*, by: Actor, filing_id: int, text: str, replace: bool = False) -> Upload:
    """The rows are in the draft, or the upload that stands for them says why not. The same block twice is one."""
    data = text.encode("utf-8", "replace")
    with transaction.atomic():
        filing = hold_draft(by, filing_id)
        if (same := same_again(filing, data, add=not replace)) is not None:
            return same
        document = documents.store(
            by=by,
            organisation_id=filing.organisation_id,
            name=FILE_NAME,
            data=data,
            content_type="text/plain",
        )
        upload = Upload.objects.create(filing=filing, document=document, at=clock.now(), by=by.user)
        record("upload.pasted", by=by, subject=("filing", filing.pk), data={"upload": upload.pk})
        reading = read_pasted(data.decode(), spec(), columns=NAMES, limits=LIMITS)
        try:
            rows = rows_of(filing, reading)
            if len(rows.rows) > settings.LINES_AT_ONCE:
                values = {"limit": settings.LINES_AT_ONCE}
                raise Refused(
                    "too_many_pasted",
                    _("Paste at most %(limit)s rows at a time, or upload them as a file."),
                    values=values,
                    status=422,
                )
            take_in(by, upload, rows, add=not replace)
        except FileRefusal as refusal:
            turn_away(by, upload, refusal)
    return upload
