"""China's working days: make-up workdays count, overrides stand above the calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.registry.domain.working_days import (
    DAY_WORDS,
    add_working_days,
    day_code,
    is_provisional,
    is_working_day,
    roll_forward,
)

MAKE_UP_2025 = ["01-26", "02-08", "04-27", "09-28", "10-11"]
MAKE_UP_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.mark.parametrize("day", [f"2025-{d}" for d in MAKE_UP_2025] + [f"2026-{d}" for d in MAKE_UP_2026])
def test_make_up_workdays_are_working_days(day: str) -> None:
    date = dt.date.fromisoformat(day)
    assert date.weekday() >= 5
    assert day_code(date) == "make_up_workday"
    assert is_working_day(date)


def test_there_are_no_other_working_weekends() -> None:
    for year, expected in ((2025, MAKE_UP_2025), (2026, MAKE_UP_2026)):
        first = dt.date(year, 1, 1)
        days = [first + dt.timedelta(days=n) for n in range(365)]
        found = [f"{d:%m-%d}" for d in days if d.weekday() >= 5 and is_working_day(d)]
        assert found == expected


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-05-10", "sunday"),
        ("2026-05-16", "saturday"),
        ("2026-05-01", "public_holiday"),
        ("2026-01-02", "public_holiday"),
        ("2026-05-11", "working_day"),
        ("2005-12-31", "make_up_workday"),
    ],
)
def test_each_day_has_a_code_with_words(day: str, code: str) -> None:
    assert day_code(dt.date.fromisoformat(day)) == code
    assert code in DAY_WORDS


def test_overrides_stand_above_the_calendar() -> None:
    sunday, monday = dt.date(2026, 5, 10), dt.date(2026, 5, 11)
    overrides = {sunday: True, monday: False}
    assert day_code(sunday, overrides) == "set_working"
    assert day_code(monday, overrides) == "set_off"
    assert roll_forward(monday, overrides) == dt.date(2026, 5, 12)


def test_forty_five_working_days_of_a_licence() -> None:
    assert add_working_days(dt.date(2025, 4, 7), 45) == dt.date(2025, 6, 12)
    assert add_working_days(dt.date(2026, 9, 1), 45) == dt.date(2026, 11, 9)


def test_working_days_are_counted_back_and_none_is_no_step() -> None:
    assert add_working_days(dt.date(2026, 5, 11), -1) == dt.date(2026, 5, 9)
    assert add_working_days(dt.date(2026, 5, 10), 0) == dt.date(2026, 5, 10)


def test_a_calendar_without_working_days_is_refused() -> None:
    closed = {dt.date(2026, 1, 1) + dt.timedelta(days=n): False for n in range(200)}
    with pytest.raises(ValueError, match="no working day"):
        roll_forward(dt.date(2026, 1, 1), closed)
    with pytest.raises(ValueError, match="no working day"):
        add_working_days(dt.date(2026, 1, 1), 1, closed)


def test_years_not_announced_are_provisional() -> None:
    assert not is_provisional(2025)
    assert not is_provisional(2026)
    assert is_provisional(2027)
    assert not is_provisional(2007)
