"""Files in and out of a draft: the template, the upload and what came of it, the pasted block."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.contact.services import documents
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.tabular.isolation import IsolationError, annotate_safely
from portal.core.tabular.messages import fault_text
from reporting.documents.line_files import csv_of, workbook_of
from reporting.forms.intake import PasteForm, UploadForm
from reporting.models import Filing, FilingStatus, Upload
from reporting.queries import upload_pages
from reporting.queries.filings import visible_filing
from reporting.services import pasting, uploads
from reporting.views.drafts import actor_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _attachment(data: bytes, kind: str, name: str) -> HttpResponse:
    """Bytes to save, never to show."""
    answer = HttpResponse(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file_name(filing: Filing, extension: str) -> str:
    """A name that says which filing it is, in characters that every system keeps."""
    return (
        f"{filing.organisation.uscc or filing.organisation_id}-{filing.period}-v{filing.version}.{extension}"
    )


@allow(Permission.FILING_VIEW)
@require_safe
def filing_template(request: HttpRequest, filing_id: int) -> HttpResponse:
    """The lines as a workbook to fill in."""
    filing = visible_filing(actor_of(request), filing_id)
    return _attachment(workbook_of(filing), XLSX, _file_name(filing, "xlsx"))


@allow(Permission.FILING_VIEW)
@require_safe
def filing_csv(request: HttpRequest, filing_id: int) -> HttpResponse:
    """The lines as CSV."""
    filing = visible_filing(actor_of(request), filing_id)
    return _attachment(csv_of(filing), "text/csv; charset=utf-8", _file_name(filing, "csv"))


@allow(Permission.FILING_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_upload(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Hand a file in."""
    actor = actor_of(request)
    filing = visible_filing(actor, filing_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                upload = uploads.receive(
                    by=actor, filing_id=filing_id, name=file.name or "", data=file.read()
                )
            except Refused as refused:
                form.add_error("file", refused.words())
            else:
                return redirect("upload_view", filing_id, upload.pk)
    context = {"filing": filing, "form": form, "closed": filing.status != FilingStatus.DRAFT}
    context["uploads"] = filing.uploads.select_related("document", "by")[:10]
    return render(request, "reporting/filing_upload.html", context, status=422 if form.errors else 200)


@allow(Permission.FILING_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_paste(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Paste a block."""
    actor = actor_of(request)
    filing = visible_filing(actor, filing_id)
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text, replace = form.cleaned_data["text"], form.cleaned_data["how"] == "replace"
        try:
            upload = pasting.paste(by=actor, filing_id=filing_id, text=text, replace=replace)
        except Refused as refused:
            form.add_error("text", refused.words())
        else:
            return redirect("upload_view", filing_id, upload.pk)
    context = {"filing": filing, "form": form, "closed": filing.status != FilingStatus.DRAFT}
    return render(request, "reporting/filing_paste.html", context, status=422 if form.errors else 200)


@allow(Permission.FILING_VIEW)
@require_safe
def upload_view(request: HttpRequest, filing_id: int, upload_id: int) -> HttpResponse:
    """What came of a file; while a worker reads it, how far that is."""
    actor = actor_of(request)
    filing = visible_filing(actor, filing_id)
    upload = upload_pages.own_upload(filing, upload_id)
    if upload.state == uploads.QUEUED:
        return _progress(request, filing, upload)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    page = request.GET.get("page", "1")
    number = max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    start = (number - 1) * upload_pages.PAGE
    context = {
        "filing": filing,
        "upload": upload,
        "refusal": upload_pages.refusal_words(upload),
        "faults": upload_pages.faults_in_words(upload.faults[start : start + upload_pages.PAGE]),
        "mended": upload_pages.mended_in_words(upload) if upload.state == uploads.READ else [],
        "page": number,
        "pages": -(-len(upload.faults) // upload_pages.PAGE),
        "kept": upload.compared.get("kept"),
        "undoable": filing.status == FilingStatus.DRAFT
        and upload.compared.get("revision") == filing.revision,
    }
    return render(request, "reporting/upload_view.html", context)


def _progress(request: HttpRequest, filing: Filing, upload: Upload) -> HttpResponse:
    job = upload_pages.job_of(upload)
    context = {"filing": filing, "upload": upload, "job": job, "silent": upload_pages.no_worker_answers(job)}
    page = "_upload_progress" if request.headers.get("HX-Request") else "upload_progress"
    return render(request, f"reporting/{page}.html", context)


@allow(Permission.FILING_VIEW)
@require_safe
def upload_annotated(request: HttpRequest, filing_id: int, upload_id: int) -> HttpResponse:
    """The file as it came, with remarks in its faulty cells."""
    filing = visible_filing(actor_of(request), filing_id)
    upload = upload_pages.own_upload(filing, upload_id)
    name = _file_name(filing, f"upload-{upload.pk}.xlsx")
    if (prepared := upload_pages.prepared_book(upload)) is not None:
        return _attachment(documents.content_of(prepared), XLSX, name)
    data = documents.content_of(upload.document)
    try:
        book = annotate_safely(data, upload.document.original_name, upload_pages.remarks_of(upload))
    except IsolationError as error:
        raise Refused(error.fault.code, fault_text(error.fault)) from error
    return _attachment(book, XLSX, name)


@allow(Permission.FILING_VIEW)
@require_safe
def upload_original(request: HttpRequest, filing_id: int, upload_id: int) -> HttpResponse:
    """The very bytes that were handed in."""
    filing = visible_filing(actor_of(request), filing_id)
    document = upload_pages.own_upload(filing, upload_id).document
    name = document.original_name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    return _attachment(documents.content_of(document), "application/octet-stream", name)


@allow(Permission.FILING_PREPARE)
@require_POST
def upload_apply(request: HttpRequest, filing_id: int, upload_id: int) -> HttpResponse:
    """Bring back what an earlier file held, or what stood before one."""
    actor = actor_of(request)
    visible_filing(actor, filing_id)
    upload = uploads.apply_again(by=actor, upload_id=upload_id, filing_id=filing_id)
    if upload.state == uploads.READ:
        messages.success(request, _("The lines are back as they were."))
        return redirect("filing_edit", filing_id)
    return redirect("upload_view", filing_id, upload.pk)
