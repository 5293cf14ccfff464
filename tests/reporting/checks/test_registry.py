"""The registry refuses what would confuse people later."""

import pytest

from reporting.checks.core import Queue, Registry, Severity, all_checks, filing
from reporting.checks.laws import LAWS
from reporting.checks.run import run

WORDS = {
    "severity": Severity.NOTICE,
    "queue": Queue.QUERY,
    "title": "A title",
    "message": "Line %(line_no)s.",
    "explanation": "An explanation.",
    "remedy": "A remedy.",
    "legal_basis": ("DICTIONARY",),
    "per": "line",
    "needs": ("kind",),
    "passes": [filing("sold A 1")],
    "fails": [filing("sold A 1")],
}


def question(name, module):
    def function(lines):
        return lines.everywhere

    function.__name__ = name
    function.__module__ = f"reporting.checks.rules.{module}"
    return function


def registered(registry, code="STK499", name="some_fault", module="stk499_some_fault", **other):
    registry.check(code=code, **(WORDS | other))(question(name, module))
    return registry[code]


def test_a_check_is_found_by_its_code():
    registry = Registry()
    check = registered(registry)
    assert "STK499" in registry
    assert registry.checks() == (check,)


def test_a_code_is_never_given_twice():
    registry = Registry()
    registered(registry)
    with pytest.raises(TypeError, match="Cannot reuse the code STK499"):
        registered(registry, name="other_fault", module="stk499_other_fault")


@pytest.mark.parametrize("module", ["stk499_some_other", "some_fault", "stk498_some_fault"])
def test_the_file_is_named_by_code_and_function(module):
    with pytest.raises(TypeError, match=r"it must be stk499_some_fault\.py"):
        registered(Registry(), module=module)


def test_a_check_of_filings_is_numbered_below_500_and_one_of_the_nation_above():
    with pytest.raises(TypeError, match="STK500: there are no checks per line"):
        registered(Registry(), code="STK500", module="stk500_some_fault")
    with pytest.raises(TypeError, match="STK499: there are no checks per balance"):
        registered(Registry(), per="balance")


@pytest.mark.parametrize("code", ["STK50", "stk001", "ST1"])
def test_a_code_is_three_letters_and_a_number(code):
    with pytest.raises(TypeError, match="not three letters"):
        registered(Registry(), code=code, module=f"{code.lower()}_some_fault")


def test_a_law_must_be_known():
    with pytest.raises(TypeError, match="does not know HEARSAY"):
        registered(Registry(), legal_basis=("HEARSAY",))


def test_a_placeholder_must_have_a_column():
    with pytest.raises(TypeError, match=r"no column stands behind %\(batch\)s"):
        registered(Registry(), message="Lot %(batch)s.")


def test_rows_of_an_unknown_kind_are_refused():
    with pytest.raises(TypeError, match="no checks per moon"):
        registered(Registry(), per="moon")


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ({}, 1),
        ({"in_force_from": "2026-05"}, 1),
        ({"in_force_from": "2026-06"}, 0),
        ({"in_force_until": "2026-05"}, 1),
        ({"in_force_until": "2026-04"}, 0),
    ],
)
def test_a_check_judges_the_months_in_which_it_is_in_force(window, found):
    check = registered(Registry(), **window)
    assert len(run(filing("sold A 1").tables(), checks=[check])) == found


def test_every_law_is_the_ground_of_some_check():
    used = {law for check in all_checks() for law in check.legal_basis}
    assert used == set(LAWS)
