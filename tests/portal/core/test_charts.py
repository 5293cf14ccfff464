"""Charts: scales that start at zero, bars in proportion, names that do not touch, and the table beside."""

import pytest
from django.template.loader import render_to_string

from portal.core.charts import (
    Point,
    Series,
    apart_enough,
    bar_chart,
    line_chart,
    ring_chart,
    scale,
    signed_chart,
    written,
)

MONTHS = ["2026-03", "2026-04", "2026-05"]


def series(name, *values, tone="accent", url=""):
    points = [Point(label, value, f"{value:g}", url) for label, value in zip(MONTHS, values, strict=False)]
    return Series(name, points, tone)


@pytest.mark.parametrize(
    ("largest", "marks"),
    [
        (0, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (97, [0, 25, 50, 75, 100]),
        (1230, [0, 500, 1000, 1500]),
        (0.3, [0, 0.1, 0.2, 0.3]),
    ],
)
def test_scales_start_at_zero_and_reach_the_largest(largest, marks):
    assert scale(largest) == pytest.approx(marks)


def test_figures_of_the_scale_are_short():
    assert [written(value) for value in (0.0, 2500.0, 0.25)] == ["0", "2,500", "0.25"]


def test_bars_are_in_proportion_from_zero():
    chart = bar_chart("Exports", "kg", series("May", 10, 20, 0))
    first, second, third = chart.bars
    assert second.width == pytest.approx(2 * first.width, abs=0.02)
    assert third.width == 0
    assert first.x == second.x


def test_lines_share_one_scale_and_are_higher_for_more():
    chart = line_chart("Dysprosium", "kg", [series("In", 1, 2, 3), series("Out", 3, 2, 1)])
    into, out = chart.lines
    assert into.marks[1].y == out.marks[1].y
    assert into.marks[2].y < out.marks[2].y
    assert into.path.startswith("M64")


def test_names_that_would_touch_are_moved_apart():
    assert apart_enough([100.0, 104.0, 40.0]) == [100.0, 116.0, 40.0]


def test_the_page_has_the_figures_as_a_table_and_links():
    chart = line_chart("Dysprosium", "kg", [series("In", 1, 2, 3, tone="el-dy", url="/lines/")])
    html = render_to_string("components/_chart.html", {"chart": chart})
    assert '<th scope="row">2026-04</th>' in html
    assert 'class="chart-line chart-el-dy"' in html
    assert 'aria-label="In, 2026-04: 2"' in html
    assert "style=" not in html


def test_words_of_others_are_escaped():
    html = render_to_string("components/_chart.html", {"chart": bar_chart("<b>", "kg", series("May", 1))})
    assert "<b>" not in html


def test_a_signed_chart_has_nothing_in_its_scale_and_its_band_round_it():
    chart = signed_chart("Balance", "kg", [series("Nd", -20, 0, 30)], [(-5, 5), (-5, 5), (-5, 5)])
    nothing = next(tick.at for tick in chart.ticks if tick.words == "0")
    first, second, third = chart.lines[0].marks
    assert third.y < second.y == nothing < first.y
    assert chart.band.count(" L") == 5
    assert 'class="chart-band"' in render_to_string("components/_chart.html", {"chart": chart})


def test_a_ring_has_an_arrow_from_each_to_the_next():
    chart = ring_chart("Ring", "kg", [Point(name, 1, "1 kg", f"/{name}/") for name in "ABC"])
    html = render_to_string("components/_chart.html", {"chart": chart})
    assert html.count('class="chart-arrow"') == len(chart.nodes) == 3
    assert 'href="/B/"' in html
