"""Licences and customs records by bulk load: drawn once in the order of days; what is not drawn says why."""

from __future__ import annotations

import pytest

from licensing.models import Declaration, Licence, LicenceLine, Movement
from licensing.queries.reconciliation import differences
from licensing.services import declarations
from portal.core.actors import Actor
from portal.exchange.services.loading import load
from tests.licensing.issued import CUSTOMS
from tests.portal.exchange.folders import OTHER, OWNER, TABLES, bent, refusals, write

SYSTEM = Actor.system("tests")


@pytest.fixture(autouse=True)
def nothing_yet(db):
    return None


def outcome():
    return {one.declaration_no: (one.state, one.reason) for one in Declaration.objects.all()}


def drawn():
    return {
        (line.licence.licence_no, line.line_no): line.drawn_g
        for line in LicenceLine.objects.select_related("licence")
    }


def test_each_record_draws_once_in_the_order_of_days(tmp_path):
    load(by=SYSTEM, folder=write(tmp_path))
    assert outcome() == {
        "D-1": ("drawn", ""),
        "D-2": ("drawn", ""),
        "D-3": ("refused", "suspended"),
        "D-4": ("refused", "exporter_other"),
        "D-5": ("free", ""),
    }
    assert drawn() == {("REL-1", 1): 105_525, ("REL-1", 2): 0, ("REL-2", 1): 0}
    assert differences() == []
    order = Movement.objects.filter(kind="draw").order_by("sequence").values_list("declaration_no", flat=True)
    assert list(order) == ["D-2", "D-1"]


def test_the_last_gram_of_the_tolerance_and_the_earlier_day_first(tmp_path):
    more = [*TABLES["declarations"], f"D-6,1,2026-02-01,{OWNER},REL-1,1,8505111000,,0.001,,DE,"]
    load(by=SYSTEM, folder=write(tmp_path, declarations=more))
    assert outcome()["D-1"] == ("refused", "over_balance")
    assert (outcome()["D-6"], drawn()["REL-1", 1], differences()) == (("drawn", ""), 45_276, [])


def test_loaded_again_nothing_changes(tmp_path):
    folder = write(tmp_path)
    load(by=SYSTEM, folder=folder)
    before = list(Movement.objects.values_list())
    report = load(by=SYSTEM, folder=folder)
    assert {table.table: table.unchanged for table in report.tables if table.table.startswith(("lic", "decl"))} == {
        "licences": 2, "licence_lines": 3, "declarations": 5,
    }  # fmt: skip
    assert list(Movement.objects.values_list()) == before


def test_an_old_licence_by_its_other_name_and_its_uses(tmp_path):
    single = bent("licences", 2, "individual", "single")["licences"]
    one_use = [row.replace(",12,5,", ",1,5,") for row in single]
    load(by=SYSTEM, folder=write(tmp_path, licences=one_use))
    assert Licence.objects.get(licence_no="REL-1").kind == "individual"
    assert outcome()["D-1"] == ("refused", "uses_spent")


def test_what_was_taken_back_before_it_was_loaded(tmp_path):
    declarations.take_back(by=CUSTOMS, key=("D-1", 1))
    load(by=SYSTEM, folder=write(tmp_path))
    assert (outcome()["D-1"], drawn()["REL-1", 1]) == (("reversed", ""), 45_275)


def test_another_quantity_and_another_state_follow(tmp_path):
    load(by=SYSTEM, folder=write(tmp_path))
    changed = bent("licence_lines", 2, "100.5", "120") | bent(
        "licences", 2, "valid,2026-03-01", "suspended,2026-03-01"
    )
    report = load(by=SYSTEM, folder=write(tmp_path, **changed))
    assert not report.faults
    line = LicenceLine.objects.get(licence__licence_no="REL-1", line_no=1)
    assert (line.authorised_g, line.ceiling_g, line.licence.status) == (120_000, 126_000, "suspended")
    assert differences() == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (bent("licence_lines", 2, "100.5", "100.4"), "licence_lines.csv:2:quantity_kg: below_drawn"),
        (bent("licences", 2, ",12,5,", ",12,4,"), "licences.csv:2:tolerance_pct: below_drawn"),
        (bent("licences", 3, "revoked", "valid"), "licences.csv:3:status: other_licence_status"),
        (bent("licences", 2, OWNER, OTHER), "licences.csv:2:exporter: other_content"),
        (bent("declarations", 2, "60.25", "61"), "declarations.csv:2:declaration_no: other_record"),
    ],
)
def test_what_the_ledger_cannot_follow_is_a_fault(tmp_path, changed, told):
    load(by=SYSTEM, folder=write(tmp_path))
    before = list(LicenceLine.objects.order_by("pk").values())
    assert any(line.startswith(told) for line in refusals(write(tmp_path, **changed)))
    assert list(LicenceLine.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (bent("licences", 2, OWNER, "91110108MA01TWIN0A"), "licences.csv:2:exporter: unknown_key"),
        (bent("licences", 2, "2026-12-31", "2025-12-31"), "licences.csv:2:expires_on: not_in_order"),
        (bent("licences", 2, ",DE", ",Germany"), "licences.csv:2:destination: not_a_country"),
        (bent("licences", 2, ",12,5,", ",12,101,"), "licences.csv:2:tolerance_pct: not_a_share"),
        (bent("licences", 2, ",12,5,", ",-1,5,"), "licences.csv:2:max_uses: below_zero"),
        (bent("licences", 3, ",2026-04-01,", ",,"), "licences.csv:3:revoked_on: value_missing"),
        (bent("licence_lines", 2, "REL-1", "REL-9"), "licence_lines.csv:2:licence_no: unknown_key"),
        (bent("licence_lines", 2, "100.5", "-1"), "licence_lines.csv:2:quantity_kg: below_zero"),
        (bent("licence_lines", 2, "REL-1,1", "REL-1,2"), "licence_lines.csv:3:line_no: duplicate_key"),
        (bent("declarations", 2, "60.25", "1e308"), "declarations.csv:2:quantity_kg: not_a_number"),
        (bent("declarations", 2, "60.25", "60.2501"), "declarations.csv:2:quantity_kg: too_many_decimals"),
        (bent("declarations", 2, "D-1,1", "D-1,0"), "declarations.csv:2:item_no: below_one"),
        (bent("declarations", 3, "D-2,1", "D-1,1"), "declarations.csv:3:item_no: duplicate_key"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_cell(tmp_path, changed, told):
    assert any(line.startswith(told) for line in refusals(write(tmp_path, **changed)))
