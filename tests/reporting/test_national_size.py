"""The short form of ``bench amended``: a nation beside itself is swept and re-checked as the first is."""

from __future__ import annotations

from collections import Counter

import pytest

from portal.accounts.models import Organisation
from portal.registry.domain.identifiers import verify
from reporting.models import Filing, Finding, FindingState, Line
from tests.load import amended_steps as steps
from tests.load.bench_amended import WITHIN
from tests.reporting.test_national_sweeps import BUYER, SELLER, folder, loaded


def told() -> Counter[tuple[str, str]]:
    """Findings by enterprise and check; but for numbers, which are wrong in the first alone."""
    rows = Finding.objects.exclude(state=FindingState.CLOSED).exclude(check_code="IDN001")
    return Counter(rows.values_list("organisation__name_en", "check_code"))


@pytest.fixture
def once(db, tmp_path):
    loaded(folder(tmp_path / "first"))


def test_a_nation_beside_itself_has_every_finding_twice(once):
    steps.work(steps.begin()["sweep"])
    first = told()
    assert {code for _name, code in first} >= {"MIR501", "TAX504"}
    lines = Line.objects.count()
    assert steps.multiplied("2")["lines"] == 2 * lines
    sweep = steps.begin()["sweep"]
    steps.work(sweep)
    pairs = Finding.objects.filter(check_code="MIR501")
    assert {row.other_organisation.uscc == SELLER for row in pairs} == {True, False}
    assert told() == Counter({key: 2 * times for key, times in first.items()})
    assert steps.swept(sweep)["lines"] == 2 * lines


def test_a_copy_bears_numbers_that_are_valid_and_its_own(once):
    steps.multiplied("3")
    numbers = list(Organisation.objects.filter(uscc__isnull=False).values_list("uscc", flat=True))
    assert len(set(numbers)) == len(numbers) == 6
    assert all(
        verify("USCC", number, "CN").normalised == number
        for number in numbers
        if number not in (SELLER, BUYER)
    )


def test_an_amended_filing_is_checked_with_what_it_touches_in_time(once):
    steps.work(steps.begin()["sweep"])
    told = steps.recheck("2")
    assert Filing.objects.filter(version=2).count() == 2
    assert max(told["seconds"]) < WITHIN
    gaps = Finding.objects.get(check_code="MIR501").evidence
    assert gaps["sold_kg"] == pytest.approx(7000)
