"""What every answer carries, whoever asks and however it ends."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client

from portal.accounts.models import Organisation, User
from reporting.services import uploads
from tests import factories
from tests.conftest import acting, signed_in
from tests.site.visitors import Visitor, visits

CARRIED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

SHOWN = ("text/html", "application/json", "text/plain")
STORED = re.compile("[0-9a-f]{32}")
ATTACHED = re.compile(r'attachment; filename="[A-Za-z0-9][A-Za-z0-9._ -]*"')


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


@pytest.fixture
def preparer(visitors: list[Visitor]) -> Client:
    """A preparer's session, to which faults of the server are answers."""
    client = next(person for person in visitors if person.name == "preparer").client
    client.raise_request_exception = False
    return client


def is_download(answer: HttpResponse) -> bool:
    """Whether a browser would save or show it: neither a page nor what the portal's own script reads."""
    return answer.status_code == 200 and not answer["Content-Type"].startswith(SHOWN)


def look(client: Client, url: str) -> Any:
    """The answer to a GET, read to its end."""
    answer = client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


@pytest.mark.holds("headers-everywhere", "no-store", "downloads-attachments")
def test_every_answer_carries_its_headers(visitors: list[Visitor], two_producers: dict[str, Any]) -> None:
    wrong: list[tuple[Any, ...]] = []
    for url, allowed in visits(visitors, two_producers["own"]):
        for person in [*allowed[:1], visitors[1]]:
            answer = look(person.client, url)
            at = (person.name, url, answer.status_code)
            wrong += [(*at, name) for name in missing(answer)]
            if person.person and "no-store" not in answer.get("Cache-Control", ""):
                wrong.append((*at, "no-store"))
            if is_download(answer) and not ATTACHED.fullmatch(answer.get("Content-Disposition", "")):
                wrong.append((*at, "no attachment", answer.get("Content-Disposition")))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.holds("headers-everywhere")
def test_files_of_the_pages_carry_them(preparer: Client) -> None:
    wrong, seen = [], 0
    for finder in finders.get_finders():
        for path, _storage in finder.list([]):
            if path.endswith((".css", ".js", ".svg")) and not path.startswith("admin/"):
                answer = look(preparer, f"/static/{path}")
                seen += answer.status_code == 200
                wrong += [(path, name) for name in missing(answer)]
    assert not wrong
    assert seen > 20


@pytest.mark.holds("headers-everywhere")
@pytest.mark.parametrize("path", ["/filings", "/admin", "/verify"])
def test_forwardings_carry_them(path: str, preparer: Client) -> None:
    answer = preparer.get(path)
    assert (answer.status_code, missing(answer)) == (301, [])


@pytest.mark.holds("downloads-attachments", "uploads-server-paths")
@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ('a"; filename="b.html', "a_; filename=_b.html"),
        ("a\r\nSet-Cookie: x=1.csv", "a__Set-Cookie: x=1.csv"),
        ("../../etc/passwd", "etc_passwd"),
        ("\u202egpj.csv", "gpj.csv"),
        ("稀土.csv", "__.csv"),
        ("a\\b;c.csv", "a_b;c.csv"),
    ],
)
def test_a_file_is_offered_under_a_name_that_is_only_a_name(
    name: str, offered: str, aurora: Organisation, alma: User, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    draft = factories.filing(aurora, "2026-05", created_by=alma)
    upload = uploads.receive(by=acting(alma), filing_id=draft.pk, name=name, data=b"<html>")
    answer = signed_in(alma).get(f"/filings/{draft.pk}/uploads/{upload.pk}/original")
    assert answer["Content-Disposition"] == f'attachment; filename="{offered}"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert [path for path in tmp_path.rglob("*") if path.is_file() and not STORED.fullmatch(path.name)] == []
