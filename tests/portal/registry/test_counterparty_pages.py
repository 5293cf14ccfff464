"""The register of clients and suppliers: numbers verified, doubles noticed, names kept out of addresses."""

from __future__ import annotations

from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.registry.models import Counterparty
from tests import factories
from tests.conftest import signed_in

FIELDS: dict[str, Any] = {
    "code": "C-07",
    "name": "Société d'Énergie « Été »",
    "country": "FR",
    "end_use": "wind turbines",
}
CHINESE = {"code": "C-08", "name": "宁波永磁有限公司", "country": "CN", "id_type": "USCC"}


def test_a_client_is_added(alma: User, aurora: Organisation) -> None:
    assert signed_in(alma).post("/counterparties/add/", FIELDS).status_code == 302
    row = Counterparty.objects.get(organisation=aurora, code="C-07")
    assert row.name == "Société d'Énergie « Été »"


def test_a_number_is_verified_and_stored_in_its_plain_form(alma: User) -> None:
    signed_in(alma).post("/counterparties/add/", CHINESE | {"id_number": "9133 0201-MADFQE5E01"})
    assert Counterparty.objects.get().id_number == "91330201MADFQE5E01"


def test_a_failing_number_warns_and_may_be_confirmed(alma: User) -> None:
    client, fields = signed_in(alma), CHINESE | {"id_number": "91350211M0000XUF46"}
    warned = client.post("/counterparties/add/", fields)
    assert warned.status_code == 422
    assert "does not fit the others" in warned.content.decode()
    assert not Counterparty.objects.exists()
    assert client.post("/counterparties/add/", fields | {"confirmed": "on"}).status_code == 302


def test_a_number_without_its_kind_is_asked_for(alma: User) -> None:
    answer = signed_in(alma).post("/counterparties/add/", FIELDS | {"id_number": "123"})
    assert "Choose which kind of number it is" in answer.content.decode()


def test_a_likeness_is_shown_before_a_double_is_made(alma: User, aurora: Organisation) -> None:
    factories.counterparty(aurora, name="Rheinmotor GmbH")
    client, fields = signed_in(alma), FIELDS | {"name": "RHEINMOTOR G.m.b.H.", "country": "DE"}
    page = client.post("/counterparties/add/", fields).content.decode()
    assert "looks like one you already have" in page
    assert "C-01" in page
    assert client.post("/counterparties/add/", fields | {"confirmed": "on"}).status_code == 302


def test_suggestions_come_while_typing_and_only_from_ones_own_register(
    alma: User, aurora: Organisation, borealis: Organisation
) -> None:
    factories.counterparty(aurora, name="Rheinmotor GmbH")
    factories.counterparty(borealis, "C-99", name="Rheinmotor AG")
    found = signed_in(alma).post("/counterparties/suggestions/", {"q": "rheinmotor"}).json()["results"]
    assert [row["label"] for row in found] == ["C-01 Rheinmotor GmbH"]


@pytest.mark.holds("canaries")
def test_a_search_goes_by_post_and_keeps_the_name_out_of_the_address(
    alma: User, aurora: Organisation
) -> None:
    factories.counterparty(aurora)
    factories.counterparty(aurora, "C-02", name="Volt Ltd")
    page = signed_in(alma).post("/counterparties/", {"q": "rhein"}).content.decode()
    assert "C-01" in page
    assert "C-02" not in page


@pytest.mark.holds("canaries")
def test_the_trail_names_what_changed_and_never_the_client(alma: User, aurora: Organisation) -> None:
    row = factories.counterparty(aurora)
    fields = FIELDS | {"code": "C-01", "name": "Geheim GmbH", "country": "DE"}
    assert signed_in(alma).post(f"/counterparties/{row.pk}/edit/", fields).status_code == 302
    event = Event.objects.get(verb="counterparty.changed")
    assert "name" in event.data["fields"]
    assert "Geheim" not in str(event.data)


def test_another_organisations_counterparty_is_not_found(carla: User, aurora: Organisation) -> None:
    row = factories.counterparty(aurora)
    client = signed_in(carla)
    for url in (f"/counterparties/{row.pk}/", f"/counterparties/{row.pk}/edit/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/counterparties/{row.pk}/retire/").status_code == 404


@pytest.mark.parametrize("path", ["/counterparties/", "/products/"])
def test_the_regulator_and_strangers_have_no_register(path: str, dora: User, nina: User) -> None:
    assert signed_in(dora).get(path).status_code == 403
    assert signed_in(nina).get(path).status_code == 403
