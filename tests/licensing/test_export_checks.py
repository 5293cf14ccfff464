"""The question at the border: what is permitted, held and denied, and that an item draws once however often it comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from licensing.domain import answers
from licensing.models import Declaration, ExportCheck, Licence, Movement
from licensing.queries.reason_words import REASONS
from licensing.queries.reconciliation import differences
from licensing.services import declarations, ledger, licences
from portal.accounts.models import Organisation, User
from portal.core import clock
from portal.core.models import IdempotentAnswer
from tests.calling import Caller, caller
from tests.factories import AURORA_USCC, BOREALIS_USCC
from tests.licensing import issued
from tests.licensing.issued import CUSTOMS, OFFICE

MAGNET = {
    "form": "magnet", "family": "ndfeb", "contents": {"nd": "29.1", "dy": "0.42", "tb": "0"}, "hs_code": "8505111000",
}  # fmt: skip


@pytest.fixture
def licence(aurora: Organisation) -> Licence:
    return issued.licence(aurora, licence_no="REL-1")


@pytest.fixture
def customs(gus: User) -> Caller:
    return caller(gus)


def question(**changes: Any) -> dict[str, Any]:
    asked = {
        "exporter": AURORA_USCC, "licence_no": "REL-1", "goods": MAGNET, "quantity_kg": "1.250",
        "consignee_name": "Rheinmotor GmbH", "destination": "DE", "declaration_no": "D-1", "item_no": 1,
    }  # fmt: skip
    return {name: value for name, value in (asked | changes).items() if value is not ...}


def ask(api: Caller, key: str = "k", **changes: Any) -> Any:
    return api.post("export-checks/", question(**changes), Idempotency_Key=key)


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.body
    return [answer.body["decision"], *(reason["code"] for reason in answer.body["reasons"])]


def test_a_permit_draws_the_licence_and_is_signed(customs: Caller, licence: Licence, settings: Any) -> None:
    answer = ask(customs)
    assert codes(answer) == ["permit"]
    assert (answer.body["balance_kg"], answer.body["licence_line_no"]) == ("8.750", 1)
    public = answers.key_of(settings.LICENCE_KEY).public_key()
    assert answers.holds(public, answer.body)
    assert not answers.holds(public, answer.body | {"quantity_kg": "1.251"})
    record = Declaration.objects.get()
    assert (record.state, record.line, record.quantity_g) == ("drawn", issued.line_of(licence), 1250)
    assert (ExportCheck.objects.get().decision, issued.line_of(licence).drawn_g, differences()) == (
        "permit",
        1250,
        [],
    )


def test_the_same_request_again_gets_the_same_bytes(customs: Caller, licence: Licence) -> None:
    first, again = ask(customs), ask(customs)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    other = ask(customs, quantity_kg="1.251")
    assert (other.status_code, other.body["code"]) == (422, "idempotency_key_reused")
    without = customs.post("export-checks/", question())
    assert (without.status_code, without.body["code"]) == (400, "idempotency_key_missing")
    assert issued.line_of(licence).drawn_g == 1250


def test_an_item_draws_once_under_whatever_key(customs: Caller, licence: Licence) -> None:
    ask(customs)
    assert codes(ask(customs, "k2")) == ["permit", "already_drawn"]
    assert codes(ask(customs, "k3", quantity_kg="2")) == ["deny", "declaration_other"]
    assert codes(ask(customs, "k4", item_no=2)) == ["permit"]
    assert issued.line_of(licence).drawn_g == 2500
    assert Movement.objects.filter(kind="draw").count() == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"licence_no": ...}, ["deny", "licence_missing"]),
        ({"licence_no": "REL-l"}, ["deny", "licence_unknown"]),
        ({"exporter": "91350211M000100Y46"}, ["deny", "exporter_unknown"]),
        ({"exporter": BOREALIS_USCC}, ["deny", "exporter_other"]),
        ({"destination": "FR"}, ["deny", "destination_other"]),
        ({"destination": ...}, ["hold", "destination_missing"]),
        ({"consignee_name": "RHEINMOTOR  GmbH"}, ["permit"]),
        ({"consignee_name": "Rheinmotoren GmbH"}, ["hold", "consignee_near"]),
        ({"consignee_name": "Rhéinmotor GmbH"}, ["hold", "consignee_near"]),
        ({"consignee_name": "莱茵电机有限公司"}, ["deny", "consignee_other"]),
        ({"consignee_name": "Other Works SpA"}, ["deny", "consignee_other"]),
        ({"consignee_name": ...}, ["hold", "consignee_missing"]),
        ({"licence_line_no": 2}, ["deny", "line_unknown"]),
        ({"quantity_kg": "10.001"}, ["deny", "over_balance"]),
        ({"goods": MAGNET | {"contents": {"nd": "29.1", "dy": "0", "tb": "0.3"}}}, ["deny", "entry_other"]),
        ({"goods": MAGNET | {"contents": {"nd": "29.1"}}}, ["hold", "assay_required"]),
        ({"goods": {}}, ["hold", "assay_required"]),
        ({"goods": MAGNET | {"contents": {"nd": "29.1", "dy": "0", "tb": "0"}}}, ["permit", "not_controlled"]),
        (
            {"licence_no": ..., "goods": MAGNET | {"contents": {"nd": "29.1", "dy": "0", "tb": "0"}}},
            ["permit", "not_controlled"],
        ),
        ({"destination": "FR", "consignee_name": "Rheinmotoren GmbH"}, ["deny", "destination_other", "consignee_near"]),
    ],
)  # fmt: skip
def test_each_question_has_its_coded_answer(
    changes: dict[str, Any], expected: list[str], customs: Caller, licence: Licence, borealis: Organisation
) -> None:
    answer = ask(customs, **changes)
    assert codes(answer) == expected
    assert all(code in REASONS for code in expected[1:])
    drawn = 1250 if expected == ["permit"] else 0
    assert issued.line_of(licence).drawn_g == drawn
    assert Declaration.objects.count() == (1 if drawn else 0)


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        (lambda licence: licences.suspend(by=OFFICE, licence_id=licence.pk), ["deny", "suspended"]),
        (lambda licence: licences.revoke(by=OFFICE, licence_id=licence.pk), ["deny", "revoked"]),
        (lambda licence: licences.surrender(by=OFFICE, licence_id=licence.pk), ["deny", "surrendered"]),
        (lambda licence: Licence.objects.update(expires_on=clock.today() - timedelta(days=1)), ["deny", "expired"]),
        (lambda licence: Licence.objects.update(issued_on=clock.today() + timedelta(days=1)), ["deny", "not_yet_valid"]),
        (lambda licence: Licence.objects.update(max_uses=0), ["deny", "uses_spent"]),
        (lambda licence: ledger.reverse(by=CUSTOMS, declaration=("D-1", 1)), ["deny", "declaration_reversed"]),
    ],
)  # fmt: skip
def test_a_licence_that_does_not_hold_is_denied_at_the_next_check(
    prepare: Callable[[Licence], Any], expected: list[str], customs: Caller, licence: Licence
) -> None:
    assert codes(ask(customs, "before", declaration_no="D-0", dry_run=True)) == ["permit"]
    prepare(licence)
    assert codes(ask(customs)) == expected
    assert issued.line_of(licence).drawn_g == 0


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"quantity_kg": "0"}, "/quantity_kg", "quantity_not_positive"),
        ({"quantity_kg": "-1"}, "/quantity_kg", "quantity_not_positive"),
        ({"quantity_kg": "1e308"}, "/quantity_kg", "too_large"),
        ({"quantity_kg": 1e308}, "/quantity_kg", "decimal_not_text"),
        ({"quantity_kg": "1.2345"}, "/quantity_kg", "too_many_decimals"),
        ({"quantity_kg": "12 t"}, "/quantity_kg", "not_a_number"),
        ({"quantity_kg": ...}, "/quantity_kg", "required"),
        ({"unit": "t"}, "/unit", "unit_unknown"),
        ({"declaration_no": ...}, "/declaration_no", "required"),
        ({"item_no": 0}, "/item_no", "not_a_whole_number"),
        ({"declared_on": "2099-01-01"}, "/declared_on", "day_in_future"),
        ({"declared_on": "yesterday"}, "/declared_on", "not_a_day"),
        ({"destination": "Germany"}, "/destination", "too_long"),
        ({"exporter": "AURORA"}, "/exporter", "not_a_uscc"),
        ({"goods": ...}, "/goods", "required"),
        ({"goods": MAGNET | {"contents": {"dy": "101"}}}, "/goods/contents/dy", "not_a_per_cent"),
        ({"consignee_name": "Rheinmotor\u202eGmbH"}, "/consignee_name", "unusable_character"),
        ({"weight": "1"}, "/weight", "unknown_member"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_touches_nothing(
    changes: dict[str, Any], pointer: str, code: str, customs: Caller, licence: Licence
) -> None:
    answer = ask(customs, **changes)
    assert answer.status_code == 422
    assert (pointer, code) in {(one["pointer"], one["code"]) for one in answer.body["errors"]}
    assert Movement.objects.count() == 1
    for table in (ExportCheck, Declaration, IdempotentAnswer):
        assert not table.objects.exists()


def test_names_with_accents_and_chinese(customs: Caller, aurora: Organisation) -> None:
    issued.licence(
        aurora, licence_no="REL-1", consignee_name=("Société Générale d’Aimants", "東京電機株式会社")
    )
    assert codes(ask(customs, consignee_name="société générale d’aimants")) == ["permit"]
    assert codes(ask(customs, "k2", item_no=2, consignee_name="東京電機株式会社")) == ["permit"]
    assert codes(ask(customs, "k3", item_no=3, consignee_name="东京电机株式会社")) == [
        "hold",
        "consignee_near",
    ]


def test_identity_numbers_come_before_names(customs: Caller, aurora: Organisation) -> None:
    issued.licence(aurora, licence_no="REL-1", consignee_id=("VAT:DE136695976",))
    assert codes(ask(customs, consignee_id="VAT:DE 136695976", consignee_name="Rheinmotoren GmbH")) == [
        "permit"
    ]
    assert codes(ask(customs, "k2", item_no=2, consignee_id="VAT:DE129273398")) == [
        "hold",
        "consignee_identity_differs",
    ]


def test_two_lines_and_the_one_that_the_goods_classify_to(customs: Caller, aurora: Organisation) -> None:
    terbium = issued.line_terms(line_no=2, control_codes=("1C904.a.4",))
    made = issued.licence(aurora, issued.line_terms(), terbium, licence_no="REL-1")
    assert ask(customs).body["licence_line_no"] == 1
    with_terbium = MAGNET | {"contents": {"nd": "29.1", "dy": "0", "tb": "0.3"}}
    assert ask(customs, "k2", item_no=2, goods=with_terbium).body["licence_line_no"] == 2
    assert [line.drawn_g for line in made.lines.all()] == [1250, 1250]


def test_a_rehearsal_tells_the_same_and_draws_nothing(customs: Caller, licence: Licence) -> None:
    answer = ask(customs, dry_run=True, declaration_no=..., item_no=...)
    assert (codes(answer), answer.body["balance_kg"], answer.body["declaration_no"]) == (
        ["permit"],
        "8.750",
        None,
    )
    assert (issued.line_of(licence).drawn_g, Movement.objects.count(), Declaration.objects.count()) == (
        0,
        1,
        0,
    )
    assert ExportCheck.objects.get().dry_run


def test_an_exporter_may_rehearse_its_own_and_no_more(
    alma: User, licence: Licence, borealis: Organisation
) -> None:
    foreign = issued.licence(borealis, licence_no="REL-2")
    api = caller(alma)
    assert codes(ask(api, dry_run=True)) == ["permit"]
    assert codes(ask(api, "k2", dry_run=True, licence_no=foreign.licence_no)) == ["deny", "licence_unknown"]
    real, others = ask(api, "k3"), ask(api, "k4", dry_run=True, exporter=BOREALIS_USCC)
    assert (real.status_code, real.body["code"]) == (403, "rehearsal_only")
    assert (others.status_code, others.body["code"]) == (422, "exporter_other")
    assert issued.line_of(licence).drawn_g == 0


def test_words_in_the_language_asked_for(customs: Caller, licence: Licence) -> None:
    english = ask(customs, quantity_kg="11", dry_run=True)
    chinese = customs.post(
        "export-checks/",
        question(quantity_kg="11", dry_run=True),
        Idempotency_Key="zh",
        Accept_Language="zh-CN",
    )
    assert english.body["reasons"][0]["message"] == "More than is left on the licence."
    assert chinese["Content-Language"] == "zh-hans"
    assert chinese.body["reasons"][0]["message"] != english.body["reasons"][0]["message"]


def test_a_check_and_a_declaration_are_one_item(customs: Caller, licence: Licence) -> None:
    ask(customs)
    item = {
        "declaration_no": "D-1", "item_no": 1, "exporter": AURORA_USCC, "licence_no": "REL-1", "hs_code": "8505111000",
        "quantity_kg": "1.25", "destination": "DE", "consignee_name": "Rheinmotor GmbH",
    }  # fmt: skip
    again = customs.post("declarations/", item, Idempotency_Key="d")
    assert (again.status_code, again.body["state"]) == (200, "drawn")
    other = customs.post("declarations/", item | {"quantity_kg": "2"}, Idempotency_Key="d2")
    assert (other.status_code, other.body["code"]) == (409, "declaration_other")
    assert issued.line_of(licence).drawn_g == 1250


def test_what_could_not_be_drawn_is_drawn_by_a_check_that_permits_it(
    customs: Caller, licence: Licence
) -> None:
    licences.suspend(by=OFFICE, licence_id=licence.pk)
    item = {
        "declaration_no": "D-1",
        "item_no": 1,
        "exporter": AURORA_USCC,
        "licence_no": "REL-1",
        "quantity_kg": "1.25",
    }
    kept = customs.post("declarations/", item, Idempotency_Key="d")
    assert (kept.status_code, kept.body["state"], kept.body["reason"]) == (201, "refused", "suspended")
    licences.lift(by=OFFICE, licence_id=licence.pk)
    assert codes(ask(customs)) == ["permit"]
    assert (Declaration.objects.get().state, differences()) == ("drawn", [])


def test_five_hundred_sent_five_times_each_act_once(customs: Caller, aurora: Organisation) -> None:
    """The order of half-cut and repeated requests is tried by processes in ``make load-test``; here it is their keys."""
    made = issued.licence(aurora, issued.line_terms(kg=1000), licence_no="REL-1")
    first = [ask(customs, f"key-{n}", item_no=n, quantity_kg="1").content for n in range(1, 21)]
    for _again in range(4):
        assert [ask(customs, f"key-{n}", item_no=n, quantity_kg="1").content for n in range(1, 21)] == first
    assert (issued.line_of(made).drawn_g, Movement.objects.filter(kind="draw").count()) == (20_000, 20)
    assert len({json.loads(body)["balance_kg"] for body in first}) == 20


def test_a_record_taken_back_is_denied_and_remembered(customs: Caller, licence: Licence) -> None:
    ask(customs)
    taken = customs.delete("declarations/D-1/1/")
    assert (taken.status_code, taken.body["state"]) == (200, "reversed")
    assert codes(ask(customs, "k2")) == ["deny", "declaration_reversed"]
    assert customs.delete("declarations/D-9/1/").status_code == 200
    assert codes(ask(customs, "k3", declaration_no="D-9")) == ["deny", "declaration_reversed"]
    assert (issued.line_of(licence).drawn_g, differences()) == (0, [])
    assert declarations.declaration_of(("D-1", 1)).state == "reversed"  # type: ignore[union-attr]
