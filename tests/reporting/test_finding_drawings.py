"""A finding draws what it rests on, for the regulator; a producer's page draws nothing and tells no other's figures."""

from __future__ import annotations

import pytest

from portal.core import clock
from portal.core.months import Month
from reporting.checks.core import Queue, national_checks
from reporting.models import Filing, Kind
from reporting.queries.drawings import chart_of
from reporting.queries.figure_words import WITHHELD
from tests import factories
from tests.conftest import signed_in
from tests.reporting.reviewed import finding

BOOKS = {"2026-03": ("100", "95"), "2026-04": ("100", "95"), "2026-05": ("100", "115")}
SPAN = {"period": Month.parse("2026-05"), "first_period": Month.parse("2026-05")}


def filed(of, other):
    """Three months: metal worked into alloy, the last with more than went in; alloy sold to the other enterprise."""
    metal = factories.product(of, "L", stage="metal", nd_pct="100", pr_pct="0", dy_pct="0")
    alloy = factories.product(of, "M", stage="alloy", nd_pct="100", pr_pct="0", dy_pct="0")
    client = factories.counterparty(of, "N1", country="CN", id_type="USCC", id_number=other.uscc)
    for period, (used, made) in BOOKS.items():
        one = factories.filing(of, period)
        factories.line(one, 1, Kind.CONSUMED, metal, used)
        factories.line(one, 2, Kind.PRODUCED, alloy, made)
        factories.line(one, 3, Kind.SOLD, alloy, "50", "25000.00", counterparty=client)
        values = {"status": "submitted", "submitted_at": clock.now(), "on_time": True, "line_count": 3}
        Filing.objects.filter(pk=one.pk).update(**values)
    return client


@pytest.fixture
def traded(aurora, borealis):
    return filed(aurora, borealis)


def case(of, code, **fields):
    return finding(of, None, code, queue="case", values={}, **(SPAN | fields))


def points(chart, series=0):
    return [round(point.value, 3) for point in chart.series[series].points][-3:]


def test_a_balance_is_added_up_against_what_work_gave_before_with_its_band(aurora, traded):
    row = case(aurora, "MBL501", evidence={"element": "nd", "sigma_kg": 4.0})
    chart = chart_of(row)
    assert points(chart) == [0.0, 0.0, 20.0]
    assert chart.band.startswith("M")
    assert chart.lines[0].marks[-1].y < chart.lines[0].marks[-2].y


def test_both_sides_of_a_trade_are_added_up(aurora, borealis, traded):
    row = case(aurora, "MIR501", other_organisation=borealis, evidence={"stage": 5, "buyer_is_off": False})
    chart = chart_of(row)
    assert [one.name for one in chart.series] == ["the seller", "the buyer"]
    assert points(chart) == [50.0, 100.0, 150.0]
    assert points(chart, 1) == [0.0, 0.0, 0.0]


def test_a_price_stands_beside_the_market_s(aurora, traded):
    subject = "price:low:home:5:ndfeb::3:0:USCC:1"
    row = case(aurora, "PRC501", counterparty=traded, subject=subject, evidence={"market_cny_kg": 800.0})
    chart = chart_of(row)
    assert points(chart) == [500.0, 500.0, 500.0]
    assert points(chart, 1) == [800.0, 800.0, 800.0]


def test_a_ring_names_its_enterprises_and_leads_to_them(dora, aurora, borealis):
    path = f"{aurora.uscc} → {borealis.uscc} → {aurora.uscc}"
    row = case(aurora, "NET501", evidence={"path": path, "ring_kg": 1200.5})
    chart = chart_of(row)
    assert len(chart.nodes) == len(chart.arrows) == 2
    assert chart.nodes[0].point.url.endswith(f"/{aurora.pk}/")


@pytest.mark.parametrize(("code", "lines"), [("MIX501", 3), ("YLD501", 3)])
def test_what_was_worked_is_drawn_month_by_month(aurora, traded, code, lines):
    chart = chart_of(case(aurora, code, evidence={"element": "nd"}))
    assert len(chart.lines) == lines
    assert points(chart, 1) == [95.0, 95.0, 115.0]


def test_what_has_no_drawing_has_none(aurora):
    assert chart_of(finding(aurora)) is None
    assert chart_of(case(aurora, "MBL501", evidence={})) is None
    assert chart_of(case(aurora, "MIR501", evidence={})) is None
    assert chart_of(case(aurora, "NET501", evidence={})) is None


def test_the_regulators_page_has_the_drawing_and_the_producers_has_not(dora, alma, aurora, traded):
    values = dict.fromkeys(("yield_pct", "consumed_kg", "own_yield_pct", "lost_kg", "recycled_kg"), "1")
    row = finding(aurora, None, "YLD501", queue="query", **SPAN, values=values, evidence={"yield_pct": 90.0})
    assert "<svg viewBox" in signed_in(dora).get(f"/supervision/findings/{row.pk}/").content.decode()
    own = signed_in(alma).get(f"/findings/{row.pk}/").content.decode()
    assert "<svg viewBox" not in own


def test_no_query_tells_a_producer_what_others_reported(alma, aurora):
    """Neither in its words nor among its figures, whatever the check read."""
    for check in national_checks():
        if check.queue is not Queue.CASE:
            assert not WITHHELD & set(check.placeholders), check.code
    evidence = dict.fromkeys(sorted(WITHHELD), 4711.25)
    row = finding(aurora, None, "STK001", queue="query", evidence=evidence | {"opening_g": 12_000})
    page = signed_in(alma).get(f"/findings/{row.pk}/").content.decode()
    assert "4,711.25" not in page
    assert "Opening stock" in page


def test_names_are_told_slot_by_slot_to_the_regulator_alone(dora, alma, aurora):
    evidence = {"named": "宁波海纳磁材有限公司", "names_elsewhere": "Shenzhen Orion Magnet Co., Ltd."}
    values = {"counterparty": "C-01", "named": evidence["named"], "organisations": 2}
    row = finding(aurora, None, "IDN501", queue="query", values=values, evidence=evidence)
    page = signed_in(dora).get(f"/supervision/findings/{row.pk}/").content.decode()
    for words in ("Names slot by slot", "海纳 haina", "orion", "ningbo"):
        assert words in page
    own = signed_in(alma).get(f"/findings/{row.pk}/").content.decode()
    assert "海纳" in own
    assert "Orion" not in own
