"""What every answer of the API has in common: problems, languages, pages, limits."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from portal.accounts.models import Organisation, User
from tests import factories
from tests.calling import Caller, caller


@pytest.mark.parametrize("secret", [None, "ls_" + "x" * 43, "x", "ls_\xe9"])
def test_without_a_token_that_is_one_there_is_no_answer(db: None, secret: str | None) -> None:
    answer = Caller(secret).get("products/")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.body["code"] == ("token_missing" if secret is None else "token_unknown")
    assert answer.body["reference"] == answer["X-Request-Reference"]


def test_a_problem_has_the_members_of_its_standard(alma: User) -> None:
    body = caller(alma).get("products/NONE/").body
    assert {"type", "title", "status", "code", "detail", "errors"} <= set(body)
    assert (body["title"], body["status"], body["code"]) == ("Not Found", 404, "not_found")


@pytest.mark.parametrize(
    ("header", "spoken"), [("zh-CN,zh;q=0.9", "zh-hans"), ("fr, en;q=0.5", "en"), ("de", "en"), ("*", "en")]
)
def test_the_header_chooses_the_language(alma: User, header: str, spoken: str) -> None:
    answer = caller(alma).get("products/NONE/", Accept_Language=header)
    assert answer["Content-Language"] == spoken
    assert "Accept-Language" in answer["Vary"]


def test_without_a_header_the_persons_own_language_is_spoken(alma: User) -> None:
    User.objects.filter(pk=alma.pk).update(language="zh-hans")
    assert caller(alma).get("products/")["Content-Language"] == "zh-hans"


@pytest.mark.holds("odd-input-answered")
@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"{", 400, "unreadable"),
        (b'{"code": NaN}', 400, "unreadable"),
        (b"\xff\xfe", 400, "unreadable"),
        (b"[" * 100_000, 400, "unreadable"),
        (b'{"code": "a\\u0000b"}', 400, "unusable_character"),
        (b'{"code": "\\ud800"}', 400, "unusable_character"),
        (b'{"code": "\\ud83d\\ude00", "name": "emoji", "stage": "magnet"}', 201, ""),
        (b'"text"', 422, "unusable"),
    ],
)
def test_what_is_no_json_is_refused(alma: User, raw: bytes, status: int, code: str) -> None:
    answer = caller(alma).ask("POST", "products/", raw)
    assert (answer.status_code, answer.body.get("code") if status > 201 else "") == (status, code)


def test_another_kind_of_body_is_refused(alma: User) -> None:
    api = caller(alma)
    answer = Client().post("/api/v1/products/", "a=1", content_type="text/xml", headers=api.headers)
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


def test_a_body_that_is_too_large_is_refused(alma: User, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    answer = caller(alma).post("products/", {"name": "x" * 2_000})
    assert (answer.status_code, answer.body["code"]) == (413, "too_large")


def test_an_address_that_is_none_is_a_problem_too(db: None) -> None:
    answer = Caller(None).get("no/such/thing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_method_that_is_none_is_refused(alma: User) -> None:
    answer = caller(alma).ask("DELETE", "products/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


def test_pages_follow_one_another_and_skip_nothing(alma: User, aurora: Organisation) -> None:
    for number in range(7):
        factories.product(aurora, f"P-{number}")
    api = caller(alma)
    page, seen = api.get("products/?limit=3").body, []
    while True:
        seen += [row["code"] for row in page["results"]]
        if page["next"] is None:
            break
        factories.product(aurora, f"A-{len(seen)}")
        page = api.get(page["next"].partition("/api/v1/")[2]).body
    assert seen == [f"P-{number}" for number in range(7)]


@pytest.mark.holds("api-rate-limits")
def test_too_many_calls_are_told_to_wait(alma: User, settings: Any) -> None:
    cache.clear()
    settings.API_CALLS_A_MINUTE = 2
    api = caller(alma)
    answers = [api.get("products/") for _ in range(5)]
    last = answers[-1]
    assert (last.status_code, last.body["code"]) == (429, "too_many_calls")
    assert 1 <= int(last["Retry-After"]) <= 60


@pytest.mark.holds("api-rate-limits")
def test_guessing_tokens_is_told_to_wait(db: None) -> None:
    cache.clear()
    answers = [Caller(f"ls_{number:043}").get("products/") for number in range(65)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    cache.clear()


def test_a_database_that_is_away_is_told_with_a_time(alma: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise OperationalError

    api = caller(alma)
    monkeypatch.setattr("portal.registry.api.register.listed", away)
    answer = api.get("products/")
    assert (answer.status_code, answer.body["code"], answer["Retry-After"]) == (503, "unavailable", "10")


def test_what_nobody_foresaw_is_told_by_its_reference_alone(
    alma: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("CANARY")

    api = caller(alma)
    api.client.raise_request_exception = False
    monkeypatch.setattr("portal.registry.api.register.listed", broken)
    answer = api.get("products/")
    assert (answer.status_code, answer.body["code"]) == (500, "failed")
    assert answer.body["reference"] == answer["X-Request-Reference"]
    assert b"CANARY" not in answer.content


@pytest.mark.parametrize(
    ("path", "status"), [("products/?limit=%00", 400), ("products/%0a/", 404), ("", 404)]
)
def test_where_no_view_is_reached_a_problem_answers_too(alma: User, path: str, status: int) -> None:
    answer = caller(alma).get(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.holds("csrf")
def test_a_cookie_reaches_nothing(alma: User) -> None:
    client = Client()
    client.force_login(alma)
    assert client.get("/api/v1/products/").status_code == 401
