"""Who has filed, and the small things that every list of the regulator has: kept views, finding an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.core.permissions import Permission, allow
from portal.core.tabular.writing import Value
from reporting.forms.filters import ObligationFilter
from reporting.queries import listings, oversight
from reporting.services import saved_views
from reporting.views import listing
from reporting.views.listing import actor_of

# The lists that can be narrowed to an organisation, and kept as views: name -> address.
LISTS = {
    "obligations": "obligation_list",
    "filings": "review_list",
    "findings": "finding_list",
    "questions": "asked_list",
    "organisations": "organisation_list",
}


def _cells(row: Any) -> Sequence[Value]:
    return (
        row.organisation.uscc,
        row.organisation.name_zh,
        row.organisation.name_en,
        str(row.period),
        row.state,
        row.due_on,
        row.due_at,
        row.submitted_at,
        row.nil,
    )


LISTING = listing.Listing(
    name="obligations",
    sentence=gettext_lazy("Monthly filings that are"),
    form=ObligationFilter,
    rows=oversight.obligations,
    orders={
        "due": ("due_at",),
        "organisation": ("organisation__name_en", "organisation__name_zh"),
        "period": ("period",),
        "submitted": ("submitted_at",),
    },
    order="due",
    header=lambda: [
        _("Unified social credit code"),
        _("Chinese name"),
        _("English name"),
        _("Reporting month"),
        _("State"),
        _("Due"),
        _("Due, extension included"),
        _("Submitted at"),
        _("Nil return"),
    ],
    cells=_cells,
    defaults=lambda: {"period": str(oversight.month_to_watch())},
)


@allow(Permission.SUPERVISE)
@require_safe
def obligation_list(request: HttpRequest) -> HttpResponseBase:
    """Who has filed and who has not: by default for the month whose filings come in now."""
    what = listing.asked(request, LISTING)
    if (file := listing.exported(request, what)) is not None:
        return file
    return render(request, "reporting/obligation_list.html", listing.context(request, what))


@allow(Permission.SUPERVISE)
@require_POST
def organisation_find(request: HttpRequest) -> HttpResponse:
    """Narrow a list to an organisation found by its name or code; the name stays out of the address."""
    words = request.POST.get("q", "")[:200]
    name = request.POST.get("listing", "")
    found = listings.organisations_like(words)
    targets = [(row, _narrowed(name, request, row.pk)) for row in found]
    if len(targets) == 1:
        return redirect(targets[0][1])
    context = {"q": words, "targets": targets, "most": listings.FOUND_AT_MOST, "listing_name": name}
    context |= {"here": request.POST.get("here", ""), "back": reverse(LISTS.get(name, "organisation_list"))}
    return render(request, "reporting/organisation_find.html", context)


def _narrowed(name: str, request: HttpRequest, organisation_id: int) -> str:
    """The list as it was, of this organisation alone; from the list of organisations, its page."""
    if name not in LISTS or name == "organisations":
        return reverse("organisation_view", args=[organisation_id])
    query = QueryDict(request.POST.get("here", "")[:2_000], mutable=True)
    for dropped in ("page", "format"):
        query.pop(dropped, None)
    query["organisation"] = str(organisation_id)
    if name in {"obligations", "filings", "findings"}:
        query.setdefault("period", "")
    return f"{reverse(LISTS[name])}?{query.urlencode()}"


@allow(Permission.SUPERVISE)
@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list's filters under a name."""
    name, query = (
        request.POST.get("listing", ""),
        QueryDict(request.POST.get("query", "")[:2_000]).urlencode(),
    )
    if name not in LISTS:
        return redirect("home")
    view = saved_views.keep(
        by=actor_of(request), listing=name, name=request.POST.get("name", ""), query=query
    )
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(f"{reverse(LISTS[name])}?{query}")


@allow(Permission.SUPERVISE)
@require_POST
def view_delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Delete one of one's own kept views."""
    saved_views.forget(by=actor_of(request), view_id=view_id)
    messages.success(request, _("The view is deleted."))
    name = request.POST.get("listing", "")
    here = QueryDict(request.POST.get("here", "")[:2_000]).dict()
    return redirect(f"{reverse(LISTS.get(name, 'organisation_list'))}?{urlencode(here)}")
