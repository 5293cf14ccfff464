"""A part of the page on a draft of the control list: licensing does not know filings, so it asks for this by address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.permissions import Permission, allow
from reporting.queries.list_exports import exports_otherwise


@allow(Permission.SUPERVISE, Permission.REFERENCE_EDIT)
@require_safe
def list_exports(request: HttpRequest, list_id: int) -> HttpResponse:
    """Exports of the last twelve months that the draft would judge otherwise."""
    whole = request.headers.get("HX-Request") != "true"
    context = {"exports": exports_otherwise(list_id), "list_id": list_id}
    template = "reporting/list_exports.html" if whole else "reporting/_list_exports.html"
    return render(request, template, context)
