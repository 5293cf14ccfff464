"""Real use: it refuses unsafe settings, has nothing to be warned of, and its cookies belong to its host alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.accounts import system_checks
from portal.accounts.models import User
from portal.config import environment
from portal.core.middleware import client_address
from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
KEY = "".join(chr(33 + (7 * number) % 90) for number in range(64)).replace(",", "x")
SAFE = {
    "LODESTONE_MODE": "production",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "lodestone.example",
    "PUBLIC_URL": "https://lodestone.example",
    "DATABASE_URL": "postgresql://portal:word@db/portal",
    "REDIS_URL": "redis://redis/0",
    "BEHIND_TLS_PROXY": "True",
    "TRUSTED_PROXIES": "10.0.0.0/8",
}
COOKIES = (
    "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_DOMAIN SESSION_COOKIE_PATH CSRF_COOKIE_NAME CSRF_COOKIE_SECURE "
    "CSRF_COOKIE_DOMAIN CSRF_COOKIE_PATH LANGUAGE_COOKIE_NAME LANGUAGE_COOKIE_SECURE DEVICE_COOKIE_NAME PRODUCTION"
).split()
PRINTED = f"""
import json
from portal.config import settings as chosen
from django.conf import global_settings
names = {[*COOKIES, "DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "THROTTLES"]!r}
print(json.dumps({{name: getattr(chosen, name, getattr(global_settings, name, None)) for name in names}}))
"""


def run(tmp_path: Path, *command: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    given = SAFE | changed | {"PATH": os.environ["PATH"], "LODESTONE_VAR": str(tmp_path)}
    kept = {name: value for name, value in given.items() if value is not None}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=kept, capture_output=True, text=True, check=False
    )


@pytest.mark.holds("production-refuses")
@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "x7" * 12}, "50 random characters"),
        ({"SECRET_KEY": "a" * 64}, "50 random characters"),
        ({"SECRET_KEY": "django-insecure-" + KEY}, "50 random characters"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "50 random characters"),
        ({"PUBLIC_URL": "http://lodestone.example"}, "PUBLIC_URL (https://…)"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"TRUSTED_PROXIES": "the proxy"}, "TRUSTED_PROXIES"),
        ({"SECURE_SSL_REDIRECT": "off"}, "SECURE_SSL_REDIRECT must be True or False"),
    ],
)
def test_it_does_not_start_unsafe(changed: dict[str, str | None], because: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "-c", "import portal.config.settings", **changed)
    assert ended.returncode != 0
    assert because in ended.stderr


@pytest.mark.holds("deploy-check")
def test_djangos_own_check_has_nothing_to_say(tmp_path: Path) -> None:
    ended = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (ended.returncode, ended.stdout) == (0, "System check identified no issues (0 silenced).\n"), (
        ended.stderr
    )
    assert "Warning" not in ended.stderr


def test_it_warns_where_nobodys_address_is_known(settings: Any) -> None:
    settings.PRODUCTION, settings.TRUSTED_PROXIES = True, []
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert [warning.id for warning in system_checks.proxies_are_named()] == ["accounts.W001"]
    settings.TRUSTED_PROXIES = environment.networks("10.0.0.0/8")
    assert system_checks.proxies_are_named() == []


@pytest.mark.holds("production-refuses")
@pytest.mark.holds("host-cookies")
def test_no_switch_shows_traces_and_every_cookie_is_the_hosts_alone(
    alma: User, tmp_path: Path, settings: Any
) -> None:
    ended = run(tmp_path, "-c", PRINTED, DEBUG="True", DJANGO_DEBUG="1")
    chosen = json.loads(ended.stdout)
    assert (chosen["DEBUG"], chosen["SECURE_SSL_REDIRECT"], chosen["THROTTLES"]) == (False, True, True)
    assert chosen["SECURE_HSTS_SECONDS"] >= 365 * 86_400
    for name in COOKIES:
        setattr(settings, name, chosen[name])
    client = Client(enforce_csrf_checks=True)
    page = client.get(reverse("account_login"), secure=True)
    token = str(page.context["csrf_token"])
    client.post(
        reverse("set_language"),
        {"language": "en", "csrfmiddlewaretoken": token},
        secure=True,
        headers={"Referer": "https://testserver/"},
    )
    given = {"login": "alma", "password": PASSWORD, "csrfmiddlewaretoken": token}
    answer = client.post(
        reverse("account_login"), given, secure=True, headers={"Referer": "https://testserver/"}
    )
    assert answer.status_code == 302
    assert set(client.cookies) == {"__Host-session", "__Host-csrf", "__Host-language", "__Host-device"}
    for cookie in client.cookies.values():
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", ""), cookie
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), cookie
    assert client.get(reverse("account_page"), secure=True).status_code == 200


@pytest.mark.holds("throttles")
@pytest.mark.parametrize(
    ("peer", "said", "is_"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "6.6.6.6, 198.51.100.1, 10.1.1.1", "198.51.100.1"),
        ("10.0.0.2", "10.9.9.9, 10.1.1.1", "10.9.9.9"),
        ("10.0.0.2", "no address, 10.1.1.1", "10.1.1.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "2001:db8::1", "2001:db8::1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_the_word_of_ones_own_proxies_is_taken(
    peer: str, said: str | None, is_: str, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = environment.networks("10.0.0.0/8")
    more = {} if said is None else {"HTTP_X_FORWARDED_FOR": said}
    seen: list[str] = []
    answer = client_address(lambda request: seen.append(request.META["REMOTE_ADDR"]))  # type: ignore[arg-type, func-returns-value]
    answer(RequestFactory().get("/", REMOTE_ADDR=peer, **more))
    assert seen == [is_]
