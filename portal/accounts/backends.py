"""Who signs in with a name and a password: one account is looked at, one hash is computed, whether it exists or not."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from portal.accounts.models import User
from portal.accounts.queries import person_called
from portal.core import fence
from portal.core.prepared import Given, Prepared

_PERSON: Final = Prepared(lambda: User.objects.filter(pk=Given("pk"), is_active=True))


class OneHash(AuthenticationBackend):
    """allauth's tries name and address in turn, a hash each, by which known and unknown names could be told apart."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("email") or credentials.get("username") or ""
        # where there is nobody, the caller computes the one hash for nothing
        found: User | None = self._check_password(person_called(login), credentials["password"])
        return found

    def get_user(self, user_id: int) -> User | None:
        """Whose session it is; nobody's where the account was closed. Asked by every request of a person."""
        with fence.lifted(reason="it stands between the looks-up of the session and of the roles"):
            return _PERSON.first(pk=user_id)
