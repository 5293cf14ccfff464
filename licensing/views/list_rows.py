"""Rows of a draft of the list, one form for each table."""

from __future__ import annotations

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from licensing.forms.list_rows import FORMS
from licensing.models import ListVersion
from licensing.queries.list_drafts import MODELS, row_of, version_of
from licensing.services import list_rows as services
from licensing.views.list_versions import actor_of
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def row_add(request: HttpRequest, list_id: int, table: str) -> HttpResponse:
    """A new row."""
    if table not in MODELS:
        raise Http404
    return _form(request, version_of(list_id), table, MODELS[table]())


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(request: HttpRequest, list_id: int, table: str, row_id: int) -> HttpResponse:
    """Change a row."""
    version = version_of(list_id)
    return _form(request, version, table, row_of(version, table, row_id))


def _form(request: HttpRequest, version: ListVersion, table: str, row: models.Model) -> HttpResponse:
    form = FORMS[table](version, request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        kept = row_of(version, table, row.pk) if row.pk else MODELS[table]()
        try:
            services.save(
                by=actor_of(request),
                version_id=version.pk,
                row=kept,
                fields=form.values(),
                reference_hs=form.cleaned_data.get("reference_hs"),
            )
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("The draft was changed."))
            return redirect(_back(version, table))
    context = {"version": version, "table": table, "row": row, "form": form, "back": _back(version, table)}
    return render(request, "licensing/list_row.html", context, status=422 if form.errors else 200)


def _back(version: ListVersion, table: str) -> str:
    return f"{reverse('list_version', args=[version.pk])}?table={table}"


@allow(Permission.REFERENCE_EDIT)
@require_POST
def row_remove(request: HttpRequest, list_id: int, table: str, row_id: int) -> HttpResponse:
    """Take a row out of a draft."""
    version = version_of(list_id)
    row = row_of(version, table, row_id)
    try:
        services.remove(by=actor_of(request), version_id=version.pk, row=row)
    except Refused as refusal:
        messages.error(request, refusal.words())
    else:
        messages.success(request, _("The row was taken out of the draft."))
    return redirect(_back(version, table))
