"""Planted cases: every month still balances, the truth is told, and the checks that are exact find what they must."""

from __future__ import annotations

import pandas as pd
import pytest

from portal.simulation.domain.planting import DETERMINISTIC, TWINS, TYPOLOGIES, plant
from reporting.checks.nation.calibration import calibration
from tests.load.detection import CODES, judged, met
from tests.load.nation_frames import units
from tests.portal.simulation.conftest import SEED

IN = {"opening", "produced", "purchased", "imported", "returned_in", "tolled_in", "gained"}


@pytest.fixture(scope="session")
def planted(nation):
    return plant(nation, SEED, 1)


@pytest.fixture(scope="session")
def otherwise(nation):
    return plant(nation, SEED + 1, 1)


@pytest.fixture(scope="session")
def findings(planted):
    return judged(planted, calibration())[1]


def grams(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.assign(grams=units(lines["quantity_kg"], 3))


def test_every_month_still_balances(planted):
    lines = grams(planted["lines"])
    signed = lines["grams"].where(lines["kind"].isin(IN), -lines["grams"])
    left = signed.groupby([lines[name] for name in ("organisation", "period", "version", "product")]).sum()
    assert (left == 0).all(), left[left != 0].head()


def test_nothing_is_below_nothing_and_numbers_stand_once(planted):
    lines = grams(planted["lines"])
    assert (lines["grams"] >= 0).all()
    assert not lines.duplicated(["organisation", "period", "version", "line_no"]).any()


def test_each_month_opens_with_what_the_last_closed_with(nation, planted):
    def breaks(tables):
        lines = grams(tables["lines"])
        keys = ["organisation", "product", "period"]
        last = lines[lines["kind"].isin(["opening", "closing"])].sort_values("version")
        opening, closing = (
            last[last["kind"] == kind].groupby(keys)["grams"].last() for kind in ("opening", "closing")
        )
        carried = closing.reindex(opening.index).groupby(["organisation", "product"]).shift()
        return int(((opening != carried) & carried.notna()).sum())

    assert breaks(planted) == breaks(nation)


def test_the_truth_names_each_kind_and_its_twin(planted):
    truth = planted["truth"]
    assert set(truth["typology"]) <= {*TYPOLOGIES, *DETERMINISTIC, "honest"}
    assert set(truth["typology"]) >= {"undeclared_feed", "off_book_sale", *DETERMINISTIC, "honest"}
    twins = truth[truth["twin_of"] != ""]
    assert set(twins["twin_of"].str.rpartition("-")[0]) <= set(TWINS)
    assert not truth["organisation"].duplicated().any()
    assert (truth["first_period"] <= truth["last_period"]).all()


def test_the_same_seed_plants_the_same(nation, planted, otherwise):
    again = plant(nation, SEED, 1)
    for name in ("lines", "invoices", "quotas", "truth"):
        pd.testing.assert_frame_equal(again[name], planted[name])
    assert not otherwise["truth"].equals(planted["truth"])


def test_what_is_exact_is_always_found(planted, findings):
    for case in planted["truth"].itertuples():
        if case.typology in DETERMINISTIC:
            own = [row["code"] for row in findings if row["uscc"] == case.organisation]
            assert CODES[case.typology] <= set(own), case


def test_nobody_else_is_accused_by_exact_checks(planted, findings):
    guilty = set(planted["truth"]["organisation"])
    accused = {row["uscc"] for row in findings if row["code"] in {"TAX502", "TAX503", "QTA501", "DUP501"}}
    voided = set(planted["invoices"].query("status == 'voided'")["buyer"])
    assert accused <= guilty | voided


def test_customs_has_every_export_as_it_is_filed_whoever_cheats(otherwise, planted):
    for tables in (planted, otherwise):
        assert [row for row in judged(tables, calibration())[1] if row["code"].startswith("CUS")] == []


def test_noise_alone_makes_no_case(nation):
    clean = plant(nation, SEED, 0)
    assert clean["truth"].empty
    assert not clean["lines"]["quantity_kg"].equals(nation["lines"]["quantity_kg"])
    assert judged(clean, calibration())[1] == []


def test_a_sale_hidden_from_its_buyer_is_found_and_nobody_else(otherwise):
    hidden = [case for case in otherwise["truth"].itertuples() if case.typology == "hidden_from_mirror"]
    found = [row for row in judged(otherwise, calibration())[1] if row["code"] == "MIR501"]
    assert [row["uscc"] for row in found] == [case.organisation for case in hidden]
    alerts = [{"uscc": row["uscc"], "first": row["first_period"], "last": row["period"]} for row in found]
    assert met(hidden[0], alerts[0])


def test_exports_agree_with_customs_until_a_record_is_lost_forged_or_changed(nation):
    """Each way of disagreeing is found for its declaration, and for no other."""
    records = nation["declarations"].reset_index(drop=True)
    lost, renamed, elsewhere = len(records) // 2, len(records) // 3, len(records) // 4
    changed = records.copy()
    changed.loc[renamed, "declaration_no"] = "000000000000000000"
    changed.loc[elsewhere, "destination"] = "AQ"
    found = judged(nation | {"declarations": changed.drop(index=lost)}, calibration())[1]
    number = records["declaration_no"]
    assert {(row["code"], row["declaration_no"]) for row in found} == {
        ("CUS502", number[lost]), ("CUS501", "000000000000000000"), ("CUS502", number[renamed]),
        ("CUS503", number[elsewhere]),
    }  # fmt: skip
