"""How many calls a minute one token, and one address without a token, may make. Counted in the cache, by the minute."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal.core import clock
from portal.core.api.permitting import Bearer
from portal.core.api.problems import too_many

WINDOW = 60  # seconds


class CallsAMinute(BaseThrottle):
    """A fixed window: the answer says how long until the next one begins."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if isinstance(request.auth, Bearer):
            setting = getattr(view, "calls_a_minute", "API_CALLS_A_MINUTE")
            count(f"{setting}:{request.auth.token_id}", getattr(settings, setting))
        else:
            count(f"address:{address_of(request)}", settings.API_CALLS_A_MINUTE_WITHOUT_TOKEN)
        return True


def count(who: str, most: int) -> None:
    """Count one call. Raises the problem 429 where it is one too many."""
    second = int(clock.now().timestamp())
    key = f"api-calls:{hashlib.sha256(who.encode()).hexdigest()[:32]}:{second // WINDOW}"
    if _counted(key) > most:
        raise too_many(WINDOW - second % WINDOW)


def _counted(key: str) -> int:
    """How often it was counted, this time included."""
    try:
        return cache.incr(key)
    except ValueError:  # the first in its window
        if cache.add(key, 1, timeout=2 * WINDOW):
            return 1
    try:
        return cache.incr(key)  # somebody else was the first
    except ValueError:  # the cache forgot the key between the two calls
        return 0


def address_of(request: Request | HttpRequest) -> str:
    """The network address that called."""
    return str(request.META.get("REMOTE_ADDR", ""))
