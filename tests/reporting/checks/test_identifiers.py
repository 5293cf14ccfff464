"""Check digits, judged for all numbers at once, against the rules read one number at a time."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import lei
from stdnum.cn import uscc

from reporting.checks.derive.identifiers import USCC_ALPHABET, clean, lei_holds, shaped, uscc_holds, vat_holds

plain = settings(derandomize=True, deadline=None, max_examples=50, database=None)


def ask(question, *numbers):
    return question(pd.Series(numbers, dtype=object)).tolist()


@plain
@given(st.text("0123456789", min_size=8, max_size=8), st.text(USCC_ALPHABET, min_size=9, max_size=9))
def test_social_credit_codes_agree_with_the_rule_read_singly(head, tail):
    code = head + tail
    whole = code + uscc.calc_check_digit(code)
    others = [code + letter for letter in USCC_ALPHABET if letter != whole[-1]]
    assert ask(uscc_holds, whole, *others) == [True] + [False] * 30


@plain
@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18))
def test_legal_entity_identifiers_agree_with_the_rule_read_singly(body):
    numbers = [f"{body}{check:02d}" for check in range(100)]
    assert ask(lei_holds, *numbers) == [lei.is_valid(number) for number in numbers]


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [("9133 0201-madfqe5e01", "91330201MADFQE5E01"), ("９１３３", "9133"), ("DE.136.695.976", "DE136695976")],
)
def test_numbers_are_cleaned_of_blanks_and_strokes(typed, cleaned):
    assert clean(pd.Series([typed], dtype=object)).tolist() == [cleaned]


def test_a_genuine_code_that_breaks_the_rule_is_told_from_a_misshapen_one():
    assert ask(uscc_holds, "91350211M0000XUF46", "91330201MADFQE5E01") == [False, True]
    assert ask(lambda words: shaped(words, "USCC"), "91350211M0000XUF46", "SOME-CODE") == [True, False]


def test_a_misshapen_vat_number_is_left_to_the_check_of_its_form():
    assert ask(vat_holds, "DE136695976", "DE136695978", "DE1366") == [True, False, True]


def test_words_beyond_ascii_and_of_any_length_are_no_codes():
    assert ask(uscc_holds, "统一社会信用代码", "", "9" * 60) == [False, False, False]
    assert ask(lei_holds, "统一社会信用代码", "", "9" * 60) == [False, False, False]
