"""What an instrument is on a day: before, between, suspended, afterwards."""

from __future__ import annotations

from datetime import date

import pytest

from tests.licensing.lists import control_list, list_with, tables

NO18, NO57, NO61, NO62 = (
    "MOFCOM-GAC 2025 No. 18",
    "MOFCOM-GAC 2025 No. 57",
    "MOFCOM 2025 No. 61 §1(1),(2)",
    "MOFCOM 2025 No. 62",
)


@pytest.mark.parametrize(
    ("code", "on", "standing", "unconfirmed"),
    [
        (NO18, "2025-04-03", "not_yet_in_force", False),
        (NO18, "2025-04-04", "in_force", False),
        (NO18, "2026-11-11", "in_force", False),
        (NO57, "2025-10-09", "not_yet_in_force", False),
        (NO57, "2025-11-06", "not_yet_in_force", False),
        (NO57, "2025-11-07", "suspended", False),
        (NO57, "2025-11-08", "suspended", False),
        (NO57, "2026-11-10", "suspended", False),
        (NO57, "2026-11-11", "suspended", True),
        (NO61, "2025-11-30", "suspended", False),
        (NO61, "2025-12-01", "suspended", False),
        (NO62, "2025-10-08", "not_yet_in_force", False),
        (NO62, "2025-10-09", "in_force", False),
        (NO62, "2025-11-06", "in_force", False),
        (NO62, "2025-11-07", "suspended", False),
    ],
)
def test_standing(code: str, on: str, standing: str, unconfirmed: bool) -> None:
    status = control_list().status_of(code, date.fromisoformat(on))
    assert (status.standing, status.unconfirmed) == (standing, unconfirmed)


@pytest.mark.parametrize(
    ("inclusive", "after", "on", "standing", "unconfirmed"),
    [
        ("false", "suspended_unconfirmed", "2026-11-09", "suspended", False),
        ("false", "suspended_unconfirmed", "2026-11-10", "suspended", True),
        ("false", "in_force", "2026-11-10", "in_force", True),
        ("true", "in_force", "2026-11-10", "suspended", False),
        ("true", "in_force", "2026-11-11", "in_force", True),
    ],
)
def test_the_operator_says_how_a_suspension_ends(
    inclusive: str, after: str, on: str, standing: str, unconfirmed: bool
) -> None:
    regime = {**tables()["regimes"][0], "last_day_inclusive": inclusive, "after": after}
    status = list_with(regimes=[regime]).status_of(NO57, date.fromisoformat(on))
    assert (status.standing, status.unconfirmed) == (standing, unconfirmed)


def test_a_regime_holds_from_its_day() -> None:
    later = {**tables()["regimes"][0], "valid_from": "2026-12-01", "after": "in_force"}
    changed = list_with(regimes=[*tables()["regimes"], later])
    assert changed.status_of(NO57, date(2026, 11, 30)).standing == "suspended"
    assert changed.status_of(NO57, date(2026, 12, 1)).standing == "in_force"


def test_a_confirmed_end_needs_no_setting() -> None:
    rows = [{**row, "end_confirmed": "true"} for row in tables()["suspensions"]]
    status = list_with(suspensions=rows).status_of(NO57, date(2026, 11, 11))
    assert (status.standing, status.unconfirmed) == ("in_force", False)


def test_a_second_suspension_follows_the_first() -> None:
    second = {**next(row for row in tables()["suspensions"] if row["instrument"] == NO57)}
    second |= {"from_on": "2026-11-11", "until_on": "2027-11-10"}
    changed = list_with(suspensions=[*tables()["suspensions"], second])
    status = changed.status_of(NO57, date(2026, 11, 11))
    assert (status.standing, status.unconfirmed, status.until) == ("suspended", False, date(2027, 11, 10))


def test_repealed_and_entries_of_their_own_days() -> None:
    instruments = [
        {**row, "repealed_on": "2026-07-01"} if row["code"] == NO18 else row
        for row in tables()["instruments"]
    ]
    entries = [
        {**row, "valid_from": "2026-01-01", "valid_until": "2026-05-31"}
        if row["control_code"] == "1C905.b"
        else row
        for row in tables()["entries"]
    ]
    changed = list_with(instruments=instruments, entries=entries)
    entry = next(one for one in changed.entries if one.control_code == "1C905.b")
    found = [
        changed.status_of_entry(entry, date.fromisoformat(on)).standing
        for on in ("2025-12-31", "2026-01-01", "2026-05-31", "2026-06-01")
    ]
    assert found == ["not_yet_in_force", "in_force", "in_force", "repealed"]
    assert changed.status_of(NO18, date(2026, 6, 30)).standing == "in_force"
    assert changed.status_of(NO18, date(2026, 7, 1)).standing == "repealed"
