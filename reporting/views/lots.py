"""A lot followed both ways: one's own, and for the regulator any through the whole chain."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.permissions import Permission, allow
from portal.core.words import storable
from reporting.queries.lot_traces import MOST_HOLDERS, MOST_LOTS, holders, trace_of
from reporting.queries.organisation_pages import organisation_of
from reporting.views.listing import actor_of

LONGEST = 100  # a lot's number


def _asked(request: HttpRequest) -> str:
    """The number of the lot; empty where none was asked for."""
    return storable(request.GET.get("lot", "")).strip()[:LONGEST]


@allow(Permission.FILING_VIEW)
@require_safe
def own_lot_trace(request: HttpRequest) -> HttpResponse:
    """What a lot of one's own was made from and what became of it, by one's own filings."""
    actor, lot = actor_of(request), _asked(request)
    context: dict[str, Any] = {"lot": lot, "most": MOST_LOTS}
    if lot and actor.organisation_id is not None:
        context["trace"] = trace_of(actor, actor.organisation_id, lot)
    return render(request, "reporting/lot_trace.html", context)


@allow(Permission.SUPERVISE)
@require_safe
def lot_trace(request: HttpRequest) -> HttpResponse:
    """A lot through the chain; where several organisations have one of the number, first whose."""
    actor, lot = actor_of(request), _asked(request)
    context: dict[str, Any] = {"lot": lot, "most": MOST_LOTS, "most_holders": MOST_HOLDERS, "office": True}
    asked = request.GET.get("organisation", "")
    if lot and asked:
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
            raise Http404
        context["trace"] = trace_of(actor, organisation_of(int(asked)).pk, lot)
    elif lot:
        found = holders(lot)
        context["holders"] = found
        if len(found) == 1:
            context["trace"] = trace_of(actor, found[0].pk, lot)
    return render(request, "reporting/lot_trace.html", context)
