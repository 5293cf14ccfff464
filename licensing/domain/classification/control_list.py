"""A version of the control list as one immutable value, and what holds on a day.

It is built from plain rows (``list_rows``), whether those come from the database, from files or from an upload.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from licensing.domain.classification import contents, reference_codes
from licensing.domain.classification.list_rows import Row, Tables
from licensing.domain.classification.reference_codes import DatedCode

ALWAYS: Final = date.min


class Standing(StrEnum):
    """What an instrument, or an entry of it, is on a day."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    NOT_YET = "not_yet_in_force"
    REPEALED = "repealed"


@dataclass(frozen=True)
class Status:
    """The standing on a day. ``unconfirmed``: a suspension ran out and what followed is not known."""

    standing: Standing
    unconfirmed: bool = False
    until: date | None = None
    by: str = ""


@dataclass(frozen=True)
class Instrument:
    """An announcement or other act."""

    code: str
    cited_zh: str
    kind: str
    published_on: date
    effective_on: date
    repealed_on: date | None
    name_en: str
    name_zh: str
    words_en: str
    words_zh: str
    source: str
    evidence: str


@dataclass(frozen=True)
class Suspension:
    """Days on which an instrument does not bind."""

    instrument: str
    by: str
    from_on: date
    until_on: date | None
    end_confirmed: bool


@dataclass(frozen=True)
class Entry:
    """One entry of the list."""

    instrument: str
    control_code: str
    element: str
    form: str
    family: str
    partners: tuple[str, ...]
    levels: tuple[str, ...]
    name_en: str
    name_zh: str
    reference_hs: tuple[DatedCode, ...]
    source: str
    evidence: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class Threshold:
    """A dated content setting; an empty ``elements`` means each element of the list."""

    role: str
    form: str
    family: str
    elements: tuple[str, ...]
    combined: bool
    content: int  # millionths of a per cent
    valid_from: date | None
    valid_until: date | None
    tag_en: str
    tag_zh: str
    source: str

    def holds(self, on: date) -> bool:
        """Whether it is the setting of that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )

    def fits(self, entry: Entry) -> bool:
        """Whether it is meant for the entry."""
        return (
            self.form == entry.form
            and self.family in ("", entry.family)
            and (not self.elements or entry.element in self.elements)
        )

    @property
    def precision(self) -> tuple[bool, bool, date]:
        """The setting that says most precisely what it is for goes before the others, then the latest."""
        return bool(self.elements), bool(self.family), self.valid_from or ALWAYS


@dataclass(frozen=True)
class Regime:
    """How the end of a suspension is read, from a day on."""

    valid_from: date
    last_day_inclusive: bool
    after: str


@dataclass(frozen=True)
class CustomsMeaning:
    """What a customs code, or all that begin with it, says of goods."""

    code: DatedCode
    form: str
    elements: tuple[str, ...]
    rare_earth: bool
    name_en: str
    name_zh: str


@dataclass(frozen=True)
class ElementName:
    """A rare earth as descriptions name it."""

    symbol: str
    name_en: str
    name_zh: str


@dataclass(frozen=True)
class ControlList:
    """One version of the list. ``elements`` are the rare earths there are, in the order of the contents' columns."""

    version: int
    elements: tuple[ElementName, ...]
    instruments: Mapping[str, Instrument]
    suspensions: tuple[Suspension, ...]
    entries: tuple[Entry, ...]
    thresholds: tuple[Threshold, ...]
    regimes: tuple[Regime, ...]
    customs_meanings: tuple[CustomsMeaning, ...]

    @classmethod
    def build(cls, version: int, tables: Tables, elements: Iterable[ElementName]) -> ControlList:
        """The list that plain rows say."""
        return cls(
            version,
            tuple(elements),
            {row["code"]: _instrument(row) for row in tables["instruments"]},
            tuple(_suspension(row) for row in tables["suspensions"]),
            tuple(sorted(map(_entry, tables["entries"]), key=lambda entry: entry.control_code)),
            tuple(_threshold(row) for row in tables["thresholds"]),
            tuple(sorted(map(_regime, tables["regimes"]), key=lambda regime: regime.valid_from)),
            tuple(_meaning(row) for row in tables["customs_meanings"]),
        )

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The rare earths' symbols in the order of the contents' columns."""
        return tuple(element.symbol for element in self.elements)

    @cached_property
    def verdicts(self) -> dict[Hashable, Any]:
        """Verdicts under this version that were given before, by what was said of the good: see ``judging.verdict_on``."""
        return {}

    @cached_property
    def turns(self) -> tuple[int, ...]:
        """The days, as ordinals, from which anything is otherwise than before: between two of them the list says the same."""
        dated: tuple[Entry | Threshold, ...] = (*self.entries, *self.thresholds)
        begin: list[date | None] = [one.valid_from for one in (*dated, *self.regimes)]
        begin += [day for one in self.instruments.values() for day in (one.effective_on, one.repealed_on)]
        begin += [day for one in self.suspensions for day in (one.from_on, one.until_on)]
        last = [one.valid_until for one in dated] + [one.until_on for one in self.suspensions]
        turns = {day.toordinal() for day in begin if day} | {day.toordinal() + 1 for day in last if day}
        return tuple(sorted(turns))

    def element_name(self, symbol: str) -> ElementName:
        """A rare earth's names; its symbol where it has none."""
        known = {element.symbol: element for element in self.elements}
        return known.get(symbol, ElementName(symbol, symbol.capitalize(), symbol.capitalize()))

    def regime_on(self, on: date) -> Regime:
        """How suspensions are read on that day."""
        held = [regime for regime in self.regimes if regime.valid_from <= on]
        return held[-1] if held else Regime(ALWAYS, True, "suspended_unconfirmed")

    def status_of(self, code: str, on: date) -> Status:
        """What the instrument is on that day."""
        instrument = self.instruments[code]
        if instrument.repealed_on is not None and instrument.repealed_on <= on:
            return Status(Standing.REPEALED)
        regime = self.regime_on(on)
        begun = [one for one in self.suspensions if one.instrument == code and one.from_on <= on]
        for suspension in begun:
            last = _last_day(suspension, regime)
            if last is None or on <= last:
                return Status(Standing.SUSPENDED, until=suspension.until_on, by=suspension.by)
        if on < instrument.effective_on:
            return Status(Standing.NOT_YET)
        if begun:
            latest = max(begun, key=lambda one: one.until_on or date.max)
            if not latest.end_confirmed:
                standing = Standing.IN_FORCE if regime.after == "in_force" else Standing.SUSPENDED
                return Status(standing, unconfirmed=True, until=latest.until_on, by=latest.by)
        return Status(Standing.IN_FORCE)

    def status_of_entry(self, entry: Entry, on: date) -> Status:
        """What the entry is on that day: its instrument's standing within its own days."""
        if entry.valid_until is not None and entry.valid_until < on:
            return Status(Standing.REPEALED)
        status = self.status_of(entry.instrument, on)
        if entry.valid_from is not None and on < entry.valid_from and status.standing != Standing.REPEALED:
            return Status(Standing.NOT_YET)
        return status

    def threshold_for(self, entry: Entry, on: date, role: str = "threshold") -> Threshold | None:
        """The setting that decides for the entry on that day; None where there is none."""
        fitting = [one for one in self.thresholds if one.role == role and one.holds(on) and one.fits(entry)]
        return max(fitting, key=lambda one: one.precision, default=None)


