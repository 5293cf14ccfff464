"""``classifications/``: one good, many goods, and every member that cannot be used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal.accounts.models import User
from portal.core.permissions import Permission
from tests.calling import Caller, token_for
from tests.licensing.lists import cases

MAGNET = {
    "id": "P-07",
    "on": "2026-06-01",
    "form": "magnet",
    "family": "ndfeb",
    "contents": {"nd": 29.1, "dy": "0.42"},
}


@pytest.fixture
def api(alma: User) -> Caller:
    return Caller(token_for(alma, Permission.FILING_VIEW))


def test_one_good(api: Caller) -> None:
    answer = api.post("classifications/", MAGNET)
    assert answer.status_code == 200
    assert answer.body["verdict"] == "licence_required"
    assert answer.body["entry"] == "1C905.a.4"
    assert answer.body["list_version"] == 1
    first = answer.body["entries"][0]
    assert (first["control_code"], first["applies"], first["status"]) == ("1C905.a.4", "yes", "in_force")
    assert "0.42 %" in first["because"]["en"]
    assert "0.42%" in first["because"]["zh"]


def test_many_goods_keep_their_order(api: Caller) -> None:
    goods = [_sent(case) for case in cases()]
    answer = api.post("classifications/", {"goods": goods})
    assert [one["id"] for one in answer.body["results"]] == [one["id"] for one in goods]
    assert [one["verdict"] for one in answer.body["results"]] == [case["verdict"] for case in cases()]
    assert api.post("classifications/", goods).body == answer.body


def _sent(case: dict[str, str]) -> dict[str, Any]:
    names = ("on", "form", "family", "processing_level", "hs_code", "description")
    contents = dict(part.split("=") for part in case["contents"].split())
    said = {name: case[name] or None for name in names} | {
        "partners": [p for p in case["partners"].split(";") if p]
    }
    return {"id": case["name"], "contents": contents, **said}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"form": "magnets"}, "/form", "unknown_code"),
        ({"family": 3}, "/family", "unknown_code"),
        ({"contents": {"dy": "-1"}}, "/contents/dy", "not_a_per_cent"),
        ({"contents": {"dy": 1e308}}, "/contents/dy", "not_a_per_cent"),
        ({"contents": {"dy": True}}, "/contents/dy", "not_a_per_cent"),
        ({"contents": {"dy": "1,5"}}, "/contents/dy", "not_a_per_cent"),
        ({"contents": {"fe": "65"}}, "/contents/fe", "unknown_element"),
        ({"contents": {"dy": "1", "DY": "2"}}, "/contents/DY", "element_twice"),
        ({"contents": {"dy": "60", "nd": "60"}}, "/contents", "over_hundred"),
        ({"contents": []}, "/contents", "not_an_object"),
        ({"partners": "iron"}, "/partners/0", "not_a_symbol"),
        ({"partners": {"fe": 1}}, "/partners", "not_a_list_of_symbols"),
        ({"hs_code": "8505"}, "/hs_code", "not_an_hs_code"),
        ({"on": "2026-02-30"}, "/on", "not_a_day"),
        ({"on": "0001-01-01"}, "/on", "not_a_day"),
        ({"description": "x" * 2_001}, "/description", "too_long"),
        ({"id": ["a"]}, "/id", "not_a_text"),
        ({"shape": "ring"}, "/shape", "unknown_member"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_place(
    api: Caller, change: dict[str, Any], pointer: str, code: str
) -> None:
    alone = api.post("classifications/", MAGNET | change)
    among = api.post("classifications/", {"goods": [MAGNET, MAGNET | change]})
    assert (alone.status_code, among.status_code) == (422, 422)
    assert {(one["pointer"], one["code"]) for one in alone.body["errors"]} == {(pointer, code)}
    assert {(one["pointer"], one["code"]) for one in among.body["errors"]} == {(f"/goods/1{pointer}", code)}


@pytest.mark.parametrize(
    "sent", [{"goods": []}, {"goods": MAGNET}, [], {"goods": [MAGNET], "on": "2026-06-01"}, [3]]
)
def test_what_is_no_list_of_goods_is_refused(api: Caller, sent: Any) -> None:
    assert api.post("classifications/", sent).status_code == 422


def test_ten_thousand_at_once_and_not_one_more(api: Caller) -> None:
    good = {"form": "scrap"}
    assert len(api.post("classifications/", {"goods": [good] * 10_000}).body["results"]) == 10_000
    refused = api.post("classifications/", {"goods": [good] * 10_001})
    assert refused.body["errors"][0]["code"] == "too_many"


def test_a_float_is_read_as_it_was_written(api: Caller) -> None:
    below = api.post("classifications/", MAGNET | {"contents": {"dy": 0.0999999, "tb": 0}})
    at = api.post("classifications/", MAGNET | {"contents": {"dy": 0.1, "tb": 0}})
    assert (below.body["verdict"], at.body["verdict"]) == ("not_controlled", "licence_required")
    assert json.dumps(below.body, ensure_ascii=False).count("0.0999999 %") == 2
