"""Filings are due on the 10th of the next month, 24:00 in Beijing, rolled to the next working day."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.core.months import Month
from portal.registry.domain.deadlines import due, due_at


@pytest.mark.parametrize(
    ("period", "on"),
    [
        ("2026-03", "2026-04-10"),
        ("2026-04", "2026-05-11"),  # the 10th of May is a Sunday; the Saturday before was a workday
        ("2026-09", "2026-10-10"),  # a Saturday that is a make-up workday
        ("2026-01", "2026-02-10"),
        ("2025-12", "2026-01-12"),
        ("2025-04", "2025-05-12"),
        ("2025-09", "2025-10-10"),
    ],
)
def test_due_dates(period: str, on: str) -> None:
    assert due(Month.parse(period)).on.isoformat() == on


def test_the_end_of_the_day_is_the_first_instant_of_the_next() -> None:
    at = due_at(Month.parse("2026-03"))
    assert at.isoformat() == "2026-04-11T00:00:00+08:00"
    assert at.astimezone(dt.UTC).isoformat() == "2026-04-10T16:00:00+00:00"


def test_a_rolled_deadline_says_why() -> None:
    deadline = due(Month.parse("2026-04"))
    assert deadline.rolled
    assert deadline.nominal == dt.date(2026, 5, 10)
    assert deadline.skipped == ((dt.date(2026, 5, 10), "sunday"),)
    assert not deadline.provisional


def test_one_that_is_not_rolled_has_nothing_to_say() -> None:
    deadline = due(Month.parse("2026-09"))
    assert not deadline.rolled
    assert deadline.skipped == ()


def test_the_table_of_days_corrects_the_calendar() -> None:
    overrides = {dt.date(2026, 4, 10): False}
    deadline = due(Month.parse("2026-03"), overrides)
    assert deadline.on == dt.date(2026, 4, 13)
    assert [code for _, code in deadline.skipped] == ["set_off", "saturday", "sunday"]


def test_beyond_the_announced_calendar_a_deadline_is_provisional() -> None:
    assert due(Month.parse("2027-05")).provisional