def _last_day(suspension: Suspension, regime: Regime) -> date | None:
    if suspension.until_on is None or regime.last_day_inclusive:
        return suspension.until_on
    return suspension.until_on - timedelta(days=1)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def symbols_of(text: str) -> tuple[str, ...]:
    """The parts of a `;`-list."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _instrument(row: Row) -> Instrument:
    return Instrument(
        row["code"],
        row["cited_zh"],
        row["kind"],
        date.fromisoformat(row["published_on"]),
        date.fromisoformat(row["effective_on"]),
        _day(row["repealed_on"]),
        *(row[name] for name in ("name_en", "name_zh", "words_en", "words_zh", "source", "evidence")),
    )


def _suspension(row: Row) -> Suspension:
    confirmed = row["end_confirmed"] == "true"
    return Suspension(
        row["instrument"], row["by"], date.fromisoformat(row["from_on"]), _day(row["until_on"]), confirmed
    )


def _entry(row: Row) -> Entry:
    return Entry(
        row["instrument"],
        row["control_code"],
        row["element"],
        row["form"],
        row["family"],
        symbols_of(row["partners"]),
        symbols_of(row["levels"]),
        row["name_en"],
        row["name_zh"],
        reference_codes.parse(row["reference_hs"]),
        row["source"],
        row["evidence"],
        _day(row["valid_from"]),
        _day(row["valid_until"]),
    )


def _threshold(row: Row) -> Threshold:
    return Threshold(
        row["role"],
        row["form"],
        row["family"],
        symbols_of(row["elements"]),
        row["combined"] == "true",
        contents.micro(Decimal(row["content_pct"])),
        _day(row["valid_from"]),
        _day(row["valid_until"]),
        row["tag_en"],
        row["tag_zh"],
        row["source"],
    )


def _regime(row: Row) -> Regime:
    return Regime(date.fromisoformat(row["valid_from"]), row["last_day_inclusive"] == "true", row["after"])


def _meaning(row: Row) -> CustomsMeaning:
    code = DatedCode(row["hs_code"], _day(row["valid_from"]), _day(row["valid_until"]))
    symbols = symbols_of(row["elements"])
    return CustomsMeaning(
        code, row["form"], symbols, row["rare_earth"] == "true", row["name_en"], row["name_zh"]
    )
