"""When filings are due and when they come; the truth is counted again here from the files alone."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from portal.core.months import Month
from portal.simulation.domain.nation import simulate
from portal.simulation.domain.workdays import BEIJING, due_day, is_workday


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2025-03", date(2025, 4, 10)),
        ("2025-04", date(2025, 5, 12)),  # the 10th was a Saturday
        ("2025-09", date(2025, 10, 10)),
        ("2026-01", date(2026, 2, 10)),
        ("2026-09", date(2026, 10, 10)),  # a Saturday that was worked
        ("2024-09", date(2024, 10, 10)),
    ],
)
def test_due_days(period, day):
    assert due_day(Month.parse(period)) == day


def test_make_up_days_are_worked_and_holidays_are_not():
    assert is_workday(date(2025, 10, 11))
    assert not is_workday(date(2025, 10, 8))
    assert not is_workday(date(2025, 10, 12))


def _recount(nation: dict[str, pd.DataFrame], last: Month) -> set[tuple[str, str, str]]:
    """Late and missing as the dictionary defines them, from organisations, filings and extensions alone."""
    extended: dict[tuple[str, str], date] = {}
    for row in nation["extensions"].itertuples():
        key = (row.organisation, row.period)
        extended[key] = max(extended.get(key, date.min), date.fromisoformat(row.until))
    counted = nation["filings"].query("status != 'withdrawn'").sort_values("version")
    first = counted.drop_duplicates(["organisation", "period"]).set_index(["organisation", "period"])[
        "submitted_at"
    ]
    found = set()
    for organisation in nation["organisations"].query("reports_from != ''").itertuples():
        for month in Month.range(Month.parse(organisation.reports_from), last):
            day = max(
                due_day(month),
                extended.get((organisation.uscc, str(month)), date.min),
                extended.get(("", str(month)), date.min),
            )
            end = datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1)
            instant = first.get((organisation.uscc, str(month)))
            if instant is None:
                found.add((organisation.uscc, str(month), "missing"))
            elif datetime.fromisoformat(instant) > end:
                found.add((organisation.uscc, str(month), "late"))
    return found


def test_the_truth_is_what_the_calendar_says(nation):
    last = Month.parse(nation["filings"]["period"].max())
    told = set(nation["lateness"][["organisation", "period", "state"]].itertuples(index=False, name=None))
    assert told == _recount(nation, last)
    assert {state for _, _, state in told} == {"late", "missing"}


def test_few_are_late_and_fewer_missing(nation):
    due = nation["filings"][["organisation", "period"]].drop_duplicates()
    states = nation["lateness"]["state"].value_counts()
    assert 0.005 < states["late"] / len(due) < 0.1
    assert states["missing"] / len(due) < 0.03


def test_most_filings_come_in_the_last_two_days(nation):
    extended = set(nation["extensions"]["period"])
    first = nation["filings"].query("version == '1'")
    first = first[~first["period"].isin(extended)]
    late = set(nation["lateness"][["organisation", "period"]].itertuples(index=False, name=None))
    hours = []
    for row in first.itertuples():
        if (row.organisation, row.period) not in late:
            day = due_day(Month.parse(row.period))
            end = datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1)
            hours.append((end - datetime.fromisoformat(row.submitted_at)).total_seconds() / 3600)
    assert min(hours) >= 0
    assert sum(h <= 48 for h in hours) / len(hours) > 0.5


def test_a_second_version_comes_after_the_first(nation):
    instants = nation["filings"].pivot_table(
        index=["organisation", "period"], columns="version", values="submitted_at", aggfunc="first"
    )
    both = instants.dropna()
    assert len(both) > 0
    assert (both["2"] > both["1"]).all()


def test_nobody_files_who_owes_nothing():
    tables = simulate(seed=2, enterprises=90, start="2025-06", months=2)
    quiet = set(tables["organisations"].query("reports_from == ''")["uscc"])
    assert quiet
    assert quiet.isdisjoint(tables["filings"]["organisation"])
    assert quiet & set(tables["products"]["organisation"])


def test_the_last_month_may_be_left_open():
    tables = simulate(seed=2, enterprises=30, start="2025-06", months=3, open_last=True)
    open_ones = tables["lateness"].query("state == 'open'")
    last = tables["filings"].query("period == '2025-08'")
    assert set(open_ones["period"]) == {"2025-08"}
    assert len(open_ones) > 5
    assert len(last) > 5
    assert set(last["organisation"]).isdisjoint(open_ones["organisation"])
    assert (last["submitted_at"] < "2025-09-03").all()
