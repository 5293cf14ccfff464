"""A new SECRET_KEY with the old one beside it: nobody is signed out, every second factor still works; then the old one goes."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.core import signing
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.models import Event
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
NEW, NEWER = "n" * 60, "m" * 60


@pytest.fixture
def rotate(settings: Any) -> Callable[..., None]:
    """A new key, with or without the old ones still accepted."""

    def to(key: str, *, keep: bool) -> None:
        former = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS] if keep else []
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, former

    return to


def accepts_code(person: User) -> bool:
    """Whether the code that the person's app shows now is the right one."""
    cache.clear()
    authenticator = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), counter))
    return TOTP(authenticator).validate_code(code)


@pytest.mark.holds("key-rotation")
def test_sessions_survive_and_move_to_the_new_key(alma: User, rotate: Callable[..., None]) -> None:
    client = signed_in(alma)
    rotate(NEW, keep=True)
    assert client.get(reverse("home")).context["user"] == alma
    rotate(NEW, keep=False)
    assert client.get(reverse("home")).context["user"] == alma


def test_a_session_not_seen_while_both_keys_held_signs_in_again(
    alma: User, rotate: Callable[..., None]
) -> None:
    client = signed_in(alma)
    rotate(NEW, keep=False)
    assert not client.get(reverse("home")).context["user"].is_authenticated


@pytest.mark.holds("key-rotation")
def test_second_factors_survive_two_rotations(dora: User, rotate: Callable[..., None]) -> None:
    rotate(NEW, keep=True)
    rotate(NEWER, keep=True)
    assert accepts_code(dora)


@pytest.mark.holds("key-rotation")
def test_after_rekeying_the_old_key_may_be_forgotten(dora: User, rotate: Callable[..., None]) -> None:
    codes = RecoveryCodes.activate(dora).get_unused_codes()
    rotate(NEW, keep=True)
    out = StringIO()
    call_command("rekey", stdout=out)
    assert (
        out.getvalue() == "2 second factors and 0 secrets of webhooks are encrypted with the present key.\n"
    )
    rotate(NEW, keep=False)
    assert accepts_code(dora)
    kept = Authenticator.objects.get(user=dora, type=Authenticator.Type.RECOVERY_CODES)
    assert RecoveryCodes(kept).validate_code(codes[0])
    verbs = Event.objects.order_by("-pk").values_list("verb", flat=True)[:2]
    assert list(verbs) == ["webhook.secrets_rekeyed", "second_factors.rekeyed"]


def test_without_rekeying_a_second_factor_would_be_lost_and_the_command_says_so(
    dora: User, rotate: Callable[..., None]
) -> None:
    rotate(NEW, keep=False)
    with pytest.raises(InvalidToken):
        accepts_code(dora)
    before = list(Authenticator.objects.values_list("data", flat=True))
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("rekey")
    assert list(Authenticator.objects.values_list("data", flat=True)) == before


def test_links_that_were_sent_still_lead_on(rotate: Callable[..., None]) -> None:
    link = signing.dumps([1, "alma@example.test"], salt="a link")
    rotate(NEW, keep=True)
    assert signing.loads(link, salt="a link") == [1, "alma@example.test"]
    rotate(NEWER, keep=False)
    with pytest.raises(signing.BadSignature):
        signing.loads(link, salt="a link")
