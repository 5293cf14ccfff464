"""What every answer carries, whoever asks and however it ends; and that looking changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from portal.config import navigation
from tests.site.fingerprints import fingerprint
from tests.site.visitors import Visitor, visits

CARRIED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def missing(answer: HttpResponse) -> list[str]:
    """The headers that are not as they should be."""
    wrong = [name for name, value in CARRIED.items() if answer.get(name) != value]
    policy = answer.get("Content-Security-Policy", "")
    parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    wrong += [
        f"csp {part}"
        for part in ("default-src", "frame-ancestors", "base-uri")
        if parts.get(part) != "'none'"
    ]
    wrong += [
        f"csp {part}" for part in ("script-src", "style-src", "form-action") if parts.get(part) != "'self'"
    ]
    wrong += [f"csp {word}" for word in ("unsafe-inline", "unsafe-eval", "http:", "*") if word in policy]
    return wrong + ([] if "camera=()" in answer.get("Permissions-Policy", "") else ["Permissions-Policy"])


def look(person: Visitor, url: str) -> Any:
    answer = person.client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def test_every_answer_carries_its_headers_and_looking_changes_nothing(
    visitors: list[Visitor], two_producers: dict[str, Any]
) -> None:
    wrong, before = [], fingerprint()
    for url, allowed in visits(visitors, two_producers["own"]):
        for person in [*allowed[:1], visitors[1]]:
            answer = look(person, url)
            wrong += [(person.name, url, answer.status_code, name) for name in missing(answer)]
            if person.person and "no-store" not in answer.get("Cache-Control", ""):
                wrong.append((person.name, url, answer.status_code, "no-store"))
            after = fingerprint()
            wrong += [
                (person.name, url, "changed", table) for table in after if after[table] != before[table]
            ]
            before = after
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(("method", "url", "status"), [
    ("get", "/no/such/page/", 404), ("get", "/filings/99999999/", 404), ("post", "/filings/", 405), ("get", "/people/", 403),
    ("post", "/filings/start/", 302), ("get", "/static/none.css", 404),
])  # fmt: skip
def test_errors_carry_them_too(method: str, url: str, status: int, visitors: list[Visitor]) -> None:
    preparer = next(person for person in visitors if person.name == "preparer")
    answer = getattr(preparer.client, method)(url)
    assert (answer.status_code, missing(answer)) == (status, [])


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("broken"), 500), (OperationalError("away"), 503)]
)
def test_a_broken_page_and_a_database_that_is_away_carry_them(
    error: Exception, status: int, visitors: list[Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise error

    monkeypatch.setattr(navigation, "menu", fail)
    client = visitors[2].client
    client.raise_request_exception = False
    answer = client.get("/filings/")
    assert (answer.status_code, missing(answer)) == (status, [])


def test_a_forged_post_is_refused_with_them(visitors: list[Visitor]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = visitors[2].client.cookies
    answer = client.post("/filings/start/")
    assert (answer.status_code, missing(answer)) == (403, [])
