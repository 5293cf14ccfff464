"""How the API says no: ``application/problem+json`` (RFC 9457) with a stable code, words, and the faulty places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from portal.core.errors import Refused, TooMany

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty place: a JSON pointer (RFC 6901) into what was sent, a stable code, words."""

    pointer: str
    code: str
    message: str


class Problem(Exception):
    """The request is not done; ``code`` is stable and scripted against, ``detail`` is for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str | Promise,
        *,
        errors: Iterable[Fault | Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.errors = [asdict(one) if isinstance(one, Fault) else dict(one) for one in errors]
        self.headers = dict(headers or {})

    def answer(self, reference: str = "") -> HttpResponse:
        """The problem as it goes out."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": str(self.detail),
            "errors": self.errors,
        }
        if reference:
            body["reference"] = reference
        text = json.dumps(body, ensure_ascii=False)
        return HttpResponse(text.encode(), status=self.status, content_type=MEDIA_TYPE, headers=self.headers)


def invalid(errors: Iterable[Fault | Mapping[str, Any]], *, code: str = "unusable") -> Problem:
    """422: the request is understood and cannot be used as it is; ``errors`` say where."""
    return Problem(
        422, code, _("Some of what was sent cannot be used. See “errors” for each place."), errors=errors
    )


def not_found() -> Problem:
    """404, the same for what is not there and what is another organisation's."""
    return Problem(404, "not_found", _("There is no such thing here."))


def stale(tag: str) -> Problem:
    """412: what was read is no longer what stands there."""
    words = _("It was changed after you read it. Read it again, then send your change with the new ETag.")
    return Problem(412, "stale", words, headers={"ETag": tag})


def is_for(request: HttpRequest) -> bool:
    """Whether a program calls: the API answers it in its own form, also where no view was reached."""
    return request.path_info.startswith("/api/")


def plain(request: HttpRequest, status: int) -> HttpResponse:
    """The problem of this status, where nothing more is known: 400, 403, 404, 500 or 503."""
    known = {400: BadRequest(), 403: PermissionDenied(), 404: Http404(), 503: OperationalError()}
    return problem_of(known.get(status, Exception())).answer(getattr(request, "reference", ""))


def answer_to(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Every exception of the API as a problem; one that nobody foresaw is logged and told by its reference alone."""
    view = context.get("view")
    request: HttpRequest | None = getattr(getattr(view, "request", None), "_request", None)
    problem = problem_of(error)
    if problem.status >= 500:
        log.error("api_failed", exc_info=error)
        if problem.status == 500:
            got_request_exception.send(sender=type(view), request=request)
    return problem.answer(getattr(request, "reference", ""))


def problem_of(error: Exception) -> Problem:
    """What an exception means to the one who called."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, TooMany):
        return too_many(error.seconds)
    if isinstance(error, Refused):
        return Problem(412 if error.code == "stale" else error.status, error.code, error.words())
    if (
        type(error) is DatabaseError
    ):  # a connection that broke in the middle of an answer has no kind of its own
        error = OperationalError()
    for kinds, (status, code, words, headers) in _MEANINGS.items():
        if isinstance(error, kinds):
            return Problem(status, code, words, headers=headers)
    return Problem(500, "failed", _("Something went wrong on our side. Tell us the reference."))


ASK_FOR_TOKEN = {"WWW-Authenticate": 'Bearer realm="api"'}
_UNREADABLE = _("The request cannot be read.")
_MEANINGS: dict[tuple[type[Exception], ...], tuple[int, str, str | Promise, dict[str, str]]] = {
    (Http404, exceptions.NotFound): (404, "not_found", _("There is no such thing here."), {}),
    (exceptions.NotAuthenticated, exceptions.AuthenticationFailed): (
        401,
        "token_missing",
        _("Send a token: Authorization: Bearer ls_…"),
        ASK_FOR_TOKEN,
    ),
    (PermissionDenied, exceptions.PermissionDenied): (
        403,
        "not_permitted",
        _("Your role does not include this."),
        {},
    ),
    (exceptions.MethodNotAllowed,): (
        405,
        "method_not_allowed",
        _("This address does not know the method."),
        {},
    ),
    (exceptions.UnsupportedMediaType,): (
        415,
        "media_type",
        _("Send JSON (Content-Type: application/json), or a file where one is taken."),
        {},
    ),
    (RequestDataTooBig,): (
        413,
        "too_large",
        _("The request is too large. Send the lines as a CSV file instead."),
        {},
    ),
    (BadRequest, SuspiciousOperation, RecursionError, exceptions.APIException): (
        400,
        "unreadable",
        _UNREADABLE,
        {},
    ),
    (OperationalError, InterfaceError): (
        503,
        "unavailable",
        _("The portal cannot reach its data for a moment. Nothing was changed. Try again shortly."),
        {"Retry-After": "10"},
    ),
}


def too_many(seconds: int) -> Problem:
    """429 with the seconds after which calls are answered again."""
    words = _("Too many calls. Wait for the seconds that Retry-After says, then go on.")
    return Problem(429, "too_many_calls", words, headers={"Retry-After": str(max(1, seconds))})
