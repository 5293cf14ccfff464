"""What Django's ``check`` says about people: no published password where real data is kept, addresses that are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.utils import DatabaseError

from portal.accounts.demonstration import MAIL_DOMAIN
from portal.accounts.models import User


@checks.register(checks.Tags.security, deploy=True)
def proxies_are_named(**kwargs: Any) -> list[checks.CheckMessage]:
    """Behind a proxy whose word is not taken, everybody has the proxy's address, and one guesser slows everybody."""
    if not settings.PRODUCTION or settings.SECURE_PROXY_SSL_HEADER is None or settings.TRUSTED_PROXIES:
        return []
    hint = "Set TRUSTED_PROXIES to the addresses of the proxies in front, for example 10.0.0.0/8."
    return [
        checks.Warning("Behind a proxy nobody's own network address is known.", hint=hint, id="accounts.W001")
    ]


@checks.register(checks.Tags.database)
def no_demonstration_accounts(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """In production an account of the demonstration is an error (they could not sign in, but should not be there)."""
    if not settings.PRODUCTION or not databases:
        return []
    try:
        if User._meta.db_table not in connections["default"].introspection.table_names():  # noqa: SLF001 - Django's public Meta API
            return []
        found = User.objects.filter(email__endswith=f"@{MAIL_DOMAIN}").count()
    except DatabaseError:
        return []  # a database that is away is reported elsewhere
    if not found:
        return []
    hint = "Start the real portal on a database of its own."
    return [
        checks.Error(
            f"The database holds {found} accounts of a demonstration.", hint=hint, id="accounts.E001"
        )
    ]
