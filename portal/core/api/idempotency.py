"""A request sent again acts once: its key, what was asked and the answer's bytes are one row in the transaction that acts.

A killed worker or a cut connection leaves either all of it or nothing. A request that was refused changed nothing, so
its key is free again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from portal.core import clock
from portal.core.actors import Actor
from portal.core.api.problems import Problem
from portal.core.models import IdempotentAnswer
from portal.core.prepared import Given, Prepared, insert, run
from portal.core.turns import turn_of

KEPT = timedelta(days=7)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_HEADERS = ("Content-Language", "ETag", "Location", "Retry-After")


def key_of(request: Request) -> str | None:
    """The request's key; None where it brings none. Raises the problem 400 for one that is no key."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    key = given.strip()
    if not _KEY.fullmatch(key):
        raise Problem(
            400,
            "idempotency_key_unusable",
            _("An Idempotency-Key is 1 to 200 visible ASCII characters, such as a UUID."),
        )
    return key


def once(request: Request, actor: Actor, key: str | None, act: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of ``act``, done in one transaction; where the key was answered before, those very bytes.

    Raises the problems 409 (in flight) and 422 (the key came with another request before).
    """
    if key is None:
        with transaction.atomic():
            return act()
    digest = _digest(request)
    owner = {"organisation_id": actor.organisation_id, "user_id": actor.user_id, "key": key}
    with transaction.atomic():
        if (earlier := _held(owner)) is not None:
            return _again(earlier, digest)
        answer = act()
        _keep(owner, digest, answer)
    return answer


def _digest(request: Request) -> str:
    """What was asked, in 64 digits. Parts of a form are taken by name and content: their boundary differs each time."""
    seen = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        for name in sorted(request.POST):
            seen.update(repr((name, request.POST.getlist(name))).encode())
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                seen.update(repr((name, file.name)).encode())
                for chunk in file.chunks():
                    seen.update(chunk)
                file.seek(0)
    else:
        seen.update(request._request.body)  # noqa: SLF001 - the framework's request offers no other way
    return seen.hexdigest()


_LOCK: Final = "SELECT pg_try_advisory_xact_lock(%s)"
_EARLIER: Final = Prepared(
    lambda: IdempotentAnswer.objects.filter(
        organisation_id=Given("organisation_id"), user_id=Given("user_id"), key=Given("key")
    )
)


def _held(owner: dict[str, Any]) -> IdempotentAnswer | None:
    """One request with this key acts at a time from here on; the answer that the key was given before.

    Raises the problem 409 where another request with it is being answered. SQLite has one writer in any case. The look
    is a statement of its own: one that locks as well would look at what stood before it had the lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            run(cursor, _LOCK, [turn_of(*sorted(owner.items()))])
            if not cursor.fetchone()[0]:
                raise _in_flight()
    return _EARLIER.first(**owner)


def _in_flight() -> Problem:
    words = _("The same request is being answered right now. Send it again in a second.")
    return Problem(409, "in_flight", words, headers={"Retry-After": "1"})


def _again(earlier: IdempotentAnswer, digest: str) -> HttpResponse:
    if earlier.digest != digest:
        words = _("This Idempotency-Key came with another request before. Use a new key for a new request.")
        raise Problem(422, "idempotency_key_reused", words)
    answer = HttpResponse(bytes(earlier.body), status=earlier.status, content_type=earlier.content_type)
    for name, value in earlier.headers.items():
        answer[name] = value
    answer["Idempotent-Replayed"] = "true"
    return answer


def _keep(owner: dict[str, Any], digest: str, answer: HttpResponse) -> None:
    kept = IdempotentAnswer(
        **owner,
        digest=digest,
        status=answer.status_code,
        content_type=answer.headers.get("Content-Type", ""),
        headers={name: answer[name] for name in _HEADERS if name in answer},
        body=answer.content,
        at=clock.now(),
    )
    try:
        insert(kept)
    except IntegrityError as error:  # the database's own word, should the lock ever fail
        raise _in_flight() from error


def prune() -> int:
    """Forget answers kept long ago; the number of rows removed."""
    return IdempotentAnswer.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
