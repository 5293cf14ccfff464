"""What the operator's machines ask: alive, ready, figures."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils.crypto import constant_time_compare

from portal.core import health, outbox
from portal.core import metrics as figures
from portal.core.permissions import public


@public(reason="the operator's supervisor asks whether the process lives")
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@public(reason="the load balancer asks whether to send people here; states only")
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database, its fence, the broker and the outbox are well, else 503; each part's state in JSON."""
    state = health.readiness()
    body = {
        "database": state.database,
        "fence": state.fence,
        "broker": state.broker,
        "outbox_lag_seconds": state.outbox_lag_seconds,
    }
    response = JsonResponse({"ready": state.ready, **body}, status=200 if state.ready else 503)
    if not state.ready:
        response["Retry-After"] = "10"
    return response


@public(reason="answers only to the operator's token, or to this machine where none is set")
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    local = (
        request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
    )
    if not (constant_time_compare(given, token) if token else local):
        return HttpResponseForbidden("not public\n", content_type="text/plain")
    figures.OUTBOX_LAG.set(outbox.lag_seconds())
    return HttpResponse(figures.exposition(), content_type="text/plain; version=0.0.4")
