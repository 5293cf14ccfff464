"""The statutory clock: 45 working days by China's calendar, told from events."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.clock import STATUTORY_DAYS, Happening, clock_of, working_days_between
from portal.registry.domain.working_days import is_working_day

D = dt.date
DAYS = st.dates(D(2025, 1, 1), D(2026, 6, 30))
LENGTHS = st.integers(0, 40)


def accepted(day: D) -> list[Happening]:
    return [Happening("accepted", day)]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (D(2025, 4, 7), D(2025, 6, 12)),
        (D(2026, 9, 1), D(2026, 11, 9)),  # two make-up workdays and a week of holidays in between
        (D(2026, 2, 13), D(2026, 4, 24)),  # the make-up Saturday of 14 February is its first day
    ],
)
def test_the_limit_falls_on_the_45th_working_day(day: D, due: D) -> None:
    stands = clock_of(accepted(day), day)
    assert stands is not None
    assert (stands.due_on, stands.used, stands.provisional) == (due, 0, False)
    assert clock_of(accepted(day), due).left == 0
    assert not clock_of(accepted(day), due).is_over
    assert clock_of(accepted(day), due + dt.timedelta(days=7)).is_over


def test_a_day_in_a_year_without_a_calendar_is_provisional() -> None:
    assert clock_of(accepted(D(2026, 12, 1)), D(2026, 12, 1)).provisional


def test_nothing_runs_before_acceptance() -> None:
    assert clock_of([], D(2026, 5, 1)) is None
    assert clock_of(accepted(D(2026, 5, 8)), D(2026, 5, 7)) is None


def test_an_answer_on_the_same_day_costs_nothing() -> None:
    day = D(2026, 5, 12)
    paused = [
        *accepted(D(2026, 5, 6)),
        Happening("stopped", day, "r1", "request"),
        Happening("resumed", day, "r1"),
    ]
    assert clock_of(paused, D(2026, 5, 20)).due_on == clock_of(accepted(D(2026, 5, 6)), D(2026, 5, 20)).due_on


def test_two_pauses_at_once_count_once() -> None:
    start = accepted(D(2026, 5, 6))
    one = [Happening("stopped", D(2026, 5, 11), "a"), Happening("resumed", D(2026, 5, 20), "a")]
    other = [Happening("stopped", D(2026, 5, 12), "b"), Happening("resumed", D(2026, 5, 18), "b")]
    today = D(2026, 6, 1)
    assert clock_of([*start, *one, *other], today).used == clock_of([*start, *one], today).used


@given(DAYS, st.integers(0, 60), LENGTHS, LENGTHS)
def test_a_pause_postpones_by_exactly_the_working_days_it_lasted(
    day: D, before: int, length: int, after: int
) -> None:
    stop = day + dt.timedelta(days=before)
    go = stop + dt.timedelta(days=length)
    today = go + dt.timedelta(days=after)
    plain = clock_of(accepted(day), today)
    paused = clock_of([*accepted(day), Happening("stopped", stop, "r"), Happening("resumed", go, "r")], today)
    assert plain is not None
    assert paused is not None
    cost = working_days_between(stop, go)
    assert plain.used - paused.used == cost
    assert paused.pauses[0].days == cost
    if stop < plain.due_on:
        assert working_days_between(day, paused.due_on) == STATUTORY_DAYS + working_days_between(
            stop, min(go, paused.due_on)
        )


@given(DAYS, st.integers(0, 120))
def test_used_grows_by_one_on_each_working_day_and_never_else(day: D, later: int) -> None:
    today = day + dt.timedelta(days=later)
    now, next_day = clock_of(accepted(day), today), today + dt.timedelta(days=1)
    grown = clock_of(accepted(day), next_day)
    assert now is not None
    assert grown is not None
    assert grown.used - now.used == int(is_working_day(next_day))
    assert (now.used >= STATUTORY_DAYS) == (today >= now.due_on)


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_once_ended_it_stands_for_ever(day: D, took: int, later: int) -> None:
    end = day + dt.timedelta(days=took)
    rows = [*accepted(day), Happening("ended", end)]
    first, last = clock_of(rows, end), clock_of(rows, end + dt.timedelta(days=later))
    assert first is not None
    assert last is not None
    assert (first.used, first.ended_on, first.runs) == (last.used, last.ended_on, last.runs)
