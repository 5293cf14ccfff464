"""The administrator's pages of the control list: versions, what a draft changes, publishing."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licensing.documents.list_files import entries_csv, entries_workbook
from licensing.forms.list_rows import PublishForm, UploadForm
from licensing.forms.list_uploads import judged_file
from licensing.queries.control_list import versions
from licensing.queries.list_drafts import MODELS, TABLE_WORDS, changes_of, rows_of, version_of
from licensing.queries.list_impact import impact_of
from licensing.services import list_rows, list_versions
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ = (Permission.SUPERVISE, Permission.REFERENCE_EDIT)


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(*READ)
@require_safe
def version_list(request: HttpRequest) -> HttpResponse:
    """Every version, drafts first."""
    page = Paginator(versions(), 50).get_page(request.GET.get("page"))
    context = {"page_obj": page, "may_edit": actor_of(request).may(Permission.REFERENCE_EDIT)}
    return render(request, "licensing/list_versions.html", context)


@allow(Permission.REFERENCE_EDIT)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A draft from the list in force."""
    draft = list_versions.begin(by=actor_of(request))
    messages.success(request, _("The draft says what the list in force says. Change it, then publish it."))
    return redirect("list_version", draft.pk)


@allow(*READ)
@require_safe
def version_view(request: HttpRequest, list_id: int) -> HttpResponse:
    """What a version says otherwise, and its rows table by table."""
    version = version_of(list_id)
    table = request.GET.get("table", "")
    table = table if table in MODELS else ""
    context = {
        "version": version,
        "table": table,
        "tabs": _tabs(version.pk, table),
        "changes": changes_of(version) if not table else [],
        "page_obj": Paginator(rows_of(version, table), 100).get_page(request.GET.get("page"))
        if table
        else None,
        "may_edit": version.is_draft and actor_of(request).may(Permission.REFERENCE_EDIT),
    }
    return render(request, "licensing/list_version.html", context)


def _tabs(version_id: int, current: str) -> list[dict[str, object]]:
    tabs: list[dict[str, object]] = [
        {"label": _("What it changes"), "url": "?", "current": not current, "count": ""}
    ]
    for name, words in TABLE_WORDS.items():
        count = MODELS[name]._default_manager.filter(version_id=version_id).count()  # noqa: SLF001
        tabs.append({"label": words, "url": f"?table={name}", "current": name == current, "count": count})
    return tabs


@allow(*READ)
@require_safe
def version_impact(request: HttpRequest, list_id: int) -> HttpResponse:
    """What would be judged otherwise, were the draft in force."""
    version = version_of(list_id)
    return render(request, "licensing/list_impact.html", {"version": version, "impact": impact_of(version)})


@allow(*READ)
@require_safe
def version_file(request: HttpRequest, list_id: int, kind: str) -> HttpResponse:
    """The entries of a version, to read or to change and upload again."""
    version = version_of(list_id)
    content = entries_csv(version) if kind == "csv" else entries_workbook(version)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8" if kind == "csv" else _XLSX)
    response["Content-Disposition"] = (
        f'attachment; filename="control-list-{version.number or "draft"}.{kind}"'
    )
    return response


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def version_upload(request: HttpRequest, list_id: int) -> HttpResponse:
    """All entries of a draft from a file; nothing changes where anything stands against one of them."""
    version = version_of(list_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    faults: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        judged = judged_file(version, file.name, file.read())
        faults = judged.faults
        if not faults:
            try:
                count = list_rows.replace_entries(
                    by=actor_of(request), version_id=version.pk, rows=judged.rows, file_name=file.name
                )
            except Refused as refusal:
                form.add_error(None, refusal.words())
            else:
                messages.success(
                    request, _("The draft holds the %(count)s entries of the file.") % {"count": count}
                )
                return redirect("list_version", version.pk)
    context = {"version": version, "form": form, "faults": faults}
    status = 422 if form.errors or faults else 200
    return render(request, "licensing/list_upload.html", context, status=status)


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def version_publish(request: HttpRequest, list_id: int) -> HttpResponse:
    """Put a draft in force, for good."""
    version = version_of(list_id)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            published = list_versions.publish(
                by=actor_of(request), version_id=version.pk, note=form.cleaned_data["note"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("Version %(number)s is in force.") % {"number": published.number})
            return redirect("list_version", version.pk)
    context = {"version": version, "form": form, "changes": changes_of(version)}
    return render(request, "licensing/list_publish.html", context, status=422 if form.errors else 200)


@allow(Permission.REFERENCE_EDIT)
@require_POST
def version_discard(request: HttpRequest, list_id: int) -> HttpResponse:
    """No longer offer a draft."""
    version = version_of(list_id)
    try:
        list_versions.discard(by=actor_of(request), version_id=version.pk)
    except Refused as refusal:
        messages.error(request, refusal.words())
        return redirect("list_version", version.pk)
    messages.success(request, _("The draft is discarded. The list in force stays as it is."))
    return redirect("list_versions")
