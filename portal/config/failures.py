"""What Django answers when no view does: a page for people, a problem for the API's callers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from portal.core import error_pages
from portal.core.api import problems


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_for(request):
        return problems.plain(request, 400)
    return error_pages.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_for(request):
        return problems.plain(request, 403)
    return error_pages.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_for(request):
        return problems.plain(request, 404)
    return error_pages.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if problems.is_for(request):
        return problems.plain(request, 500)
    return error_pages.server_error(request)
