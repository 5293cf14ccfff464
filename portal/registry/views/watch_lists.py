"""The keeper's pages of watch lists: search, one entry with its history, a file looked at before it counts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.queries.trail import history_of
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.reasons import ReasonForm
from portal.core.tabular.writing import csv_lines
from portal.registry.forms.watch_lists import (
    COLUMNS,
    WatchEntryForm,
    WatchFileForm,
    WatchFilter,
    opened_rows,
    read_file,
    sealed_rows,
)
from portal.registry.models import WatchEntry
from portal.registry.queries import watch_list as queries
from portal.registry.services import watch_list as services

PAGE = 50
RETIRING = "retire_%s"  # two forms of one page each have a field for the reason
SHOWN = 100  # rows of a preview


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _may_edit(request: HttpRequest) -> bool:
    return _actor(request).may(Permission.REFERENCE_EDIT)


@allow(Permission.SUPERVISE)
@require_safe
def watch_list(request: HttpRequest) -> HttpResponse:
    """The entries that fit the filters."""
    form = WatchFilter(request.GET)
    form.is_valid()
    page = Paginator(queries.entries(form.cleaned_data), PAGE).get_page(request.GET.get("page"))
    today = clock.today()
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(row, queries.stands(row, today)) for row in page],
        "may_edit": _may_edit(request),
    }
    return render(request, "registry/watch_list.html", context)


@allow(Permission.SUPERVISE)
@require_safe
def watch_file(request: HttpRequest) -> HttpResponseBase:
    """Every entry as the data dictionary's table."""
    answer = StreamingHttpResponse(
        csv_lines(COLUMNS, queries.as_table()), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="watchlist.csv"'
    return answer


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def watch_add(request: HttpRequest) -> HttpResponse:
    """One entry more."""
    form = WatchEntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = services.add(
                by=_actor(request), list_name=given["list_name"], entry=given["entry"], fields=form.values()
            )
        except Refused as refusal:
            form.add_error("entry", refusal.words())
        else:
            messages.success(request, _("The entry is on the list. Everybody alive is screened against it."))
            return redirect("watch_entry", row.pk)
    return render(request, "registry/watch_add.html", {"form": form}, status=422 if form.errors else 200)


@allow(Permission.SUPERVISE)
@require_safe
def watch_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry, how it stands, and everything that was done to it."""
    row = queries.entry_of(entry_id)
    return _page(request, row, WatchEntryForm(instance=row), ReasonForm(auto_id=RETIRING))


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["POST"])
def watch_change(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Change what an entry says."""
    row = queries.entry_of(entry_id)
    form = WatchEntryForm(request.POST, instance=row)
    if not form.is_valid():
        return _page(request, queries.entry_of(entry_id), form, ReasonForm(auto_id=RETIRING))
    services.change(by=_actor(request), entry_id=entry_id, fields=form.values())
    messages.success(request, _("Saved. Everybody alive is screened again."))
    return redirect("watch_entry", entry_id)


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["POST"])
def watch_retire(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The entry counts no more."""
    row, form = queries.entry_of(entry_id), ReasonForm(request.POST, auto_id=RETIRING)
    if not form.is_valid():
        return _page(request, row, WatchEntryForm(instance=row), form)
    services.retire(by=_actor(request), entry_id=entry_id, reason=form.cleaned_data["reason"])
    messages.success(request, _("The entry counts no more. It stays on record."))
    return redirect("watch_entry", entry_id)


def _page(request: HttpRequest, row: WatchEntry, form: WatchEntryForm, retiring: ReasonForm) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row,
        "state": queries.stands(row, clock.today()),
        "form": form,
        "retiring": retiring,
        "history": history_of("watch_entry", [row.pk]),
        "may_edit": _may_edit(request),
    }
    status = 422 if form.errors or retiring.errors else 200
    return render(request, "registry/watch_entry.html", context, status=status)


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def watch_import(request: HttpRequest) -> HttpResponse:
    """A file of entries: what it would do is shown first, and counts when it is confirmed."""
    sealed = request.POST.get("rows", "")
    if request.method == "POST" and sealed:
        return _import(request, sealed)
    form = WatchFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "faults": []}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        read = read_file(file.name, file.read())
        context["faults"] = read.faults
        if read.rows:
            preview = queries.preview_of(read.rows)
            more = len(preview.added) + len(preview.changed)
            context |= {
                "preview": preview, "rows": sealed_rows(read.rows), "file_name": file.name, "shown": SHOWN,
                "changes": more,
            }  # fmt: skip
    status = 422 if form.errors or context["faults"] else 200
    return render(request, "registry/watch_import.html", context, status=status)


def _import(request: HttpRequest, sealed: str) -> HttpResponse:
    rows = opened_rows(sealed)
    if not rows:
        messages.error(request, _("The preview is older than an hour. Choose the file again."))
        return redirect("watch_import")
    count = services.import_entries(by=_actor(request), rows=rows)
    messages.success(
        request, _("Entries taken over: %(count)s. Everybody alive is screened again.") % {"count": count}
    )
    return redirect("watch_list")
