"""Around every request: a reference in logs and error pages, headers, refusals turned into answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from portal.core import error_pages, fence, metrics
from portal.core.actors import NOBODY
from portal.core.api import problems
from portal.core.context import new_reference
from portal.core.errors import Refused, TooMany

Answer = Callable[[HttpRequest], HttpResponse]
DATABASE_AWAY = (OperationalError, InterfaceError)  # gone while asked; gone since it was last asked
log = structlog.get_logger(__name__)


def _unavailable(request: HttpRequest) -> HttpResponse:
    return problems.plain(request, 503) if problems.is_for(request) else error_pages.unavailable(request)


def request_context(get_response: Answer) -> Answer:
    """Give the request a reference, log its end, count and time it. A database that is away answers 503."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.reference = new_reference()  # type: ignore[attr-defined]
        request.actor = NOBODY  # type: ignore[attr-defined]
        fence.enter(fence.STRANGER)  # whoever this thread served before
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=request.reference)  # type: ignore[attr-defined]
        start = time.perf_counter()
        try:
            response = get_response(request)
        except DATABASE_AWAY:
            log.exception("database_unavailable")
            response = _unavailable(request)
        seconds = time.perf_counter() - start
        match = request.resolver_match
        route = match.route if match else "unmatched"
        metrics.observe(request.method or "", route, response.status_code, seconds)
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000),
        )
        response["X-Request-Reference"] = request.reference  # type: ignore[attr-defined]
        return response

    return middleware


def client_address(get_response: Answer) -> Answer:
    """REMOTE_ADDR is the one who called, also where proxies stand between; only the word of proxies we trust is taken.

    ``X-Forwarded-For`` is read from its end, where the nearest proxy wrote; what stands before the first address
    that is none of our proxies' was written by the caller and counts for nothing.
    """

    def is_ours(address: str) -> bool:
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in settings.TRUSTED_PROXIES)

    def middleware(request: HttpRequest) -> HttpResponse:
        nearest = request.META.get("REMOTE_ADDR", "")
        said = request.headers.get("X-Forwarded-For", "").split(",")
        while said and is_ours(nearest):
            before = said.pop().strip()
            if not _is_address(before):
                break
            nearest = before
        request.META["REMOTE_ADDR"] = nearest
        return get_response(request)

    return middleware


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def no_nul(get_response: Answer) -> Answer:
    """An address that holds a NUL names nothing: no database takes one, so it is refused before anything looks it up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return get_response(request)

    return middleware


def api_without_cookies(get_response: Answer) -> Answer:
    """No cookie reaches the API: a session is no token, and no page of another site can make a browser act there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return middleware


def more_headers(get_response: Answer) -> Answer:
    """Headers that Django does not set by itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


class refusals:  # noqa: N801 - listed in settings beside function middleware
    """A service's refusal becomes words: on the page it came from, or a page of its own. So does a method that is none."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not problems.is_for(request):
            return error_pages.not_allowed(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        # a connection that broke in the middle of an answer has no kind of its own
        if isinstance(exception, DATABASE_AWAY) or type(exception) is DatabaseError:
            log.exception("database_unavailable")
            return _unavailable(request)
        if isinstance(exception, TooMany):
            return error_pages.too_many(request, exception)
        if not isinstance(exception, Refused):
            return None
        if exception.status == 403:
            raise PermissionDenied(exception.words()) from exception
        back = request.headers.get("Referer", "")
        ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        is_form = request.method == "POST" and not request.headers.get("HX-Request")
        if is_form and ours and back != request.build_absolute_uri():
            messages.error(request, exception.words())
            return HttpResponseRedirect(back)
        return error_pages.refused(request, exception)
