"""What is taken for a duplicate, and what is left alone."""

import pytest

from reporting.checks.core import filing
from reporting.checks.run import run

DUP = {f"DUP00{number}" for number in range(1, 9)}


def found(*lines, **other):
    findings = run(filing(*lines, **other).tables(), DUP)
    return list(zip(findings["code"], findings["line_no"], strict=True))


def test_three_equal_lines_are_two_repeats():
    line = "sold A 10 invoice_no=1"
    assert found(line, line, line) == [("DUP001", 2), ("DUP001", 3)]


def test_decimals_do_not_tell_two_lines_apart():
    assert found("sold A 10 invoice_no=1", "sold A 10.0 invoice_no=1") == [("DUP001", 2)]


@pytest.mark.parametrize(
    "cell", ["batch=L2", "note=second", "date=2026-05-16", "value=30001", "invoice_no=2"]
)
def test_one_cell_tells_two_lines_apart(cell):
    assert ("DUP001", 2) not in found(
        "sold A 10 invoice_no=1 batch=L1", f"sold A 10 invoice_no=1 batch=L1 {cell}"
    )


def test_a_repeat_is_not_also_an_invoice_given_twice():
    assert found("sold A 10 invoice_no=1", "sold A 10 invoice_no=1") == [("DUP001", 2)]


def test_a_standing_order_is_no_duplicate():
    weekly = [f"sold A 10 invoice_no=0440012{week} date=2026-05-0{week}" for week in range(1, 6)]
    assert found(*weekly, history=weekly[:0]) == []


def test_the_same_number_of_another_supplier_is_another_invoice():
    parties = ("C1", "C2 id_number=FR40303265045")
    assert (
        found("purchased A 10 invoice_no=1", "purchased A 10 invoice_no=1 counterparty=C2", parties=parties)
        == []
    )


def test_an_invoice_is_remembered_for_twelve_months():
    line = "sold A 10 invoice_no=0440"
    assert found(line, past={12: (line,)}) == [("DUP003", 1)]
    assert found(line, past={13: (line,)}) == []


def test_a_later_month_does_not_accuse_an_earlier_one():
    line = "sold A 10 invoice_no=0440"
    tables = filing(line, before=(line,)).tables()
    tables.filings["judged"] = ~tables.filings["judged"]
    assert run(tables, DUP).empty


def test_a_return_may_name_the_invoice_of_the_sale():
    assert found("sold A 10 invoice_no=7", "returned_in A 2 invoice_no=7") == []


@pytest.mark.parametrize(
    ("one", "other"), [("A0", "AO"), ("1l", "11"), ("B-1", "B1"), ("b1", "B1"), ("C 1", "C1")]
)
def test_numbers_that_read_alike_are_one(one, other):
    assert found(f"sold A 10 'invoice_no={one}'", f"sold A 20 'invoice_no={other}'") == [("DUP005", 2)]


@pytest.mark.parametrize(
    ("one", "other", "near"), [("1234", "1235", False), ("1234", "1534", True), ("12", "123", False)]
)
def test_one_character_off_is_asked_unless_it_is_the_next_in_a_series(one, other, near):
    codes = found(f"sold A 10 invoice_no={one}", f"sold A 10 invoice_no={other}")
    assert codes == ([("DUP004", 2)] if near else [])
