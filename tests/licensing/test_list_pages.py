"""The public list and the checker, as anybody reads them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import Organisation, User
from tests import factories
from tests.conftest import signed_in
from tests.licensing.lists import control_list

pytestmark = pytest.mark.django_db


def page(url: str, language: str = "en", **query: str) -> str:
    answer = Client().get(url, query, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_every_entry_with_its_standing() -> None:
    text = page("/control-list/", on="2026-06-01")
    for entry in control_list().entries:
        assert f">{entry.control_code}</a>" in text
    assert "Suspended by MOFCOM-GAC 2025 No. 70 until 10 November 2026." in text
    assert "MOFCOM 2026 No. 12" in text


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2025-04-03", "It takes effect on 4 April 2025."),
        ("2025-10-20", "It takes effect on 8 November 2025."),
        ("2025-11-07", "Suspended by MOFCOM-GAC 2025 No. 70 until 10 November 2026."),
        ("2026-11-10", "Suspended by MOFCOM-GAC 2025 No. 70 until 10 November 2026."),
        ("2026-11-11", "What holds since is not confirmed"),
        ("2025-11-06", "In force from 4 April 2025."),
    ],
)
def test_the_list_on_days_around_its_changes(on: str, words: str) -> None:
    assert words in page("/control-list/", on=on)


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ({"q": "dysprosium magnet"}, "1C905.a.4", "1C904.a.4"),
        ({"q": "含镝的钕铁硼"}, "1C905.a.4", "1C905.b"),
        ({"q": "1c907"}, "1C907.a.1", "1C908.a.1"),
        ({"element": "sc"}, "1C907.b", "1C902.b"),
        ({"form": "magnet"}, "1C902.a.4", "1C902.b"),
        ({"hs": "2846901500"}, "1C905.b", "1C904.b"),
        ({"hs": "28469015"}, "1C905.b", "1C904.b"),
        ({"q": "EXTRACTANTS"}, "1C914.c", "1C914.a"),
    ],
)
def test_entries_are_found(query: dict[str, str], present: str, absent: str) -> None:
    text = page("/control-list/", **query)
    assert f">{present}</a>" in text
    assert f">{absent}</a>" not in text


def test_nothing_found_is_said() -> None:
    assert "No entry fits" in page("/control-list/", q="uranium")


@pytest.mark.parametrize("on", ["2026-02-30", "0001-01-01", "yesterday", "9999-12-31"])
def test_a_day_that_cannot_be_read_shows_today(on: str) -> None:
    assert ">1C905.a.4</a>" in page("/control-list/", on=on)


def test_an_entry_has_its_page_in_both_languages() -> None:
    english, chinese = page("/control-list/1C905.a.4/"), page("/control-list/1C905.a.4/", "zh-hans")
    assert "no customs code can say" in english
    assert "0.36" in english
    assert "含镝的钕铁硼永磁材料" in english
    assert "商务部、海关总署2025年第18号公告" in chinese
    assert "供应商惯例，并非法定限值" in chinese
    assert Client().get("/control-list/1C999/").status_code == 404


def test_the_history_of_a_suspended_entry() -> None:
    text = page("/control-list/1C909.a.4/", on="2026-11-11")
    assert "suspended by MOFCOM-GAC 2025 No. 70" in text
    assert "what followed is not confirmed" in text
    assert "In the list since version 1" in text


def test_the_list_as_a_file() -> None:
    answer = Client().get("/control-list/entries.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(control_list().entries)
    assert lines[0].startswith("instrument,control_code,element")


def checked(client: Client, **said: str) -> Any:
    return client.post("/classify/", said, headers={"Accept-Language": "en"})


def test_the_checker_answers_without_an_account() -> None:
    said = {
        "form": "magnet",
        "family": "ndfeb",
        "nd_pct": "29",
        "dy_pct": "0.18",
        "tb_pct": "0",
        "on": "2026-06-01",
    }
    text = checked(Client(), **said).content.decode()
    assert "Licence required" in text
    assert "0.18 % of dysprosium is at or above the setting of 0.1 %" in text
    assert "1C904.a.4" in text
    assert "by version 1 of the list" in text


def test_the_checker_says_what_is_missing_and_what_does_not_go_together() -> None:
    said = {"form": "magnet", "family": "ndfeb", "dy_pct": "0", "description": "magnet with dysprosium"}
    text = checked(Client(), **said).content.decode()
    assert "Assay required" in text
    assert "the content of Terbium" in text
    assert "The description mentions dysprosium" in text


@pytest.mark.parametrize(
    ("field", "value"),
    [("dy_pct", "-1"), ("dy_pct", "1e400"), ("dy_pct", "NaN"), ("hs_code", "85"), ("partners", "iron"), ("on", "0001-01-01"), ("form", "x")],
)  # fmt: skip
def test_what_cannot_be_used_is_told_at_its_field(field: str, value: str) -> None:
    answer = (
        checked(Client(), form="magnet", **{field: value})
        if field != "form"
        else checked(Client(), form=value)
    )
    assert answer.status_code == 422
    assert f"id_{field}" in answer.content.decode()


def test_a_product_of_ones_own_fills_the_form(
    aurora: Organisation, borealis: Organisation, alma: User
) -> None:
    own = factories.product(aurora, "P-1", name="Ring", dy_pct="1.2")
    other = factories.product(borealis, "P-2", name="BOREALIS", dy_pct="7.7")
    client = signed_in(alma)
    assert 'value="1.2"' in client.get(f"/classify/?product={own.pk}").content.decode()
    text = client.get(f"/classify/?product={other.pk}").content.decode()
    assert "7.7" not in text
    assert "BOREALIS" not in text


def test_a_products_page_says_whether_it_is_controlled(aurora: Organisation, alma: User) -> None:
    product = factories.product(aurora)
    client = signed_in(alma)
    assert (
        f'hx-get="/products/{product.pk}/control/"' in client.get(f"/products/{product.pk}/").content.decode()
    )
    whole = client.get(f"/products/{product.pk}/control/").content.decode()
    text = client.get(f"/products/{product.pk}/control/", headers={"HX-Request": "true"}).content.decode()
    assert text in whole
    assert "<title>" in whole
    assert "<title>" not in text
    assert "Licence required" in text
    assert "1C905.a.4" in text
