"""The page by which a foreign end user gives evidence to the office alone. It needs no account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from licensing.forms.applications import EvidenceForm
from licensing.queries.evidence import link_of
from licensing.services import evidence
from licensing.views.frames import files_of
from portal.core.errors import Refused
from portal.core.permissions import public


@public(reason="a signed link for one purpose, which works once: the end user abroad has no account")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_give(request: HttpRequest, secret: str) -> HttpResponse:
    """Say what the goods are for; the exporter never sees it."""
    link = link_of(secret)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    given = False
    if request.method == "POST" and form.is_valid():
        try:
            evidence.give(secret=secret, statement=form.cleaned_data["statement"], files=files_of(request))
            given = True
        except Refused as refusal:
            form.add_error("file" if refusal.code.startswith("file") else "statement", refusal.words())
    context = {"link": link, "form": form, "given": given}
    response = render(request, "licensing/evidence_give.html", context, status=422 if form.errors else 200)
    response.headers["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response
