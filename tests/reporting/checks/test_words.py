"""Findings in words: exact decimals, days, Beijing time, another language."""

import pytest

from reporting.checks.core import REGISTRY, filing
from reporting.checks.examples import obligation
from reporting.checks.run import run
from reporting.checks.values import decimal_text, period_index, period_text
from reporting.checks.words import message, show


@pytest.mark.parametrize(
    ("units", "places", "decimals", "text"),
    [
        (1250500, 3, 1, "1250.5"),
        (1250000, 3, 3, "1250.000"),
        (1250000, 3, None, "1250"),
        (1, 3, None, "0.001"),
        (-1500, 3, None, "-1.5"),
        (10**15 - 1, 3, 3, "999999999999.999"),
        (3000050, 2, 2, "30000.50"),
    ],
)
def test_quantities_are_written_exactly_as_reported(units, places, decimals, text):
    assert decimal_text(units, places, decimals) == text


def test_a_finding_keeps_values_as_texts_and_figures_as_they_are():
    found = run(filing("opening A 10.50", before=("closing A 12",)).tables(), {"STK001"}).iloc[0]
    assert found["values"] == {"product": "A", "opening_kg": "10.5", "last_closing_kg": "12"}
    assert found["figures"]["opening_g"] == 10_500
    assert found["subject"] == "product:A"


def test_a_line_keeps_the_decimals_it_was_reported_with():
    found = run(filing("sold A -5.50").tables(), {"CMP008"}).iloc[0]
    assert found["values"] == {"line_no": 1, "kind": "sold", "quantity_kg": "-5.50"}
    assert (
        message("CMP008", found["values"])
        == "Line 1 (sold): the quantity is -5.50 kg; it must be more than 0."
    )


def test_words_are_made_when_shown_in_the_language_asked_for():
    chinese = {
        REGISTRY["CMP008"].message: "第%(line_no)s行（%(kind)s）：%(quantity_kg)s千克。",
        "sold": "销售",
    }
    words = message("CMP008", {"line_no": 1, "kind": "sold", "quantity_kg": "0"}, chinese.__getitem__)
    assert words == "第1行（销售）：0千克。"


def test_a_page_may_write_values_its_own_way():
    values = {"line_no": 1, "kind": "sold", "quantity_kg": "0"}
    assert message("CMP008", values, shown=lambda name, value: f"<{name}>").startswith(
        "Line <line_no> (<kind>)"
    )


def test_deadlines_are_shown_in_beijing_time():
    made = obligation(
        due="2026-06-11T00:00:00+08:00",
        submitted="2026-06-11T09:30:00+08:00",
        as_of="2026-06-12T00:00:00+08:00",
    )
    found = run(made.tables(), {"LAT002"}).iloc[0]
    assert message("LAT002", found["values"]) == (
        "The filing for 2026-05 was due by 2026-06-10 24:00 and was submitted at 2026-06-11 09:30:00."
    )
    assert found["values"]["due"] == "2026-06-10T16:00:00+00:00"


def test_nothing_is_shown_as_a_dash_and_elements_by_their_symbol():
    assert show("batch", None) == "–"
    assert show("element", "dy") == "Dy"


def test_periods_are_written_as_months():
    assert period_text(2026 * 12 + 4) == "2026-05"
    assert period_index("2026-05") == 2026 * 12 + 4
