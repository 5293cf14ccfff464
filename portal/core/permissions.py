"""Permission codes, and the decorators by which every URL states who may."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

View = Callable[..., HttpResponseBase]


class Permission(StrEnum):
    """What a role may do. Codes are stored and scripted against: never renamed, never reused."""

    SIGNED_IN = "account.own"  # one's own account; everybody who signed in
    # the organisation's side
    FILING_VIEW = "filing.view"
    FILING_PREPARE = "filing.prepare"
    FILING_SIGN = "filing.sign"
    REGISTER_EDIT = "register.edit"  # products and counterparties
    QUESTION_ANSWER = "question.answer"
    EXTENSION_ASK = "extension.ask"
    MEMBERS_MANAGE = "members.manage"
    OWN_TRAIL_VIEW = "trail.own"
    WEBHOOK_MANAGE = "webhook.manage"  # addresses of the organisation's own system that are told of events
    LICENCE_VIEW = "licence.view"  # applications, licences, balances of one's own organisation
    LICENCE_APPLY = "licence.apply"  # draft applications, answer requests
    LICENCE_SUBMIT = "licence.submit"  # submit and withdraw applications, give undertakings, surrender
    # the regulator's side
    SUPERVISE = "supervise.view"  # read every filing, finding, organisation
    REVIEW = "review.decide"  # accept, return, ask, confirm, dismiss
    SWEEP_START = "sweep.start"
    EXTENSION_GRANT = "extension.grant"
    ENROLMENT_DECIDE = "enrolment.decide"
    ACCOUNT_RECOVER = "account.recover"
    REFERENCE_EDIT = "reference.edit"
    TRAIL_VIEW = "trail.all"
    CASE_HANDLE = "case.handle"
    CASE_COUNTERSIGN = "case.countersign"
    EXPORT_CHECK = "export.check"


def allow(*permissions: Permission) -> Callable[[View], View]:
    """Let the view answer only those who hold one of the permissions.

    Signed-out people are sent to sign in; others get 403. Answers are never cached.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if not actor.is_authenticated:
                query = urlencode({"next": request.get_full_path()})
                return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")
            if not any(actor.may(permission) for permission in permissions):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)  # type: ignore[arg-type]
            return response

        guarded.policy = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(*, reason: str) -> Callable[[View], View]:
    """Mark a view as open to everybody, with the reason why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        open_view.policy = reason  # type: ignore[attr-defined]
        return open_view

    return decorate
