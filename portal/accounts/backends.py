"""Who signs in with a name and a password: one account is looked at, one hash is computed, whether it exists or not."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from portal.accounts.models import User
from portal.accounts.queries import person_called


class OneHash(AuthenticationBackend):
    """allauth's tries name and address in turn, a hash each, by which known and unknown names could be told apart."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("email") or credentials.get("username") or ""
        # where there is nobody, the caller computes the one hash for nothing
        found: User | None = self._check_password(person_called(login), credentials["password"])
        return found
