"""Pages for what went wrong: words, a reference, the way on; never a trace."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import loader

from portal.core.errors import Refused, TooMany


def _page(request: HttpRequest, status: int, *, as_status: int | None = None, **context: Any) -> HttpResponse:
    context["reference"] = getattr(request, "reference", "")
    template = loader.get_template(f"errors/{status}.html")
    return HttpResponse(template.render(context, request), status=as_status or status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent cannot be read; where it is only too much of it, 413 and how to send it."""
    too_large = isinstance(exception, RequestDataTooBig)
    return _page(request, 400, as_status=413 if too_large else 400, too_large=too_large)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """The address answers to something else than was asked: mostly a form's address, opened as a page."""
    response = _page(request, 405)
    response["Allow"] = allowed
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, detail=str(exception) if exception and exception.args else "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's own token is missing or old: say so, and how to go on."""
    return _page(request, 403, csrf=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: reads no database and no session."""
    template = loader.get_template("errors/500.html")
    return HttpResponse(template.render({"reference": getattr(request, "reference", "")}), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away for the moment: 503, come back soon. Reads no database."""
    template = loader.get_template("errors/503.html")
    response = HttpResponse(template.render({"reference": getattr(request, "reference", "")}), status=503)
    response["Retry-After"] = "10"
    return response


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A service said no: its words, its code."""
    template = loader.get_template("errors/409.html")
    context = {"reference": getattr(request, "reference", ""), "words": refusal.words(), "code": refusal.code}
    return HttpResponse(template.render(context, request), status=refusal.status)


def too_many(request: HttpRequest, refusal: TooMany) -> HttpResponse:
    """Tried too often: when to try again, in words and for programs."""
    response = _page(request, 429, words=refusal.words())
    response["Retry-After"] = str(refusal.seconds)
    return response
