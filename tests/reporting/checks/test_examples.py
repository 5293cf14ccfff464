"""Every check: its examples are its tests."""

import pytest

from reporting.checks.columns import verify
from reporting.checks.core import all_checks
from reporting.checks.run import run

CHECKS = all_checks()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_it_finds_nothing_in_what_passes(check):
    assert check.passes
    for example in check.passes:
        found = run(example.tables(), {check.code})
        assert found.empty, (check.code, example, found["figures"].tolist())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_it_finds_something_in_what_fails(check):
    assert check.fails
    for example in check.fails:
        found = run(example.tables(), {check.code})
        assert set(found["code"]) == {check.code}, example


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_its_examples_follow_the_contract_of_the_tables(check):
    for example in check.passes + check.fails:
        verify(example.tables())
        assert example.drawn()
