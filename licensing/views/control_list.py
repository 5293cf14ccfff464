"""The control list for everybody: on any day, each entry on a page of its own, and as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from licensing.documents.list_files import entries_csv
from licensing.forms.list_filters import ListFilterForm
from licensing.queries import control_list as lists
from licensing.queries import list_pages
from portal.core import clock
from portal.core.permissions import public


@public(reason="the law is public; no account is needed to read the list")
@require_safe
def control_list(request: HttpRequest) -> HttpResponse:
    """The list on a day, found by words, element, form or customs code."""
    form = ListFilterForm(request.GET, today=clock.today())
    current = lists.in_force()
    shown = list_pages.instruments_on(current, form.day, form.asked)
    context = {
        "form": form,
        "on": form.day,
        "today": form.today,
        "asked": form.asked,
        "instruments": shown,
        "with_entries": [one for one in shown if one.entries],
        "others": [one for one in shown if not one.entries],
        "count": sum(len(one.entries) for one in shown),
        "total": len(current.entries),
        "version": lists.version_in_force(),
    }
    return TemplateResponse(request, "licensing/control_list.html", context)


@public(reason="the law is public; findings, licences and verdicts link to its entries")
@require_safe
def control_entry(request: HttpRequest, control_code: str) -> HttpResponse:
    """One entry: its words, its law, its standing on a day, its history."""
    form = ListFilterForm(request.GET, today=clock.today())
    current = lists.in_force()
    entry = next((one for one in current.entries if one.control_code == control_code), None)
    if entry is None:
        raise Http404
    shown = list_pages.shown_entry(current, entry, form.day)
    context = {
        "entry": entry,
        "shown": shown,
        "instrument": next(
            one
            for one in list_pages.instruments_on(current, form.day, list_pages.Asked())
            if one.code == entry.instrument
        ),
        "on": form.day,
        "today": form.today,
        "form": form,
        "codes": [(code, list_pages.meaning_of(current, code.hs_code)) for code in entry.reference_hs],
        "settings": list_pages.settings_of(current, entry),
        "history": list_pages.history_of(current, entry),
        "versions": list_pages.versions_of(control_code),
        "partners": [symbol.capitalize() for symbol in entry.partners],
        "levels": entry.levels,
    }
    return TemplateResponse(request, "licensing/control_entry.html", context)


@public(reason="open data: companies' software may hold the list")
@require_safe
def control_list_file(request: HttpRequest) -> HttpResponse:
    """The entries of the version in force as CSV."""
    version = lists.version_in_force()
    response = HttpResponse(entries_csv(version), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="control-list-{version.number}.csv"'
    patch_cache_control(response, max_age=3600)
    return response
