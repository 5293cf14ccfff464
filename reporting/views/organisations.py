"""Organisations as the regulator reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.accounts.models import Organisation
from portal.core.permissions import Permission, allow
from portal.core.quantities import to_decimal
from portal.core.tabular.writing import Value
from reporting.forms.filters import OrganisationFilter
from reporting.queries import organisation_pages
from reporting.services import viewing
from reporting.views import listing
from reporting.views.listing import actor_of


def _cells(row: Organisation) -> Sequence[Value]:
    capacity = None
    if row.capacity_g_year is not None:
        capacity = to_decimal(row.capacity_g_year, 3, row.capacity_decimals)
    first = "" if row.reports_from is None else str(row.reports_from)
    last = "" if row.reports_until is None else str(row.reports_until)
    return (
        row.uscc,
        row.name_zh,
        row.name_en,
        row.activities,
        row.province,
        row.state,
        first,
        last,
        capacity,
    )


LISTING = listing.Listing(
    name="organisations",
    sentence=gettext_lazy("Organisations that are"),
    form=OrganisationFilter,
    rows=organisation_pages.organisations,
    orders={
        "name": ("name_en", "name_zh"),
        "uscc": ("uscc",),
        "province": ("province",),
        "from": ("reports_from",),
    },
    order="name",
    header=lambda: [
        _("Unified social credit code"),
        _("Chinese name"),
        _("English name"),
        _("Activities"),
        _("Province"),
        _("State"),
        _("First month due"),
        _("Last month due"),
        _("Capacity (kg a year)"),
    ],
    cells=_cells,
)

PARTS: dict[str, str | Promise] = {
    "months": gettext_lazy("Filings by month"),
    "findings": gettext_lazy("Findings"),
    "products": gettext_lazy("Products"),
    "counterparties": gettext_lazy("Counterparties"),
    "people": gettext_lazy("People"),
    "extensions": gettext_lazy("Extensions"),
    "trail": gettext_lazy("Trail"),
}


@allow(Permission.SUPERVISE)
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponseBase:
    """Every enterprise, and where it stands with the month whose filings come in now."""
    what = listing.asked(request, LISTING)
    if (file := listing.exported(request, what)) is not None:
        return file
    context = listing.context(request, what)
    context["organisations_listed"] = organisation_pages.in_list(context["rows"])
    return render(request, "reporting/organisation_list.html", context)


@allow(Permission.SUPERVISE)
@require_safe
def organisation_view(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One enterprise, a part at a time."""
    organisation = organisation_pages.organisation_of(organisation_id)
    part = request.GET.get("part", "")
    part = part if part in PARTS else "months"
    url = reverse("organisation_view", args=[organisation.pk])
    tabs = [
        {"label": label, "url": url if name == "months" else f"{url}?part={name}", "current": name == part}
        for name, label in PARTS.items()
    ]
    context = {"organisation": organisation, "tabs": tabs, "part": part}
    context |= _MAKERS[part](request, organisation)
    return render(request, f"reporting/organisation_{part}.html", context)


def _months(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    page, months = organisation_pages.months_of(organisation, request.GET.get("page"))
    return {"page_obj": page, "months": months}


def _findings(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    page, findings = organisation_pages.findings_about(organisation, request.GET.get("page"))
    return {"page_obj": page, "findings": findings}


def _products(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    return {"page_obj": organisation_pages.products_of(organisation, request.GET.get("page"))}


def _counterparties(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    page = organisation_pages.counterparties_of(organisation, request.GET.get("page"))
    if page.object_list:
        viewing.identities_viewed(
            by=actor_of(request),
            organisation_id=organisation.pk,
            subject=("organisation", organisation.pk),
            data={"page": page.number},
        )
    return {"page_obj": page}


def _people(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    return {"members": organisation_pages.people_of(organisation)}


def _extensions(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    return {"extensions": organisation_pages.extensions_about(organisation)}


def _trail(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    return {"events": organisation_pages.trail_about(organisation)}


_MAKERS: dict[str, Callable[[HttpRequest, Organisation], dict[str, Any]]] = {
    "months": _months,
    "findings": _findings,
    "products": _products,
    "counterparties": _counterparties,
    "people": _people,
    "extensions": _extensions,
    "trail": _trail,
}
