"""Browsers in which somebody signed in before: a cookie says so, and strangers' guesses do not shut its people out.

The cookie is no proof of who one is and opens nothing. It holds, signed, a number of the browser and for each of its
people a stamp that dies with their password. It is written anew at each sign-in; the number stays, so that guesses
made in this browser stay counted.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare

from portal.accounts.models import User

SALT = "portal.accounts.devices"
KEPT_SECONDS = 180 * 86_400
PEOPLE = 5  # of one shared computer; the one who was here longest ago gives way
STAMP = 24  # characters of the session hash, which changes with the password


@dataclass(frozen=True)
class Device:
    """A browser: its number, and who signed in here."""

    number: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    people: dict[str, str] = field(default_factory=dict)


def read(request: HttpRequest) -> Device | None:
    """The browser that asks, where it carries a cookie of ours."""
    try:
        number, people = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KEPT_SECONDS
        )
        return Device(str(number), dict(people))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def number_for(request: HttpRequest, person: User | None) -> str:
    """The number of a browser in which this person signed in with the password that holds; empty for any other."""
    device = read(request)
    stamp = device.people.get(str(person.pk)) if device and person else None
    if device is None or person is None or stamp is None:
        return ""
    holding = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return device.number if any(constant_time_compare(stamp, one[:STAMP]) for one in holding) else ""


def remember(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """From now on this browser is one of the person's."""
    device = read(request) or Device()
    others = {pk: stamp for pk, stamp in device.people.items() if pk != str(person.pk)}
    kept = dict(list(others.items())[-(PEOPLE - 1) :])
    people = kept | {str(person.pk): person.get_session_auth_hash()[:STAMP]}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([device.number, people], salt=SALT, compress=True),
        max_age=KEPT_SECONDS,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )
