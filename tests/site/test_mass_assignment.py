"""What a form or a call does not ask for it does not take: neither whose it is, nor its state, nor when; nor too much at once."""

from __future__ import annotations

import pytest

from portal.accounts.models import Organisation, User
from portal.core.api.paging import LARGEST
from portal.registry.models import Counterparty, Product
from reporting.models import Filing
from tests import factories
from tests.calling import caller
from tests.conftest import signed_in
from tests.portal.registry.test_api import CLIENT, PRODUCT
from tests.portal.registry.test_product_pages import FIELDS

mass_assignment = pytest.mark.holds("mass-assignment")
page_sizes = pytest.mark.holds("page-sizes-capped")


def smuggled(borealis: Organisation, carla: User) -> dict[str, object]:
    """What every table has and no form asks for."""
    return {
        "id": 10**6, "pk": 10**6, "organisation": borealis.pk, "organisation_id": borealis.pk, "status": "accepted", "state": "active",
        "submitted_at": "2020-01-01 00:00", "submitted_by": carla.pk, "retired_at": "2020-01-01 00:00", "version": 7, "on_time": "true",
        "receipt_no": "R-1", "sha256": "0" * 64, "created_by": carla.pk, "is_superuser": "true", "is_staff": "true", "is_active": "false",
    }  # fmt: skip


@mass_assignment
def test_pages_take_what_their_form_asks_for_alone(
    aurora: Organisation, borealis: Organisation, alma: User, carla: User
) -> None:
    client, more = signed_in(alma), smuggled(borealis, carla)
    assert client.post("/products/add/", FIELDS | more).status_code == 302
    product = Product.objects.get()
    assert (product.organisation, product.retired_at, product.pk < 10**6) == (aurora, None, True)
    assert client.post(f"/products/{product.pk}/edit/", FIELDS | more).status_code == 302
    product.refresh_from_db()
    assert (product.organisation, product.retired_at) == (aurora, None)
    client.post("/filings/start/", {"period": "2026-01", "how": "empty", **more})
    filing = Filing.objects.get()
    assert (filing.organisation, filing.status, filing.version, filing.created_by) == (
        aurora,
        "draft",
        1,
        alma,
    )
    assert (filing.submitted_at, filing.receipt_no, filing.on_time, filing.sha256) == (None, None, None, "")
    client.post("/account/", {"first_name": "Alma", "last_name": "", **more})
    alma.refresh_from_db()
    assert (alma.is_superuser, alma.is_staff, alma.is_active) == (False, False, True)


@mass_assignment
@pytest.mark.parametrize(
    ("path", "body"),
    [("products/", PRODUCT), ("counterparties/", CLIENT), ("filings/", {"period": "2026-01"})],
)
def test_the_api_refuses_each_member_that_is_not_its_own_by_name(
    path: str, body: dict[str, object], borealis: Organisation, alma: User, carla: User
) -> None:
    api = caller(alma)
    for name, value in smuggled(borealis, carla).items():
        refused = api.post(path, body | {name: value})
        assert refused.status_code == 422, name
        assert f"/{name}" in [one["pointer"] for one in refused.body["errors"]]
    assert not Product.objects.exists()
    assert not Counterparty.objects.exists()
    assert not Filing.objects.exists()


@page_sizes
@pytest.mark.parametrize(
    "path", ["products/", "counterparties/", "lots/", "filings/", "findings/", "questions/", "obligations/"]
)
def test_no_caller_gets_more_rows_at_once_than_is_allowed(path: str, alma: User) -> None:
    api = caller(alma)
    assert api.get(f"{path}?limit={LARGEST}").status_code == 200
    for limit in (LARGEST + 1, 10**7, 10**12, 0, -1):
        assert api.get(f"{path}?limit={limit}").status_code == 400


@page_sizes
def test_no_page_grows_with_what_is_asked_for(aurora: Organisation, alma: User) -> None:
    Counterparty.objects.bulk_create(
        Counterparty(organisation=aurora, code=f"C-{number:03}", name=f"Client {number}", country="DE")
        for number in range(300)
    )
    for number in range(120):
        factories.product(aurora, f"P-{number:03}")
    client = signed_in(alma)
    for url, row in (("/counterparties/", "/counterparties/"), ("/products/", "/products/")):
        shown = {
            ask: client.get(f"{url}{ask}").content.decode().count(f'href="{row}')
            for ask in ("", "?page_size=9999&limit=9999&per_page=9999")
        }
        assert 0 < shown[""] <= 120
        assert len(set(shown.values())) == 1
