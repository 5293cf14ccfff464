"""When a case will be decided: quantiles of finished cases, never in the past, held against what came."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.prediction import FEWEST, HIGH, LOW, Finished, predict, record_of

FIRST = dt.date(2025, 1, 6)


def finished(days: list[int], kind: str = "individual", gap: int = 1) -> list[Finished]:
    rows = []
    for place, taken in enumerate(days):
        begun = FIRST + dt.timedelta(days=place * gap)
        rows.append(Finished(kind, begun, begun + dt.timedelta(days=taken), taken))
    return rows


def test_too_few_cases_say_nothing() -> None:
    assert predict(finished([30] * (FEWEST - 1)), "individual") is None


def test_other_kinds_stand_in_where_the_like_are_too_few() -> None:
    said = predict(finished([20] * 3) + finished([40] * FEWEST, "general"), "individual")
    assert said is not None
    assert (said.same_kind, said.like) == (False, FEWEST + 3)
    said = predict(finished([20] * FEWEST) + finished([40] * FEWEST, "general"), "individual")
    assert said is not None
    assert (said.low, said.middle, said.high, said.same_kind) == (20, 20, 20, True)


def test_known_quantiles() -> None:
    said = predict(finished(list(range(1, 12))), "individual")  # 1 … 11
    assert said is not None
    assert (said.low, said.middle, said.high) == (2, 6, 10)


@given(st.lists(st.integers(1, 90), min_size=FEWEST, max_size=60), st.integers(0, 60))
def test_the_range_is_ordered_never_past_and_holds_what_it_promises(days: list[int], elapsed: int) -> None:
    said = predict(finished(days), "individual", elapsed)
    left = [taken for taken in days if taken >= elapsed]
    if len(left) < FEWEST:
        assert said is None
        return
    assert said is not None
    assert elapsed <= said.low <= said.middle <= said.high
    within = sum(said.low <= taken <= said.high for taken in left)
    assert within >= (HIGH - LOW) * len(left) - 1e-9


def test_the_record_foretells_each_case_from_those_decided_before_it() -> None:
    steady = finished([10] * 30, gap=5)
    record = record_of(steady)
    # the first that has eight decided before it: the one begun 11 days after the eighth began
    assert record.told == 20
    assert (record.held, record.middle_error, record.share) == (20, 0.0, 1.0)
    late = [
        *steady,
        Finished("individual", FIRST + dt.timedelta(days=400), FIRST + dt.timedelta(days=460), 60),
    ]
    worse = record_of(late)
    assert (worse.told, worse.held) == (21, 20)


def test_no_finished_case_gives_an_empty_record() -> None:
    assert record_of([]).share is None
