"""Customs records by every door: drawn once, in whatever order; corrected; taken back; kept with the reason where not drawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from licensing.models import Declaration, Licence, Movement
from licensing.queries.reconciliation import differences
from licensing.services import declarations, licences
from portal.accounts.models import Organisation, User
from portal.core import clock
from portal.core.errors import Refused
from tests.calling import Caller, caller
from tests.conftest import acting
from tests.licensing import issued
from tests.licensing.declared import item
from tests.licensing.issued import CUSTOMS, OFFICE


@pytest.fixture
def licence(aurora: Organisation) -> Licence:
    return issued.licence(aurora, licence_no="REL-1")


def record(*arguments: Any, **more: Any) -> Declaration:
    return declarations.record(by=CUSTOMS, item=item(*arguments, **more), door="api")[0]


def told(kept: Declaration) -> tuple[str, str]:
    return kept.state, kept.reason


def test_a_record_draws_its_licence_once(licence: Licence) -> None:
    assert told(record()) == ("drawn", "")
    assert record() == Declaration.objects.get()
    with pytest.raises(Refused, match="declaration_other"):
        record(quantity_g=1_251)
    assert (issued.line_of(licence).drawn_g, differences()) == (1_250, [])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"licence_no": ""}, ("free", "")),
        ({"licence_no": "REL-2"}, ("refused", "licence_unknown")),
        ({"quantity_g": 10_001}, ("refused", "over_balance")),
        ({"quantity_g": None}, ("refused", "quantity_missing")),
        ({"licence_line_no": 3}, ("refused", "line_unknown")),
        ({"hs_code": "2846901500"}, ("refused", "entry_other")),
        ({"hs_code": "850511"}, ("drawn", "")),
        ({"destination": "FR"}, ("drawn", "")),  # it has left: the filed month tells of the breach
        ({"declared_on": clock.today() - timedelta(days=60)}, ("refused", "not_yet_valid")),
    ],
)
def test_what_cannot_be_drawn_is_kept_with_its_reason(
    licence: Licence, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert told(record(**changes)) == expected
    drawn = 1_250 if expected[0] == "drawn" else 0
    assert (issued.line_of(licence).drawn_g, differences()) == (drawn, [])


def test_anothers_licence_is_not_drawn(licence: Licence, borealis: Organisation) -> None:
    assert told(record(exporter=borealis.uscc)) == ("refused", "exporter_other")
    with pytest.raises(Refused, match="exporter_unknown"):
        record("D-2", exporter="91350211M000100Y46")


def test_out_of_order_and_taken_back_before_it_came(licence: Licence) -> None:
    today = clock.today()
    assert told(record("D-2", declared_on=today)) == ("drawn", "")
    assert told(record("D-1", declared_on=today - timedelta(days=3))) == ("drawn", "")
    assert declarations.take_back(by=CUSTOMS, key=("D-3", 1)) is None
    assert told(record("D-3")) == ("reversed", "")
    for _twice in range(2):
        kept = declarations.take_back(by=CUSTOMS, key=("D-2", 1))
        assert kept is not None
        assert told(kept) == ("reversed", "")
    assert (issued.line_of(licence).drawn_g, differences()) == (1_250, [])


def test_a_correction_moves_the_ledger(licence: Licence) -> None:
    record()
    for grams in (2_000, 900, 900, 2_000):
        declarations.correct(by=CUSTOMS, item=item(quantity_g=grams, destination="AT"))
        assert issued.line_of(licence).drawn_g == grams
    assert Declaration.objects.get().destination == "AT"
    with pytest.raises(Refused, match="over_balance"):
        declarations.correct(by=CUSTOMS, item=item(quantity_g=10_001))
    with pytest.raises(Refused, match="correction_too_far"):
        declarations.correct(by=CUSTOMS, item=item(licence_no="REL-2"))
    assert (Declaration.objects.get().quantity_g, differences()) == (2_000, [])


def test_a_corrected_licence_number_draws(licence: Licence) -> None:
    assert told(record(licence_no="REL-I")) == ("refused", "licence_unknown")
    assert told(declarations.correct(by=CUSTOMS, item=item())) == ("drawn", "")
    declarations.take_back(by=CUSTOMS, key=("D-1", 1))
    with pytest.raises(Refused, match="declaration_reversed"):
        declarations.correct(by=CUSTOMS, item=item())
    with pytest.raises(Refused, match="declaration_unknown"):
        declarations.correct(by=CUSTOMS, item=item("D-9"))


def test_many_are_drawn_in_the_order_of_days(aurora: Organisation) -> None:
    issued.licence(aurora, issued.line_terms(grams=2_500), licence_no="REL-1")
    today = clock.today()
    items = [item(f"D-{n}", declared_on=today - timedelta(days=n)) for n in (1, 3, 2)]
    results = declarations.record_many(by=CUSTOMS, items=items, door="batch")
    assert [(one.declaration_no, kept.state if kept else code) for one, kept, code in results] == [
        ("D-1", "refused"), ("D-3", "drawn"), ("D-2", "drawn"),
    ]  # fmt: skip


def test_only_customs_records(licence: Licence, alma: User, dora: User) -> None:
    for person in (alma, dora):
        with pytest.raises(Refused, match="not_permitted"):
            declarations.record(by=acting(person), item=item(), door="api")
    assert Movement.objects.count() == 1


def sent(number: str = "D-1", **more: Any) -> dict[str, Any]:
    one = item(number)
    return {
        "declaration_no": number, "item_no": 1, "exporter": one.exporter, "licence_no": "REL-1", "hs_code": one.hs_code,
        "quantity_kg": "1.250", "value_cny": "812.00", "destination": "DE", "consignee_name": one.consignee_name,
    } | more  # fmt: skip


def send(api: Caller, body: Any, key: str = "k") -> Any:
    return api.post("declarations/", body, Idempotency_Key=key)


def test_by_api_one_and_many(licence: Licence, gus: User) -> None:
    api = caller(gus)
    first = send(api, sent())
    assert (first.status_code, first.body["state"], first.body["licence_line_no"]) == (201, "drawn", 1)
    unknown = sent("D-3", exporter="91350211M000100Y46")
    many = send(api, {"declarations": [sent(), sent("D-2", quantity_kg="99"), unknown]}, "k2")
    assert [(one["state"], one["reason"]) for one in many.body["results"]] == [
        ("drawn", None), ("refused", "over_balance"), ("unkept", "exporter_unknown"),
    ]  # fmt: skip
    assert issued.line_of(licence).drawn_g == 1_250


def test_one_unusable_item_and_none_is_kept(licence: Licence, gus: User) -> None:
    answer = send(caller(gus), {"declarations": [sent(), sent("D-2", quantity_kg="1.2345")]})
    assert (answer.status_code, answer.body["errors"][0]["pointer"]) == (422, "/declarations/1/quantity_kg")
    assert not Declaration.objects.exists()


def test_by_api_corrected_and_taken_back(licence: Licence, gus: User) -> None:
    api = caller(gus)
    send(api, sent())
    body = {
        name: value
        for name, value in sent(quantity_kg="2").items()
        if name not in {"declaration_no", "item_no"}
    }
    assert api.put("declarations/D-1/1/", body).body["state"] == "drawn"
    assert issued.line_of(licence).drawn_g == 2_000
    assert api.delete("declarations/D-1/1/").body["state"] == "reversed"
    assert api.put("declarations/D-1/1/", body).body["code"] == "declaration_reversed"
    assert api.put("declarations/D-7/1/", body).status_code == 404


def test_an_exporter_reads_its_own_licences(licence: Licence, alma: User, carla: User, gus: User) -> None:
    record()
    own, others, customs = caller(alma), caller(carla), caller(gus)
    for api in (own, customs):
        assert [one["licence_no"] for one in api.get("licences/").body["results"]] == ["REL-1"]
        balance = api.get("licences/REL-1/balance/").body
        assert (balance["lines"][0]["balance_kg"], balance["holds_today"]) == ("8.750", True)
        moved = api.get("licences/REL-1/movements/").body["results"]
        assert [(one["kind"], one["quantity_kg"]) for one in moved] == [
            ("draw", "1.250"),
            ("authorise", "10.000"),
        ]
        assert api.get("licences/REL-1/").body["lines"][0]["drawn_kg"] == "1.250"
    assert others.get("licences/").body["results"] == []
    for path in (
        "licences/REL-1/",
        "licences/REL-1/balance/",
        "licences/REL-1/movements/",
        "licences/REL-9/",
    ):
        assert others.get(path).status_code == 404
    licences.suspend(by=OFFICE, licence_id=licence.pk)
    assert own.get("licences/REL-1/balance/").body["holds_today"] is False
    assert own.get("licences/?status=suspended").body["results"][0]["suspended_from"] is not None
    assert own.get("licences/?status=sleeping").status_code == 400
