"""The catalogue of checks: public, complete, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client

from reporting.checks.core import every_check

pytestmark = pytest.mark.django_db


def test_the_catalogue_names_every_check() -> None:
    page = Client().get("/checks/").content.decode()
    assert all(check.code in page for check in every_check())


def test_words_find_a_check() -> None:
    page = Client().get("/checks/", {"q": "opening closing", "severity": "warning"}).content.decode()
    assert "STK001" in page
    assert "CMP001" not in page


def test_words_that_find_nothing_say_what_to_do() -> None:
    page = Client().get("/checks/", {"q": "zebra"}).content.decode()
    assert "Show every check" in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_check_has_its_page(language: str) -> None:
    client = Client(headers={"accept-language": language})
    for check in every_check():
        answer = client.get(f"/checks/{check.code}/")
        assert answer.status_code == 200
        assert check.code in answer.content.decode()


def test_a_code_in_small_letters_is_understood() -> None:
    assert Client().get("/checks/stk001/").status_code == 200


def test_an_unknown_code_is_not_found() -> None:
    assert Client().get("/checks/STK999/").status_code == 404
