"""How a service says no: with a code, words, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Refused(Exception):
    """A service will not do what was asked; nothing was changed.

    ``code`` is stable and scripted against, ``message`` is lazy words for people, ``status`` the HTTP answer.
    """

    def __init__(
        self, code: str, message: str | Promise, *, values: Mapping[str, Any] | None = None, status: int = 409
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.values = dict(values or {})
        self.status = status

    def words(self) -> str:
        """The message in the reader's language, with its values."""
        return str(self.message) % self.values if self.values else str(self.message)


class TooMany(Refused):
    """Tried too often: nothing is looked at until so many seconds are over."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "too_many", gettext_lazy("Too many attempts. You can try again %(when)s."), status=429
        )
        self.seconds = seconds

    def words(self) -> str:
        return str(self.message) % {"when": _after(self.seconds)}


def _after(seconds: int) -> str:
    """How long to wait, never told shorter than it is; no figure here is one."""
    minutes, hours, days = (-(-seconds // unit) for unit in (60, 3600, 86_400))
    if seconds < 100:
        return _("in %(count)d seconds") % {"count": max(2, seconds)}
    if minutes < 100:
        return _("in %(count)d minutes") % {"count": minutes}
    if hours < 48:
        return _("in %(count)d hours") % {"count": hours}
    return _("in %(count)d days") % {"count": days}
