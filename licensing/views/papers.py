"""Papers, letters and licences as files: to save, never shown in place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from licensing.documents.letters import letter_pdf
from licensing.documents.licences import licence_pdf
from licensing.queries.applications import paper_seen_by
from licensing.queries.licence_pages import letter_seen_by, licence_seen_by
from licensing.services.viewing import application_viewed
from licensing.views.frames import actor_of, attachment
from portal.contact.services import documents
from portal.core.permissions import Permission, allow

BOTH = (Permission.LICENCE_VIEW, Permission.SUPERVISE)


@allow(*BOTH)
@require_safe
def application_paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """A paper as it was handed in."""
    paper = paper_seen_by(actor_of(request), paper_id)
    application_viewed(by=actor_of(request), application=paper.application, what="paper")
    answer = attachment(documents.content_of(paper.document), "application/octet-stream", "paper")
    named = content_disposition_header(as_attachment=True, filename=paper.document.original_name)
    answer.headers["Content-Disposition"] = named or "attachment"
    return answer


@allow(*BOTH)
@require_safe
def licence_letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """A letter of the office."""
    letter = letter_seen_by(actor_of(request), letter_id)
    return attachment(letter_pdf(letter), "application/pdf", f"letter-{letter.number.replace('/', '-')}.pdf")


@allow(*BOTH)
@require_safe
def licence_document(request: HttpRequest, licence_id: int) -> HttpResponse:
    """The licence with its signed code."""
    licence = licence_seen_by(actor_of(request), licence_id)
    return attachment(licence_pdf(licence), "application/pdf", f"licence-{licence.licence_no}.pdf")
