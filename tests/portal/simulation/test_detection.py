"""The measurement of detection: what counts as found, the plain methods beside it, and the page it writes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from portal.simulation.domain.planting import APART, TYPOLOGIES
from tests.load.baselines import _depths
from tests.load.calibrating import calibrated, gathered
from tests.load.detection import BUDGETS, HELD_OUT, met, one_nation
from tests.load.detection_report import METHODS, share, written

LARGE = {"enterprises": 30, "seed": 5, "cases_of_each": 2}
SIZE = {
    "seeds": [5],
    "sloppy_seeds": [5],
    "enterprises": 30,
    "months": 16,
    "cases_of_each": 2,
    "large": LARGE,
}


@pytest.fixture(scope="module")
def measured():
    return one_nation(5, 30, 16)


def test_an_alert_is_about_a_case_where_party_and_months_agree():
    case = SimpleNamespace(organisation="A", others="B;C", first_period="2025-03", last_period="2025-06")
    alert = {"uscc": "C", "first": 2025 * 12 + 5, "last": 2025 * 12 + 9}
    assert met(case, alert)
    assert not met(case, alert | {"uscc": "D"})
    assert not met(case, alert | {"first": 2025 * 12 + 6})


def test_few_cuts_set_apart_what_is_unlike_the_rest():
    values = np.column_stack([np.arange(200) % 7, np.arange(200) % 11]).astype(float)
    values[17] = (40.0, -30.0)
    assert _depths(values, np.random.default_rng(1)).argmin() == 17


def test_intervals_hold_the_share_and_nothing_has_none():
    found = share([(1, 2), (3, 4), (2, 2)])
    assert found["low"] <= found["share"] == 0.75 <= found["high"]
    assert share([(0, 0)]) is None


def test_every_method_gets_as_many_alerts_and_all_kinds_are_told(measured):
    for budget in BUDGETS:
        told = measured["budgets"][budget]
        assert set(told) == set(METHODS)
        assert {one["allowed"] for one in told.values()} == {
            max(1, round(budget * measured["filings"] / 1000))
        }
    assert set(HELD_OUT) | APART <= set(TYPOLOGIES)
    data, page = written([measured], [measured], SIZE, {"filings": 1, "seeds": [9]}, HELD_OUT, measured)
    assert data["large"]["5"]["lodestone"] == data["budgets"]["5"]["lodestone"]
    assert page.count("| 5 | ") == 3
    assert data["deterministic_recall"]["share"] == 1.0
    for name in set(TYPOLOGIES) - APART:
        assert f"| {name.replace('_', ' ')} |" in page


def test_curves_fall_and_every_statistic_has_one():
    found = calibrated([gathered(6, 30, "2024-01", 16)], {"seeds": [6]})
    for curve in found["curves"].values():
        assert (np.diff(curve["at"]) >= 0).all()
        assert (np.diff(curve["rate"]) <= 0).all()
    assert {"page", "shift", "rarity", "sure", "drip", "case"} <= set(found["curves"])
