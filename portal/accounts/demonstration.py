"""The people of the demonstration: their names, roles, one published password, and codes anybody may read.

Only ``LODESTONE_MODE=demonstration`` knows them. It refuses to start with the settings of a real installation, and a
real installation lets none of them in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass

from allauth.mfa import app_settings as second_factors
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port

from portal.accounts.models import User

PASSWORD = "lodestone-for-everyone"  # noqa: S105  # nosec B105 - published: the sign-in page shows it
MAIL_DOMAIN = "demonstration.lodestone.example"
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})

MAKER, SUPPLIER, OFFICE, CUSTOMS = "maker", "supplier", "office", "customs"


@dataclass(frozen=True)
class Person:
    """One demonstration account: ``place`` says in which of the four organisations the roles are held."""

    username: str
    name: str
    place: str
    roles: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.username}@{MAIL_DOMAIN}"


PEOPLE: tuple[Person, ...] = (
    Person("preparer", "Lin Xiao 林晓", MAKER, ("preparer",)),
    Person("certifier", "Zhou Ming 周明", MAKER, ("certifier",)),
    Person("manager", "Chen Yu 陈宇", MAKER, ("organisation_administrator",)),
    Person("supplier", "He Jing 何静", SUPPLIER, ("preparer", "certifier", "organisation_administrator")),
    Person("reviewer", "Wang Lei 王磊", OFFICE, ("reviewer",)),
    Person("officer", "Sun Li 孙丽", OFFICE, ("case_officer",)),
    Person("countersigner", "Zhao Qiang 赵强", OFFICE, ("countersigner",)),
    Person("auditor", "Wu Fang 吴芳", OFFICE, ("auditor",)),
    Person("administrator", "Xu Hong 徐宏", OFFICE, ("administrator",)),
    Person("administrator-2", "Ma Jun 马俊", OFFICE, ("administrator",)),
    Person("customs", "Guo Wei 郭伟", CUSTOMS, ("customs", "customs_administrator")),
)
_BY_USERNAME = {person.username: person for person in PEOPLE}


@dataclass(frozen=True)
class Code:
    """A six-digit code and for how many more seconds the authenticator app would show it."""

    digits: str
    seconds_left: int


def person_of(user: User) -> Person | None:
    """Whose demonstration account this is."""
    person = _BY_USERNAME.get(user.username)
    return person if person is not None and user.email == person.email else None


def is_one(user: User) -> bool:
    """Whether the account is a demonstration's."""
    return person_of(user) is not None


def secret_of(username: str) -> str:
    """The authenticator's secret of a demonstration account: the same on each start, other on each installation."""
    digest = hmac.new(
        settings.SECRET_KEY.encode(), f"demonstration:{username}".encode(), hashlib.sha256
    ).digest()
    return base64.b32encode(digest[:20]).decode()


def code_of(username: str) -> Code:
    """The code that the person's authenticator app would show now."""
    moment, period = int(time.time()), second_factors.TOTP_PERIOD
    digits = format_hotp_value(hotp_value(secret_of(username), moment // period))
    return Code(digits, period - moment % period)


def refuse_real_settings() -> None:
    """A demonstration does not start where it could be taken for the real portal.

    Raises ImproperlyConfigured where mode is demonstration and the address or the mail server is a real one.
    """
    if not settings.DEMONSTRATION:
        return
    hosts = [host for host in settings.ALLOWED_HOSTS if not _is_local(host)]
    reasons = {
        "the mode is production too": settings.PRODUCTION,
        "PUBLIC_URL is an https address": settings.PUBLIC_URL.startswith("https://"),
        f"ALLOWED_HOSTS names {', '.join(hosts)}": bool(hosts),
        "EMAIL_HOST is set, so mail would reach people": bool(settings.EMAIL_HOST),
    }
    found = [reason for reason, holds in reasons.items() if holds]
    if found:
        raise ImproperlyConfigured(
            f"The demonstration shows its passwords and does not start here: {'; '.join(found)}. "
            "Set LODESTONE_MODE=production for real use, or take these settings away."
        )


def _is_local(host: str) -> bool:
    """A name of this machine, or a bare address or word of the office's own network."""
    name = split_domain_port(host)[0] or host
    return (
        name in _LOCAL
        or name.endswith(".localhost")
        or "." not in name.strip(".")
        or name.replace(".", "").isdigit()
    )
