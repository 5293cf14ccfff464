"""Elements are neither made nor lost beyond what each stage of work loses."""

import numpy as np
import pytest

from portal.core.months import Month
from portal.simulation.domain.elements import SYMBOLS, oxide_price
from portal.simulation.domain.flows import flows
from portal.simulation.domain.materials import MATERIALS, main_element
from portal.simulation.domain.plan import arrange
from portal.simulation.domain.plan_oxides import oxides_from

#: Elements out over elements in, by the stage of what goes in and of what mainly comes out.
BOUNDS = {
    ("concentrate", "oxide"): (0.94, 0.995), ("mixed_carbonate", "oxide"): (0.93, 0.985),
    ("scrap", "oxide"): (0.90, 0.98), ("oxide", "metal"): (0.90, 0.99), ("oxide", "alloy"): (0.92, 0.975),
    ("oxide", "compound"): (0.95, 0.99), ("metal", "alloy"): (0.97, 0.99), ("alloy", "magnet_block"): (0.92, 0.985),
    ("magnet_block", "magnet"): (0.96, 0.995), ("magnet", "assembly"): (0.98, 0.998),
}  # fmt: skip


@pytest.fixture(scope="module")
def worked():
    """For every run of six months: input stage, main output's stage, element masses in and out."""
    net = arrange(11, 40, 6)
    contents = np.array([[p.material.contents.get(s, 0.0) / 100 for s in SYMBOLS] for p in net.products])
    found = []
    for done in flows(net, 11, Month.parse("2025-01"), 6):
        runs = done.runs
        into, out = np.zeros((len(runs.process), len(SYMBOLS))), np.zeros((len(runs.process), len(SYMBOLS)))
        np.add.at(into, runs.in_run, contents[runs.in_product] * runs.in_grams[:, None])
        np.add.at(out, runs.out_run, contents[runs.out_product] * runs.out_grams[:, None])
        first_in = dict(zip(runs.in_run[::-1], runs.in_product[::-1], strict=True))
        for run, process in enumerate(runs.process):
            if run in first_in:
                main = net.products[net.processes[process].outputs[0].product].material.stage
                found.append((net.products[first_in[run]].material.stage, main, into[run], out[run]))
    return found


def test_every_stage_loses_what_it_should(worked):
    seen = set()
    for before, after, into, out in worked:
        low, high = BOUNDS[before, after]
        assert low < out.sum() / into.sum() < high, (before, after)
        seen.add((before, after))
    assert seen == set(BOUNDS)


def test_no_element_comes_from_nothing(worked):
    for before, after, into, out in worked:
        held = into > into.sum() * 0.002
        assert (out[held] <= into[held]).all(), (before, after)
        assert (out[into == 0] == 0).all(), (before, after)


def test_taking_apart_gives_back_every_element_but_traces():
    for material in MATERIALS.values():
        if material.stage not in ("concentrate", "mixed_carbonate", "scrap"):
            continue
        given = dict.fromkeys(SYMBOLS, 0.0)
        for key, kg in oxides_from(material.contents).items():
            for symbol, share in MATERIALS[key].contents.items():
                given[symbol] += kg * share
        for symbol, share in material.contents.items():
            assert given[symbol] == pytest.approx(share, rel=0.02, abs=0.5)


def test_assays_are_near_the_truth_and_not_on_it(nation):
    true = MATERIALS["mag:N42SH"].contents
    found = nation["products"].query("stage == 'magnet' and grade == 'N42SH'")["dy_pct"].astype(float)
    assert (abs(found / true["dy"] - 1) < 0.04).all()
    assert found.nunique() > 1


def test_prices_run_straight_between_their_anchors():
    start, end = Month.parse("2025-08"), Month.parse("2025-12")
    assert oxide_price("nd", start.index) == 610.0
    assert oxide_price("nd", end.index) == 606.0
    assert oxide_price("nd", start.index + 2) == pytest.approx(608.0)
    assert oxide_price("nd", Month.parse("2030-01").index) == 640.0


def test_the_dearest_element_names_a_price():
    month = Month.parse("2025-12").index
    assert main_element(MATERIALS["met:prnd"], month) == "nd"
    assert main_element(MATERIALS["met:dy"], month) == "dy"
    assert main_element(MATERIALS["mag:N42"], month) == ""


def test_prices_paid_lie_in_the_published_bands(nation, in_force):
    sold = in_force[in_force["kind"].isin(["sold", "exported"])].merge(
        nation["products"], left_on=["organisation", "product"], right_on=["organisation", "code"]
    )
    magnets = sold[(sold["stage"] == "magnet") & (sold["grams"] > 1000)]
    paid = magnets["value_cny"].astype(float) / magnets["grams"] * 1000
    market = np.where(magnets["kind"] == "sold", "home", "export")
    bands = nation["reference_prices"].query("stage == 'magnet'").set_index(["period", "family", "market"])
    keys = list(zip(magnets["period"], magnets["family"], market, strict=True))
    low = bands["low_cny_kg"].astype(float).loc[keys].to_numpy()
    high = bands["high_cny_kg"].astype(float).loc[keys].to_numpy()
    assert ((paid.to_numpy() > low) & (paid.to_numpy() < high)).all()


def test_quotas_and_capacities_are_kept(nation, in_force):
    lines = in_force.query("kind == 'produced'").merge(
        nation["products"], left_on=["organisation", "product"], right_on=["organisation", "code"]
    )
    ore = lines[lines["stage"].isin(["concentrate", "mixed_carbonate"])]
    mined = ore.groupby([ore["organisation"], ore["period"].str[:4]])["grams"].sum() / 1000
    quota = (
        nation["quotas"].query("stage == 'concentrate'").set_index(["organisation", "year"])["quantity_kg"]
    )
    assert len(mined) > 0
    assert (mined * 0.45 < quota.astype(float).reindex(mined.index)).all()
    capacity = (
        nation["organisations"].set_index("uscc")["capacity_kg_year"].replace("", None).dropna().astype(float)
    )
    made = (
        lines[lines["stage"] != "scrap"]
        .groupby(["organisation", "period"])["grams"]
        .sum()
        .unstack(fill_value=0)
    )
    year = (made / 1000).T.rolling(12).sum().max()
    both = year.index.intersection(capacity.index)
    assert len(both) > 10
    assert (year[both] <= capacity[both]).all()
