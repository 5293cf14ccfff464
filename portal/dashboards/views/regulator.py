"""The overview of the regulator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.actors import Actor
from portal.core.permissions import Permission
from portal.dashboards.queries.regulator import overview_of


def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who has not filed, what is new, what waits longest, what is mine."""
    works_on_cases = actor.may(Permission.CASE_HANDLE) or actor.may(Permission.CASE_COUNTERSIGN)
    context = {"overview": overview_of(actor), "cases_first": works_on_cases}
    return render(request, "dashboards/regulator.html", context)
