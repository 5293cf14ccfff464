"""The overview of an organisation that reports."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core import clock
from portal.core.actors import Actor
from portal.dashboards.queries.producer import overview_of


def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is due now with the one next step; the calendar; what waits; the last receipts."""
    return render(request, "dashboards/producer.html", {"overview": overview_of(actor, clock.now())})
