"""How a service says no: with a code, words, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise


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
