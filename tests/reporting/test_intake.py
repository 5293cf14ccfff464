"""Typed text becomes exact values, or stays as it was typed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.cells import (
    Codes,
    Unreadable,
    Vocabulary,
    fold,
    kind_lookup,
    read_cell,
    read_rows,
    tidy,
)
from reporting.domain.line_columns import ADDRESSING, BY_NAME, COLUMNS
from reporting.models import Filing
from reporting.services import intake
from reporting.services.upload_rows import spec
from tests import factories

WORDS = Vocabulary(
    kind_lookup(),
    Codes.of([(1, "P-01", "Sintered magnet"), (2, "p-02", "Block"), (3, "P-02", "Other block")]),
    Codes.of([(7, "C'01", "O'Brien & 沈阳 🧲 GmbH")]),
)


def value(column: str, text: str):
    return read_cell(BY_NAME[column], tidy(text), WORDS)


def refusal(column: str, text: str) -> str:
    with pytest.raises(Unreadable) as refused:
        value(column, text)
    return refused.value.code


@pytest.mark.parametrize("text", ["sold", "SOLD", " Sold ", "sale", "销售", "内销", "ｓｏｌｄ"])
def test_a_kind_is_understood_in_both_languages(text):
    assert value("kind", text) == (9,)


@pytest.mark.parametrize("text", ["opening", "Opening stock", "opening_stock", "期初库存", "期初"])
def test_opening_stock_is_understood(text):
    assert value("kind", text) == (1,)


def test_an_unknown_kind_stays_as_typed():
    assert refusal("kind", "given away") == "unknown_kind"


@pytest.mark.parametrize("text", ["P-01", "p-01", " P-01 ", "P - 01", "Ｐ-01", "P-01 Sintered magnet"])
def test_a_product_code_is_found_whatever_its_case_and_blanks(text):
    assert value("product", text) == (1,)


def test_codes_that_differ_in_case_alone_need_exactness():
    assert value("product", "p-02") == (2,)
    assert value("product", "P-02") == (3,)
    assert refusal("product", "P -02") == "unknown_product"


def test_a_code_with_an_apostrophe_is_a_code():
    assert value("counterparty", "c'01") == (7,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.400", (12_400, 3)),
        ("12", (12_000, 0)),
        ("0", (0, 0)),
        ("-1", (-1_000, 0)),
        ("1,234.50", (1_234_500, 2)),
        ("120,5", (120_500, 1)),
        ("12 kg", (12_000, 0)),
        ("12千克", (12_000, 0)),
        ("１２.５", (12_500, 1)),
        ("1e3", (1_000_000, 0)),
    ],
)
def test_a_quantity_is_read_exactly(text, expected):
    assert value("quantity_kg", text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1e308", "too_large"),
        ("1,234", "ambiguous_number"),
        ("0.0001", "too_many_decimals"),
        ("about 5", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("NaN", "not_a_number"),
        ("∞", "not_a_number"),
    ],
)
def test_a_quantity_that_is_not_certain_stays_as_typed(text, code):
    assert refusal("quantity_kg", text) == code


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-03",
        "2026/5/3",
        "3 May 2026",
        "May 3, 2026",
        "2026年5月3日",
        "20260503",
        "46145",
        "03-May-2026",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert value("date", text) == (dt.date(2026, 5, 3),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("03/05/2026", "ambiguous_date"),
        ("2026-02-30", "not_a_date"),
        ("soon", "not_a_date"),
        ("1899-01-01", "not_a_date"),
    ],
)
def test_a_day_that_is_not_certain_stays_as_typed(text, code):
    assert refusal("date", text) == code


def test_other_columns():
    assert value("value_cny", "¥1,234.50") == (123_450, 2)
    assert value("destination", "de") == ("DE",)
    assert refusal("destination", "Germany") == "not_a_country"
    assert value("licence_line_no", "3.0") == (3,)
    assert refusal("licence_line_no", "0") == "not_a_whole_number"
    assert refusal("invoice_no", "9" * 61) == "too_long"
    assert value("note", '=HYPERLINK("x") 🧲 稀土 O\'Brien') == ('=HYPERLINK("x") 🧲 稀土 O\'Brien',)


def test_what_could_not_be_read_is_kept_and_the_rest_of_the_line_is_read():
    rows = [(4, {"kind": "sold", "product": "P-99", "quantity_kg": "12.4", "date": "03/05/2026"})]
    read = read_rows(rows, WORDS)
    assert read.unread == [{"product": "P-99", "date": "03/05/2026"}]
    assert read.reasons == {(4, "product"): "unknown_product", (4, "date"): "ambiguous_date"}
    assert read.values["quantity_g"] == [12_400]
    assert read.values["product_id"] == [None]
    assert read.values["note"] == [""]


@given(
    st.dictionaries(st.sampled_from([column.name for column in COLUMNS]), st.text(max_size=40), max_size=14)
)
def test_nothing_typed_is_lost_and_nothing_breaks(cells):
    read = read_rows([(1, cells)], WORDS)
    for column in COLUMNS:
        typed = tidy(cells.get(column.name, ""))
        kept = (read.unread[0] or {}).get(column.name)
        values = [read.values[field][0] for field in column.fields]
        assert bool(typed) == (kept is not None or any(value not in (None, "") for value in values))
        assert kept in (None, typed)


def test_no_heading_stands_for_two_columns():
    assert len(spec().lookup()) > 60
    assert {"组织", "备注"} & set(spec().aliases) == {"备注"}
    assert set(ADDRESSING) <= spec().columns


def test_folding_is_stable():
    assert fold(" p- 01 ") == fold("Ｐ-01") == "p-01"


def test_lines_are_stored_as_they_were_read(aurora):
    filing: Filing = factories.filing(aurora)
    thing = factories.product(aurora)
    party = factories.counterparty(aurora)
    rows = [
        (1, {"kind": "期初库存", "product": "p-01", "quantity_kg": "100.000"}),
        (2, {"kind": "exported", "product": "P-01", "quantity_kg": "2.5", "value_cny": "900", "counterparty": "c-01",
             "destination": "de", "date": "2026年5月3日", "declaration_no": "D'1", "note": "a\ttab, a\\slash\nand a line"}),
        (3, {"kind": "sold", "product": "nothing", "quantity_kg": "lots"}),
    ]  # fmt: skip
    intake.add(filing, intake.read(filing, rows))
    first, second, third = filing.lines.order_by("line_no")
    assert (first.kind, first.product_id, first.quantity_g, first.quantity_dp) == (1, thing.pk, 100_000, 3)
    assert (second.counterparty_id, second.destination, second.date) == (party.pk, "DE", dt.date(2026, 5, 3))
    assert second.note == "a\ttab, a\\slash\nand a line"
    assert third.unread == {"product": "nothing", "quantity_kg": "lots"}
    assert third.product_id is None
