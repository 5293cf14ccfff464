"""The catalogue of checks and a page for each, straight from the checks themselves."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from portal.core.permissions import public
from portal.public.queries import catalogue


@public(reason="whoever files, or writes software that files, may know what is checked and why")
@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """Every check by family, found by words or by what it does to a filing."""
    words, severity = request.GET.get("q", "").strip(), request.GET.get("severity", "")
    families = catalogue.families(words, severity)
    context = {
        "families": families,
        "q": words,
        "severity": severity,
        "severities": catalogue.SEVERITIES,
        "count": sum(len(family.checks) for family in families),
        "total": catalogue.total(),
    }
    return TemplateResponse(request, "public/check_list.html", context)


@public(reason="every finding links to the page that explains it")
@require_GET
def check_view(request: HttpRequest, code: str) -> HttpResponse:
    """One check: what it means, why it is asked, how to mend it, the law, examples."""
    entry = catalogue.check(code.upper())
    if entry is None:
        raise Http404
    return TemplateResponse(request, "public/check_view.html", {"check": entry})
