"""Who acts: a person in a role of an organisation, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.core.permissions import Permission


@dataclass(frozen=True)
class Actor:
    """The one who asks: the user, the organisation acted for, and what the roles there permit."""

    user: Any = None
    organisation: Any = None
    roles: frozenset[str] = field(default_factory=frozenset)
    permissions: frozenset[str] = field(default_factory=frozenset)
    name: str = ""
    organisations: tuple[Any, ...] = ()  # all that the user may act for

    @classmethod
    def system(cls, name: str) -> Actor:
        """The portal acting by itself (a worker, a command); it may do everything."""
        return cls(name=name, permissions=frozenset(Permission))

    @property
    def is_authenticated(self) -> bool:
        return self.user is not None

    @property
    def user_id(self) -> int | None:
        return None if self.user is None else self.user.pk

    @property
    def organisation_id(self) -> int | None:
        return None if self.organisation is None else self.organisation.pk

    @property
    def is_regulator(self) -> bool:
        return self.organisation is not None and self.organisation.is_regulator

    @property
    def is_sandbox(self) -> bool:
        return self.organisation is not None and bool(self.organisation.is_sandbox)

    def may(self, permission: str) -> bool:
        """Whether a role held in the organisation acted for grants the permission."""
        return permission in self.permissions


NOBODY = Actor()
