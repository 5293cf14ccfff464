"""Who is asking, and whether a second factor must come first."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from portal.accounts import queries
from portal.core import clock, fence
from portal.core.actors import Actor

Answer = Callable[[HttpRequest], HttpResponse]

IDLE_SECONDS = 1_800
BEGAN, SEEN = "began", "seen"  # session keys: seconds since 1970 of the sign-in and of the latest request

# Where one may go before the second factor is set up: the set-up itself, the way out, and what is public anyway.
BEFORE_SECOND_FACTOR = frozenset(
    {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "set_language",
        "switch_organisation",
    }
)


def actor(get_response: Answer) -> Answer:
    """Put the actor on the request: read afresh each time, so that a changed role acts at the next request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        def load() -> Actor:
            chosen = request.session.get(queries.ACTIVE_ORGANISATION)
            found = queries.actor_of(request.user, chosen)
            fence.enter(fence.Scope.of(found))
            return found

        request.actor = cast("Actor", SimpleLazyObject(load))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class second_factor:  # noqa: N801 - listed in settings beside function middleware
    """Roles that need a second factor reach nothing but its set-up until they have one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if isinstance(getattr(view, "policy", None), str):
            return None
        asked = request.actor  # type: ignore[attr-defined]
        name = request.resolver_match.url_name if request.resolver_match else ""
        if (
            not asked.is_authenticated
            or name in BEFORE_SECOND_FACTOR
            or not queries.needs_second_factor(asked)
        ):
            return None
        return None if queries.has_second_factor(asked.user) else redirect("mfa_activate_totp")


def language(get_response: Answer) -> Answer:
    """Speak the language of the person's account, in whatever browser they signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.language != translation.get_language():
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        return get_response(request)

    return middleware


def session_age(get_response: Answer) -> Answer:
    """A session ends after half an hour without a request and after twelve hours in any case. Drafts survive.

    No cache keeps what was shown in one: refusals and public pages too, for they bear the person's name.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        known = request.user.is_authenticated
        if known:
            moment = int(clock.now().timestamp())
            began = request.session.setdefault(BEGAN, moment)
            seen = request.session.get(SEEN, moment)
            if moment - seen > IDLE_SECONDS or moment - began > settings.SESSION_COOKIE_AGE:
                logout(request)
                messages.info(
                    request, _("You were signed out to protect your account. What you saved is still there.")
                )
            elif moment - seen >= 60 or SEEN not in request.session:
                request.session[SEEN] = moment
        response = get_response(request)
        if known:
            add_never_cache_headers(response)
        return response

    return middleware
