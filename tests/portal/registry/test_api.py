"""Products, lots and counterparties by HTTP: the rules of the pages, a pointer to each place."""

from __future__ import annotations

from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.registry.models import Counterparty, Lot, Product
from reporting.models import Kind
from tests import factories
from tests.calling import caller

PRODUCT: dict[str, Any] = {
    "code": "P/07 ü",
    "name": "Ring 20 × 10",
    "stage": "magnet",
    "family": "ndfeb",
    "hs_code": "8505111000",
    "nd_pct": "24.10",
    "dy_pct": "0",
    "partners": "fe;b",
}
CLIENT: dict[str, Any] = {"code": "C-01", "name": "Rheinmotor GmbH", "country": "DE", "end_use": "motors"}


def test_a_product_is_added_read_changed_and_retired(alma: User) -> None:
    api = caller(alma)
    added = api.post("products/", PRODUCT)
    assert added.status_code == 201, added.body
    path = added["Location"].partition("/api/v1/")[2]
    read = api.get(path)
    assert read.body == added.body
    assert (read.body["nd_pct"], read.body["dy_pct"], read.body["tb_pct"]) == ("24.1", "0", None)
    assert read.body["assay_rel_uncertainty_pct"] == "1"
    amended = api.patch(path, {"grade": "N45SH"}, If_Match=read["ETag"])
    assert (amended.body["grade"], amended.body["name"]) == ("N45SH", PRODUCT["name"])
    late = api.patch(path, {"grade": "N42"}, If_Match=read["ETag"])
    assert (late.status_code, late.body["code"], late["ETag"]) == (412, "stale", amended["ETag"])
    replaced = api.put(path, {name: PRODUCT[name] for name in ("code", "name", "stage")})
    assert (replaced.body["grade"], replaced.body["nd_pct"]) == ("", None)
    assert [api.delete(path).status_code for _ in range(2)] == [204, 204]
    assert api.get("products/").body["results"] == []
    assert api.get("products/?retired=true").body["results"][0]["retired"] is True
    assert api.patch(path, {"retired": False}).body["retired"] is False
    verbs = list(Event.objects.filter(subject_type="product").order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "product.added",
        "product.changed",
        "product.changed",
        "product.retired",
        "product.changed",
        "product.restored",
    ]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"nd_pct": "101"}, "/nd_pct", "max_value"),
        ({"nd_pct": 24.1}, "/nd_pct", "decimal_not_text"),
        ({"nd_pct": "NaN"}, "/nd_pct", "invalid"),
        ({"nd_pct": "60", "dy_pct": "60"}, "", "over_hundred"),
        ({"stage": "powder"}, "/stage", "invalid_choice"),
        ({"hs_code": "85"}, "/hs_code", "invalid"),
        ({"name": None}, "/name", "required"),
        ({"name": 7}, "/name", "not_a_text"),
        ({"partners": "fe;unobtainium"}, "/partners", "unknown_symbol"),
        ({"colour": "red"}, "/colour", "unknown_member"),
        ({"organisation": "911500001141243517"}, "/organisation", "unknown_member"),
        ({"retired": "no"}, "/retired", "not_a_flag"),
    ],
)
def test_what_the_page_refuses_is_refused_with_its_place(
    alma: User, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = caller(alma).post("products/", PRODUCT | change)
    assert answer.status_code == 422
    assert (answer.body["errors"][0]["pointer"], answer.body["errors"][0]["code"]) == (pointer, code)
    assert not Product.objects.exists()


def test_a_code_is_taken_once_and_does_not_change(alma: User) -> None:
    api = caller(alma)
    path = api.post("products/", PRODUCT)["Location"].partition("/api/v1/")[2]
    assert api.post("products/", PRODUCT).body["errors"][0]["code"] == "code_taken"
    moved = api.put(path, PRODUCT | {"code": "P-08"})
    assert (moved.status_code, moved.body["errors"][0]["code"]) == (422, "key_changed")


def test_a_recipe_that_filings_rest_on_changes_as_a_correction_alone(
    alma: User, aurora: Organisation
) -> None:
    product = factories.product(aurora)
    factories.line(factories.filing(aurora), 1, Kind.OPENING, product, "1")
    api = caller(alma)
    refused = api.patch("products/P-01/", {"nd_pct": "25"})
    assert refused.body["errors"][0] | {"message": ""} == {
        "pointer": "/correction",
        "code": "recipe_in_use",
        "message": "",
    }
    assert api.patch("products/P-01/", {"nd_pct": "25", "correction": "misread"}).body["nd_pct"] == "25"


def test_a_client_that_looks_like_another_is_confirmed_first(alma: User) -> None:
    api = caller(alma)
    assert api.post("counterparties/", CLIENT).status_code == 201
    second = CLIENT | {"code": "C-02", "name": "RHEINMOTOR GmbH."}
    doubted = api.post("counterparties/", second)
    assert [(one["pointer"], one["code"]) for one in doubted.body["errors"]] == [
        ("/confirmed", "look_again"),
        ("/name", "looks_like"),
    ]
    assert "C-01" in doubted.body["errors"][1]["message"]
    assert api.post("counterparties/", second | {"confirmed": True}).status_code == 201
    assert Counterparty.objects.count() == 2


def test_a_doubtful_number_is_told(alma: User) -> None:
    body = CLIENT | {"country": "CN", "id_type": "USCC", "id_number": "91440300708461136X"}
    errors = caller(alma).post("counterparties/", body).body["errors"]
    assert [one["code"] for one in errors] == ["look_again", "doubtful_number"]


def test_a_counterparty_is_changed_and_retired(alma: User) -> None:
    api = caller(alma)
    api.post("counterparties/", CLIENT)
    assert api.patch("counterparties/C-01/", {"city": "Köln"}).body["city"] == "Köln"
    assert api.put("counterparties/C-01/", CLIENT).body["city"] == ""
    assert api.delete("counterparties/C-01/").status_code == 204
    assert Counterparty.objects.get().retired_at is not None


def test_a_lot_has_an_assay_of_its_own(alma: User, aurora: Organisation) -> None:
    factories.product(aurora)
    api = caller(alma)
    lot = {"batch": "L-1", "product": "P-01", "dy_pct": "1.31", "assayed_on": "2026-05-04"}
    added = api.post("lots/", lot)
    assert added.status_code == 201, added.body
    assert added.body | lot == added.body
    assert api.post("lots/", lot).body["errors"][0]["code"] == "code_taken"
    changed = api.patch("lots/L-1/P-01/", {"dy_pct": "1.29"}, If_Match=added["ETag"])
    assert changed.body["dy_pct"] == "1.29"
    assert api.delete("lots/L-1/P-01/", If_Match=added["ETag"]).status_code == 412
    assert api.delete("lots/L-1/P-01/").status_code == 204
    assert not Lot.objects.exists()
    verbs = list(Event.objects.filter(subject_type="lot").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["lot.added", "lot.changed", "lot.removed"]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"product": "NONE"}, "/product", "unknown_product"),
        ({"batch": "L;1"}, "/batch", "lot_misspelt"),
        ({"assayed_on": "4 May"}, "/assayed_on", "invalid"),
        ({"nd_pct": "99", "pr_pct": "2"}, "", "over_hundred"),
    ],
)
def test_a_lot_that_cannot_be_is_refused(
    alma: User, aurora: Organisation, change: dict[str, str], pointer: str, code: str
) -> None:
    factories.product(aurora)
    answer = caller(alma).post("lots/", {"batch": "L-1", "product": "P-01", **change})
    assert (answer.body["errors"][0]["pointer"], answer.body["errors"][0]["code"]) == (pointer, code)


def test_another_organisations_product_makes_no_lot(alma: User, borealis: Organisation) -> None:
    factories.product(borealis, "B-1")
    answer = caller(alma).post("lots/", {"batch": "L-1", "product": "B-1"})
    assert answer.body["errors"][0]["code"] == "unknown_product"


def test_pages_cost_the_same_however_many_rows(
    alma: User, aurora: Organisation, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        factories.product(aurora, f"P-{number:02}")
    api = caller(alma)
    api.get("products/")
    with django_assert_max_num_queries(4):
        assert len(api.get("products/").body["results"]) == 60
