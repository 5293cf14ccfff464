"""The one base of every address of the API: who may, in which language, one transaction a change, JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.module_loading import import_string
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.core.actors import Actor
from portal.core.api import idempotency
from portal.core.api.bodies import StrictJson
from portal.core.api.languages import language_for
from portal.core.api.permitting import Allowed, Policy, actor_of
from portal.core.api.problems import answer_to, not_found
from portal.core.api.schema import Described
from portal.core.api.throttling import CallsAMinute
from portal.core.permissions import Permission

Handler = TypeVar("Handler", bound=Callable[..., HttpResponse])


class AlwaysJson(BaseContentNegotiation):
    """There is one form of answer; what a caller would rather have changes nothing."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        given = (request.content_type or "application/json").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == given), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type or "application/json"


class Endpoint(APIView):
    """One address. ``allowed`` says for each method which permissions let it be used; ``reason_public`` opens it."""

    allowed: ClassVar[Policy] = {}
    reason_public: ClassVar[str] = ""
    calls_a_minute: ClassVar[str] = "API_CALLS_A_MINUTE"  # the setting that says how many one token may make
    in_sandbox = False  # said in a header of every answer where it is so
    permission_classes = (Allowed,)
    throttle_classes = (CallsAMinute,)
    parser_classes: Sequence[type[BaseParser]] = (StrictJson,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class: type[BaseContentNegotiation] = AlwaysJson
    schema: Any = Described()  # type: ignore[no-untyped-call]
    http_method_names: ClassVar[list[str]] = ["get", "head", "post", "put", "patch", "delete"]  # type: ignore[misc]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view with its policy, which the walk over all addresses reads."""
        view = super().as_view(**initkwargs)
        permissions: dict[Permission, None] = {one: None for some in cls.allowed.values() for one in some}
        view.policy = cls.reason_public or tuple(permissions)  # type: ignore[attr-defined]
        return view

    def get_authenticators(self) -> list[BaseAuthentication]:
        """The one way to say who calls; a higher floor knows it, and settings name it."""
        return [] if self.reason_public else [import_string(settings.API_AUTHENTICATION)()]

    def get_exception_handler(self) -> Any:
        return answer_to

    @property
    def actor(self) -> Actor:
        """Who calls, held to the token's scopes."""
        return actor_of(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        header = request.headers.get("Accept-Language", "")
        translation.activate(language_for(header, ""))  # refusals before the person is known
        super().initial(request, *args, **kwargs)
        request._request.actor = self.actor  # type: ignore[attr-defined]  # noqa: SLF001
        self.in_sandbox = self.actor.is_sandbox
        translation.activate(language_for(header, getattr(self.actor.user, "language", "")))
        if any(isinstance(value, str) and not _storable(value) for value in kwargs.values()):
            raise not_found()
        if not (request.content_type or "").startswith("multipart/"):
            request._request.body  # noqa: B018, SLF001 - refuses at once what is larger than the portal takes

    def finalize_response(  # type: ignore[override]
        self, request: HttpRequest, response: HttpResponse, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        answer: HttpResponse = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        add_never_cache_headers(answer)
        if answer.content:
            answer.headers.setdefault("Content-Language", translation.get_language() or "en")
        if self.in_sandbox:
            answer["Lodestone-Sandbox"] = "true"
        patch_vary_headers(answer, ("Accept-Language", "Authorization"))
        return answer


def _storable(value: str) -> bool:
    return (
        "\x00" not in value
        and value.isprintable()
        and not any("\ud800" <= sign <= "\udfff" for sign in value)
    )


def acts(handler: Handler) -> Handler:
    """Let a handler that changes something do it in one transaction, and once for each ``Idempotency-Key`` of a POST."""

    @wraps(handler)
    def guarded(self: Endpoint, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = idempotency.key_of(request) if request.method == "POST" else None
        return idempotency.once(request, self.actor, key, lambda: handler(self, request, *args, **kwargs))

    return guarded  # type: ignore[return-value]


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Plain values as JSON."""
    text = json.dumps(data, ensure_ascii=False)
    return HttpResponse(text.encode(), status=status, content_type="application/json", headers=headers)


def nothing() -> HttpResponse:
    """204: done, and there is nothing to say."""
    empty = HttpResponse(status=204)
    del empty["Content-Type"]
    return empty


def address(request: Request, path: str) -> str:
    """The whole address of a path, as callers reach it."""
    return request.build_absolute_uri(path)
