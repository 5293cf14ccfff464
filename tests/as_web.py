"""Requests of the tests are served as the web's role, so that the second fence stands between them and the rows.

What tests make and look at themselves they do as the owner. On SQLite there are no roles, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from portal.core import fence, fencing


def _become(role: str | None) -> None:
    raw = connection.connection
    if raw.get_transaction_status() != TRANSACTION_STATUS_INERROR:
        with raw.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}" if role else "RESET ROLE")


def _may_connect() -> bool:
    """A test without the database may ask for what needs none."""
    try:
        connection.ensure_connection()
    except RuntimeError:
        return False
    return True


@contextmanager
def web_role() -> Iterator[None]:
    """Inside, statements are the web role's."""
    if connection.vendor != "postgresql" or not _may_connect():
        yield
        return
    _become(fencing.WEB)
    try:
        yield
    finally:
        if connection.connection is not None:
            _become(None)


def middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """The outermost of all: whatever a request reads or writes, it does as the web's role."""

    def served(request: HttpRequest) -> Any:
        if request.path.startswith(settings.STATIC_URL):
            return get_response(request)  # asks the database nothing
        before = fence.current()
        with web_role():
            response = get_response(request)
        if getattr(response, "streaming", False) and not response.is_async:
            response.streaming_content = _as_web(response.streaming_content, fence.current())
        fence.enter(before)
        return response

    return served


def _as_web(parts: Iterator[Any], scope: fence.Scope) -> Iterator[Any]:
    parts = iter(parts)
    while True:
        before = fence.current()
        fence.enter(scope)
        with web_role():
            part = next(parts, None)
        fence.enter(before)
        if part is None:
            return
        yield part
