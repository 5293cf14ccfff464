"""When each filing is certified: most in the last hours, a few late, a few never; and what the calendar says of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from portal.core.months import Month
from portal.simulation.domain.chance import Chance, Floats, Ints
from portal.simulation.domain.organisations import Organisation
from portal.simulation.domain.workdays import due_day, end_of, next_workday

ON_TIME, LATE, MISSING, OPEN, NOT_DUE = range(5)
STATES: Final = ("on_time", "late", "missing", "open", "not_due")
_HOUR: Final = 3600


@dataclass(frozen=True)
class Extension:
    """More time for a period: for one organisation (its index), or for all (-1). `until` is a day, to its end."""

    organisation: int
    period: Month
    until: int
    day: str
    reason: str


@dataclass(frozen=True)
class Timetable:
    """By organisation and month: state, end of the time given, instants of the versions (-1: none). Seconds UTC."""

    state: Ints
    due: Ints
    first: Ints
    second: Ints
    withdrawn: Ints
    extensions: tuple[Extension, ...]


def timetable(
    organisations: tuple[Organisation, ...], seed: int, first: Month, months: int, open_last: bool
) -> Timetable:
    """Who files when. With `open_last`, half of the nation has not filed the last month yet."""
    chance = Chance(seed, 7)
    size = (len(organisations), months)
    periods = [first + offset for offset in range(months)]
    extensions = _extensions(chance, organisations, periods)
    due = np.tile(np.array([end_of(due_day(p)) for p in periods]), (len(organisations), 1))
    for extension in extensions:
        rows = slice(None) if extension.organisation < 0 else extension.organisation
        column = extension.period - first
        due[rows, column] = np.maximum(due[rows, column], extension.until)
    state = _states(chance, organisations, periods, open_last)
    opens = np.tile(np.array([end_of(p.last) + 8 * _HOUR + 1800 for p in periods]), (len(organisations), 1))
    filed = _instants(chance, state, opens, due)
    if open_last:
        early = opens[:, -1] + (chance.uniform(size[0]) * 30 * _HOUR).astype(np.int64)
        filed[:, -1] = np.where(state[:, -1] == ON_TIME, early, -1)
    draw = chance.uniform(size[0] * months).reshape(size)
    again = np.where(
        filed >= 0, filed + (chance.uniform(size[0] * months).reshape(size) * 45 + 4) * 24 * _HOUR, -1
    )
    takes_back = (draw > 0.998) & (state == ON_TIME)
    sooner = filed + (chance.uniform(size[0] * months).reshape(size) * 30 * _HOUR).astype(np.int64) + 600
    second = np.where((draw < 0.02) & (filed >= 0), again.astype(np.int64), -1)
    second = np.where(takes_back, sooner, second)
    if open_last:
        second[:, -1], takes_back[:, -1] = -1, False
    counted = np.where(takes_back, second, filed)
    state = np.where(np.isin(state, (ON_TIME, LATE)), np.where(counted > due, LATE, ON_TIME), state)
    return Timetable(state, due, filed, second, takes_back.astype(np.int64), extensions)


def _extensions(
    chance: Chance, organisations: tuple[Organisation, ...], periods: list[Month]
) -> tuple[Extension, ...]:
    """One outage of the portal a year, and now and then one organisation's trouble."""
    found = []
    for place, period in enumerate(periods):
        plain = due_day(period)
        if place % 12 == 7:
            day = next_workday(plain.replace(day=plain.day + 3))
            found.append(Extension(-1, period, end_of(day), day.isoformat(), "申报系统检修，统一顺延"))
        for organisation in organisations:
            if organisation.files and chance.happens(0.002):
                day = next_workday(plain.replace(day=plain.day + chance.whole(3, 9)))
                reason = chance.pick(("台风停工", "财务系统故障", "工厂停电检修"))
                found.append(Extension(organisation.index, period, end_of(day), day.isoformat(), reason))
    return tuple(found)


def _states(
    chance: Chance, organisations: tuple[Organisation, ...], periods: list[Month], open_last: bool
) -> Ints:
    """Late about one filing in thirty, some organisations by habit; missing about one in a hundred and fifty."""
    many, months = len(organisations), len(periods)
    habit = np.where(chance.uniform(many) < 0.04, 0.3, 0.02)
    drawn = chance.uniform(many * months).reshape(many, months)
    state = np.where(drawn < habit[:, None], LATE, ON_TIME)
    state[drawn > 0.9955] = MISSING
    silent = chance.uniform(many) < 0.02
    state[silent, -1:] = MISSING
    if open_last:
        state[:, -1] = np.where(chance.uniform(many) < 0.5, ON_TIME, OPEN)
    start = np.array([o.start for o in organisations])
    files = np.array([o.files for o in organisations])
    at = np.arange(months)[None, :]
    state[(at == start[:, None]) & (state == MISSING)] = ON_TIME
    state[at < start[:, None]] = NOT_DUE
    state[~files, :] = NOT_DUE
    return state


def _instants(chance: Chance, state: Ints, opens: Ints, due: Ints) -> Ints:
    """Nearly six in ten come in the last 48 hours; nobody likes the small hours."""
    shape = state.shape
    kind, lead = _grid(chance, shape), _grid(chance, shape)
    last_days = due - 1 - (48 * _HOUR * lead * lead).astype(np.int64)
    before = opens + ((due - 48 * _HOUR - opens) * lead).astype(np.int64)
    in_time = np.where(kind < 0.58, last_days, before)
    hour = (in_time + 8 * _HOUR) // _HOUR % 24
    in_time = np.where((hour < 7) & (in_time + 8 * _HOUR < due), in_time + 8 * _HOUR, in_time)
    after = np.where(kind < 0.6, lead * 3 * 24, 3 * 24 + lead * lead * 22 * 24)
    late = due + 60 + (after * _HOUR).astype(np.int64)
    return np.where(state == ON_TIME, in_time, np.where(state == LATE, late, -1))


def _grid(chance: Chance, shape: tuple[int, ...]) -> Floats:
    return chance.uniform(shape[0] * shape[1]).reshape(shape)
