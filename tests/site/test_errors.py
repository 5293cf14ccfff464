"""Every way a request can fail is answered by a page or a problem: headers, a reference, both languages, no trace."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from portal.accounts.models import Organisation, User
from portal.config import navigation
from portal.registry.api import products
from tests import factories
from tests.calling import token_for
from tests.conftest import signed_in
from tests.site.test_headers import missing
from tests.site.visitors import visitor_of

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
REFERENCE = re.compile(r"[A-Z0-9]{8}")
SECRET_PATH = "portal/core"  # what a trace would show


@pytest.fixture
def people(aurora: Organisation) -> dict[str, Client]:
    """A preparer's session, one whose forms need their token, and a stranger's."""
    alma = factories.user("the-preparer", (aurora, "preparer"))
    made = {
        "preparer": visitor_of("preparer", ["preparer"], alma).client,
        "strict": Client(enforce_csrf_checks=True),
        "stranger": Client(),
    }
    made["strict"].cookies = signed_in(alma).cookies
    for client in made.values():
        client.raise_request_exception = False
    return made


def broken(error: Exception) -> Callable[..., None]:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    return fail


PAGES = [
    ("stranger", "GET", "/checks/%00/", {}, 400),
    ("stranger", "GET", "/", {"headers": {"host": "elsewhere.example"}}, 400),
    ("preparer", "POST", "/filings/start/", {"data": b"x", "content_type": "multipart/form-data"}, 400),
    ("preparer", "GET", "/people/", {}, 403),
    ("strict", "POST", "/filings/start/", {"data": {}}, 403),
    ("stranger", "GET", "/no/such/page/", {}, 404),
    ("stranger", "GET", "/static/none.css", {}, 404),
    ("preparer", "GET", "/filings/99999999/", {}, 404),
    ("preparer", "POST", "/filings/", {}, 405),
    ("preparer", "TRACE", "/filings/", {}, 405),
    ("preparer", "POST", "/filings/start/", {"data": {"period": "2019-01", "how": "last"}}, 409),
    ("preparer", "POST", "/filings/start/", {"data": {"period": "x" * 6_000}}, 413),
]


@pytest.mark.holds("headers-everywhere", "error-pages")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("who", "method", "url", "sent", "status"), PAGES)
def test_a_page_says_what_went_wrong(
    who: str, method: str, url: str, sent: dict[str, Any], status: int, language: str,
    people: dict[str, Client], settings: Any,
) -> None:  # fmt: skip
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000
    User.objects.update(language=language)
    client = people[who]
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    ask = {"GET": client.get, "POST": client.post, "TRACE": client.trace}[method]
    judge(ask(url, **sent), status, language)


@pytest.mark.holds("headers-everywhere", "error-pages")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("broken"), 500), (OperationalError("away"), 503)]
)
def test_a_broken_page_and_a_database_that_is_away(
    error: Exception, status: int, language: str, people: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "menu", broken(error))
    User.objects.update(language=language)
    answer = people["preparer"].get("/filings/")
    judge(answer, status, language)
    assert answer.get("Retry-After") == ("10" if status == 503 else None)


def judge(answer: Any, status: int, language: str) -> None:
    """The page has its status, headers, words in the reader's language, and the reference that the log has."""
    text = answer.content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", text)
    assert (answer.status_code, missing(answer)) == (status, [])
    assert heading is not None
    assert bool(CHINESE.search(heading[1])) == (language == "zh-hans")
    assert REFERENCE.fullmatch(answer["X-Request-Reference"])
    assert answer["X-Request-Reference"] in text
    assert "Traceback" not in text
    assert SECRET_PATH not in text


CALLS = [
    ("GET", "products/", {"headers": {"Authorization": ""}}, 401),
    ("POST", "filings/1/submit/", {}, 403),
    ("GET", "no/such/thing/", {}, 404),
    ("GET", "products/NONE/", {}, 404),
    ("DELETE", "products/", {}, 405),
    ("PATCH", "products/P-01/", {"data": b'{"name": "x"}', "headers": {"If-Match": '"old"'}}, 412),
    ("POST", "products/", {"data": b" " * 6_000}, 413),
    ("POST", "products/", {"data": b"a", "content_type": "text/xml"}, 415),
    ("POST", "products/", {"data": b"{"}, 400),
    ("POST", "products/", {"data": b"{}"}, 422),
]


@pytest.mark.holds("headers-everywhere", "error-pages")
@pytest.mark.parametrize(("method", "path", "sent", "status"), CALLS)
def test_the_api_says_it_in_its_own_form(
    method: str, path: str, sent: dict[str, Any], status: int, aurora: Organisation, alma: User, settings: Any
) -> None:
    factories.product(aurora)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000
    judge_call(call(alma, method, path, sent), status)


@pytest.mark.holds("headers-everywhere", "api-rate-limits")
def test_the_api_says_that_it_is_called_too_often(alma: User, settings: Any) -> None:
    cache.clear()
    settings.API_CALLS_A_MINUTE = 0
    answer = call(alma, "GET", "products/", {})
    judge_call(answer, 429)
    assert int(answer["Retry-After"]) > 0


@pytest.mark.holds("headers-everywhere", "error-pages")
@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("broken"), 500), (OperationalError("away"), 503)]
)
def test_the_api_says_that_it_is_broken_or_away(
    error: Exception, status: int, alma: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_for(alma)
    monkeypatch.setattr(products.ProductList, "get", broken(error))
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/products/", headers={"Authorization": f"Bearer {token}"})
    judge_call(answer, status)
    assert b"broken" not in answer.content


def call(person: User, method: str, path: str, sent: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {token_for(person)}"} | sent.get("headers", {})
    kind = sent.get("content_type", "application/json")
    client = Client(raise_request_exception=False)
    return client.generic(method, f"/api/v1/{path}", sent.get("data", b""), kind, headers=headers)


def judge_call(answer: Any, status: int) -> None:
    assert (answer.status_code, missing(answer), answer.json()["status"]) == (status, [], status)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["reference"] == answer["X-Request-Reference"]
    assert "Traceback" not in answer.content.decode()


PRODUCTION = {
    "LODESTONE_MODE": "production",
    "SECRET_KEY": "k" * 10 + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "portal.example",
    "PUBLIC_URL": "https://portal.example",
    "ALLOW_SQLITE": "True",
    "ALLOW_FILE_BROKER": "True",
}
ASK = """
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # none is collected
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "portal.example"})
for url in ("/healthz", "/no/such/page/", "/checks/", "/api/v1/products/", "/static/none.css"):
    answer = client.get(url, secure=True)
    print(answer.status_code, answer.get("Strict-Transport-Security"), "frame-ancestors 'none'" in answer["Content-Security-Policy"])
plain = client.get("/checks/")
print(plain.status_code, plain.get("Location"))
"""


@pytest.mark.holds("hsts")
def test_in_production_every_answer_asks_for_https(tmp_path: Path) -> None:
    """Its database is empty: whatever needs a table fails, and is answered with these headers too."""
    kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.config.settings"}
    environment = kept | PRODUCTION | {"LODESTONE_VAR": str(tmp_path), "LOG_LEVEL": "CRITICAL"}
    command = [sys.executable, "-c", ASK]
    said = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    *secure, plain = said.splitlines()
    assert len(secure) == 5
    assert {line.partition(" ")[2] for line in secure} == {
        "max-age=31536000; includeSubDomains; preload True"
    }
    assert plain == "301 https://portal.example/checks/"
