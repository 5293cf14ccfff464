"""An organisation's catalogue: found, added, changed, retired; never another's."""

from __future__ import annotations

from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.registry.models import Product
from reporting.models import Kind
from tests import factories
from tests.conftest import signed_in

FIELDS: dict[str, Any] = {
    "code": "P-07",
    "name": "Ring 20 × 10",
    "stage": "magnet",
    "family": "ndfeb",
    "hs_code": "8505111000",
    "nd_pct": "24.1",
    "dy_pct": "0",
    "partners": "fe; b",
    "assay_rel_uncertainty_pct": "1.0",
}


def test_an_empty_catalogue_says_what_to_do(alma: User) -> None:
    assert "Your catalogue is empty" in signed_in(alma).get("/products/").content.decode()


def test_a_product_is_added_with_its_contents(alma: User, aurora: Organisation) -> None:
    answer = signed_in(alma).post("/products/add/", FIELDS, follow=True)
    product = Product.objects.get(organisation=aurora, code="P-07")
    assert str(product.nd_pct) == "24.100000"
    assert product.dy_pct == 0, "measured absence"
    assert product.tb_pct is None, "not measured"
    assert product.partners == "fe;b"
    assert "P-07 is in your catalogue" in answer.content.decode()
    assert Event.objects.get(verb="product.added").subject_id == product.pk


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("nd_pct", "101", "less than or equal to 100"),
        ("nd_pct", "-1", "greater than or equal to 0"),
        ("nd_pct", "1e308", "digits"),
        ("hs_code", "85", "Write 6, 8 or 10 digits"),
        ("partners", "fe;unobtainium", "no symbol of a metal"),
        ("stage", "powder", "Select a valid choice"),
        ("code", "", "required"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_on_the_page(
    alma: User, field: str, value: str, words: str
) -> None:
    answer = signed_in(alma).post("/products/add/", FIELDS | {field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Ring 20 × 10" in page
    assert not Product.objects.exists()


def test_contents_over_a_hundred_together_are_refused(alma: User) -> None:
    answer = signed_in(alma).post("/products/add/", FIELDS | {"nd_pct": "60", "pr_pct": "50"})
    assert "add up to 110" in answer.content.decode()


def test_a_code_that_is_taken_is_refused(alma: User, aurora: Organisation) -> None:
    factories.product(aurora, "P-07")
    answer = signed_in(alma).post("/products/add/", FIELDS)
    assert "already have a product with this code" in answer.content.decode()


def test_another_organisation_may_use_the_same_code(alma: User, borealis: Organisation) -> None:
    factories.product(borealis, "P-07")
    assert signed_in(alma).post("/products/add/", FIELDS).status_code == 302


def test_a_recipe_that_filings_rest_on_changes_only_as_a_correction(alma: User, aurora: Organisation) -> None:
    product = factories.product(aurora)
    factories.line(factories.filing(aurora), 1, Kind.PRODUCED, product, "10")
    client, url = signed_in(alma), f"/products/{product.pk}/edit/"
    fields = FIELDS | {"code": "P-01", "dy_pct": "3", "pr_pct": "6.1", "tb_pct": "0"}
    refused = client.post(url, fields)
    assert refused.status_code == 422
    assert "Filings rest on these contents" in refused.content.decode()
    assert (
        client.post(url, fields | {"correction": "read from the wrong line of the assay"}).status_code == 302
    )
    product.refresh_from_db()
    assert product.dy_pct == 3
    assert (
        Event.objects.get(verb="product.changed").data["correction"]
        == "read from the wrong line of the assay"
    )


def test_a_copy_begins_with_the_recipe_and_without_the_code(alma: User, aurora: Organisation) -> None:
    product = factories.product(aurora)
    page = signed_in(alma).get(f"/products/add/?copy={product.pk}").content.decode()
    assert "Sintered magnet N42SH" in page
    assert 'value="P-01"' not in page


def test_a_retired_product_leaves_the_list_and_comes_back(alma: User, aurora: Organisation) -> None:
    product = factories.product(aurora)
    client = signed_in(alma)
    client.post(f"/products/{product.pk}/retire/", {"retired": "true"})
    client.get("/products/")  # shows the message once
    assert "P-01" not in client.get("/products/").content.decode()
    assert "P-01" in client.get("/products/?retired=1").content.decode()
    client.post(f"/products/{product.pk}/retire/", {"retired": "false"})
    assert "P-01" in client.get("/products/").content.decode()


def test_another_organisations_product_is_not_found(carla: User, aurora: Organisation) -> None:
    product = factories.product(aurora)
    client = signed_in(carla)
    assert client.get(f"/products/{product.pk}/").status_code == 404
    assert client.post(f"/products/{product.pk}/edit/", FIELDS).status_code == 404
    assert client.get(f"/products/add/?copy={product.pk}").status_code == 404


def test_who_may_not_edit_is_refused(ada: User, aurora: Organisation) -> None:
    factories.product(aurora)
    client = signed_in(ada)
    assert "P-01" in client.get("/products/").content.decode()
    assert client.post("/products/add/", FIELDS).status_code == 403


@pytest.mark.holds("no-unbounded-queries")
@pytest.mark.parametrize("many", [3, 60])
def test_the_list_asks_the_database_the_same_number_of_questions(
    alma: User, aurora: Organisation, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        factories.product(aurora, f"P-{number:03d}")
    client = signed_in(alma)
    with django_assert_max_num_queries(9):
        client.get("/products/")
