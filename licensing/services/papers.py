"""Papers of an application: taken in by what they are, scanned, kept under a digest; taken away while it is a draft."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.domain.papers import PaperUnfit, type_of
from licensing.models import Application, ApplicationPaper, InformationRequest, PaperKind
from licensing.services.applications import open_draft
from licensing.services.moves import tell
from portal.contact.services import documents
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused

PAPERS_MAX: Final = 60
WHY: Final[dict[str, str | Promise]] = {
    "empty": _("This file is empty."),
    "unknown_type": _(
        "This file is none of PDF, PNG, JPEG, DOCX and XLSX. What counts is its content, not its name."
    ),
    "broken": _("This file is cut off or broken. Save it again and choose it again."),
    "macros": _("This file holds macros. Save it without them, or as a PDF."),
    "encrypted": _(
        "This file is locked by a password, or in an old format. Save it without one, or as a PDF."
    ),
}


def add_paper(*, by: Actor, application_id: int, kind: str, name: str, data: bytes) -> ApplicationPaper:
    """The file is kept with the draft. The same file of the same kind again is the one that stands there."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        paper = keep(by=by, application=draft, kind=kind, name=name, data=data)
        tell("application.paper_added", by, draft, kind=kind, sha256=paper.document.sha256)
    return paper


def keep(
    *,
    by: Actor,
    application: Application,
    kind: str,
    name: str,
    data: bytes,
    request: InformationRequest | None = None,
    sealed: bool = False,
) -> ApplicationPaper:
    """The file is kept with the application; part of the caller's transaction. Refused with words for what is unfit."""
    if kind not in PaperKind.values:
        raise Refused("unknown_code", _("Say what kind of paper it is."), status=422)
    if application.papers.count() >= PAPERS_MAX:
        raise Refused(
            "too_many_papers", _("An application holds up to %(limit)s papers."), values={"limit": PAPERS_MAX}
        )
    content_type = fit(data)
    scanned = documents.scan(data)
    document = documents.store(
        by=by, organisation_id=application.organisation_id, name=name, data=data, content_type=content_type
    )
    same = application.papers.filter(
        kind=kind, document__sha256=document.sha256, sealed=sealed, request=request
    ).first()
    if same is not None:
        document.delete()
        return same
    return ApplicationPaper.objects.create(
        application=application,
        kind=kind,
        document=document,
        scan=scanned,
        sealed=sealed,
        request=request,
        at=clock.now(),
        by=by.user,
    )


def fit(data: bytes) -> str:
    """The content type of the bytes; refused with words where they are too many or none that is taken."""
    too_large(len(data))
    try:
        return type_of(data)
    except PaperUnfit as fault:
        raise Refused(f"file_{fault.code}", WHY[fault.code], status=422) from fault


def too_large(size: int) -> None:
    """Refuse a file above the limit, before anybody reads it."""
    if size > settings.UPLOAD_MAX_BYTES:
        raise Refused(
            "file_too_large",
            _(
                "This file has %(size)s MB. Up to %(limit)s MB are taken: scan it in a lower resolution, or split it."
            ),
            values={"size": -(-size // 2**20), "limit": settings.UPLOAD_MAX_BYTES // 2**20},
            status=413,
        )


def remove_paper(*, by: Actor, application_id: int, paper_id: int) -> None:
    """The paper is no part of the draft; a second call changes nothing."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        if draft.papers.filter(pk=paper_id).delete()[0]:
            tell("application.paper_removed", by, draft)
