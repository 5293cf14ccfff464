"""Whose rows a request may see: the second fence, drawn by the database itself (row-level security of PostgreSQL).

The actor of a request says it once; the connection tells the database before the next statement. A request that says
nothing sees nothing that is an organisation's. Workers and commands use a role that the fence does not bind. On SQLite
nothing of this happens. Which table belongs to whom: ``portal/config/fences.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from portal.core.actors import Actor


@dataclass(frozen=True)
class Scope:
    """An organisation and a person by number; ``office`` is regulator, customs, portal (nothing is hidden) or nothing."""

    organisation: int | None = None
    person: int | None = None
    office: str = ""

    @classmethod
    def of(cls, actor: Actor) -> Scope:
        """What this actor may see: the regulator's people, and superusers, see every organisation."""
        kind = "" if actor.organisation is None else actor.organisation.kind
        if getattr(actor.user, "is_superuser", False):
            kind = "regulator"
        return cls(actor.organisation_id, actor.user_id, kind if kind in {"regulator", "customs"} else "")


STRANGER = Scope()
_EVERYTHING = Scope(office="portal")
_scope: ContextVar[Scope] = ContextVar("fence", default=STRANGER)


def current() -> Scope:
    """The scope in force here."""
    return _scope.get()


def enter(scope: Scope) -> None:
    """From now on, in this request, the database shows what is in the scope."""
    _scope.set(scope)


@contextmanager
def lifted(*, reason: str) -> Iterator[None]:
    """Inside, nothing is hidden: for the few looks-up that come before anybody is known, and writes to another's post.

    What is read inside must be read to its end inside.
    """
    before = _scope.get()
    _scope.set(_EVERYTHING)
    try:
        yield
    finally:
        if _scope.get() is _EVERYTHING:
            _scope.set(before)
