"""The list as the public reads it: on any day, in the reader's language, found by words, element, form or customs code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from licensing.domain.classification import ControlList, Entry, Instrument, Standing, Status
from licensing.domain.classification.contents import per_cent
from licensing.domain.classification.control_list import CustomsMeaning, Threshold
from licensing.domain.classification.reference_codes import DatedCode
from licensing.models import Entry as EntryRow
from licensing.models import ListState, ReferenceCode
from licensing.queries.list_tables import entry_row
from portal.core.words import in_chinese, said_here


@dataclass(frozen=True)
class ShownStatus:
    """A standing with what a page says of it."""

    code: str
    until: date | None
    by: str


@dataclass(frozen=True)
class ShownEntry:
    """One entry on a day."""

    code: str
    name: str
    other_name: str
    element: str
    form: str
    hs_codes: tuple[str, ...]
    evidence: str
    status: ShownStatus


@dataclass(frozen=True)
class ShownInstrument:
    """One instrument on a day, with those of its entries that were asked for."""

    code: str
    cited: str
    name: str
    words: str
    kind: str
    published_on: date
    effective_on: date
    source: str
    status: ShownStatus
    entries: list[ShownEntry]


@dataclass(frozen=True)
class Asked:
    """What the reader asks for; empty = everything."""

    words: str = ""
    element: str = ""
    form: str = ""
    hs_code: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.element or self.form or self.hs_code)


def instruments_on(control_list: ControlList, on: date, asked: Asked) -> list[ShownInstrument]:
    """Every instrument with its entries that fit what was asked; all instruments where nothing was."""
    found = []
    for instrument in control_list.instruments.values():
        own = [entry for entry in control_list.entries if entry.instrument == instrument.code]
        entries = [entry for entry in own if _fits(entry, control_list, on, asked)]
        if entries or not asked.is_narrow or (asked.words and not own and _holds(instrument, asked.words)):
            found.append(_shown(control_list, instrument, entries, on))
    return found


def _fits(entry: Entry, control_list: ControlList, on: date, asked: Asked) -> bool:
    names = control_list.element_name(entry.element)
    said = f"{entry.control_code} {entry.name_en} {entry.name_zh} {entry.instrument}"
    text = f"{said} {names.name_en} {names.name_zh}".casefold()
    return (
        all(word in text for word in asked.words.casefold().split())
        and asked.element in ("", entry.element)
        and asked.form in ("", entry.form)
        and (not asked.hs_code or any(_touch(code, asked.hs_code, on) for code in entry.reference_hs))
    )


def _touch(code: DatedCode, asked: str, on: date) -> bool:
    return code.holds(on) and (code.hs_code.startswith(asked) or asked.startswith(code.hs_code))


def _holds(instrument: Instrument, words: str) -> bool:
    parts = (instrument.code, instrument.cited_zh, instrument.name_en, instrument.name_zh)
    text = " ".join((*parts, instrument.words_en, instrument.words_zh)).casefold()
    return all(word in text for word in words.casefold().split())


def shown_status(control_list: ControlList, status: Status) -> ShownStatus:
    """The standing as badges name it; a suspension that ran out unconfirmed is a state of its own."""
    unconfirmed = {Standing.SUSPENDED: "suspended_unconfirmed", Standing.IN_FORCE: "in_force_unconfirmed"}
    code = unconfirmed[status.standing] if status.unconfirmed else status.standing.value
    by = cited(control_list, status.by) if status.by else ""
    return ShownStatus(code, status.until, by)


def cited(control_list: ControlList, code: str) -> str:
    """An instrument as the reader's language cites it."""
    return said_here(code, control_list.instruments[code].cited_zh)


def _shown(
    control_list: ControlList, instrument: Instrument, entries: Iterable[Entry], on: date
) -> ShownInstrument:
    return ShownInstrument(
        instrument.code,
        said_here(instrument.code, instrument.cited_zh),
        said_here(instrument.name_en, instrument.name_zh),
        said_here(instrument.words_en, instrument.words_zh),
        instrument.kind,
        instrument.published_on,
        instrument.effective_on,
        instrument.source,
        shown_status(control_list, control_list.status_of(instrument.code, on)),
        [shown_entry(control_list, entry, on) for entry in entries],
    )


def shown_entry(control_list: ControlList, entry: Entry, on: date) -> ShownEntry:
    """One entry on a day."""
    names = control_list.element_name(entry.element)
    return ShownEntry(
        entry.control_code,
        said_here(entry.name_en, entry.name_zh),
        entry.name_en if in_chinese() else entry.name_zh,
        said_here(names.name_en, names.name_zh) if entry.element else "",
        entry.form,
        tuple(code.hs_code for code in entry.reference_hs if code.holds(on)),
        entry.evidence,
        shown_status(control_list, control_list.status_of_entry(entry, on)),
    )


@dataclass(frozen=True)
class ShownSetting:
    """A content setting as a page says it."""

    role: str
    per_cent: str
    elements: str
    combined: bool
    tag: str
    source: str
    valid_from: date | None
    valid_until: date | None


def settings_of(control_list: ControlList, entry: Entry) -> list[ShownSetting]:
    """The content settings and the penalised contents that concern the entry, whatever their days."""
    fitting = [one for one in control_list.thresholds if one.fits(entry)]
    if not entry.partners:
        fitting = [one for one in fitting if one.role != "definition"]
    return [_setting(control_list, one) for one in fitting]


def _setting(control_list: ControlList, one: Threshold) -> ShownSetting:
    names = [control_list.element_name(symbol) for symbol in one.elements]
    words = said_here(
        ", ".join(name.name_en.lower() for name in names), "、".join(name.name_zh for name in names)
    )
    return ShownSetting(
        one.role,
        per_cent(one.content),
        words,
        one.combined,
        said_here(one.tag_en, one.tag_zh),
        one.source,
        one.valid_from,
        one.valid_until,
    )


@dataclass(frozen=True)
class Moment:
    """One day in the life of an entry."""

    on: date | None
    what: str
    by: str = ""


def history_of(control_list: ControlList, entry: Entry) -> list[Moment]:
    """The days on which something changed for the entry, in their order."""
    instrument = control_list.instruments[entry.instrument]
    found = [
        Moment(instrument.published_on, "published"),
        Moment(entry.valid_from or instrument.effective_on, "effective"),
    ]
    for suspension in control_list.suspensions:
        if suspension.instrument == instrument.code:
            by = cited(control_list, suspension.by)
            found.append(Moment(suspension.from_on, "suspended", by))
            if suspension.until_on:
                ended = "suspension_ended" if suspension.end_confirmed else "suspension_ran_out"
                found.append(Moment(suspension.until_on, ended, by))
    if entry.valid_until:
        found.append(Moment(entry.valid_until, "entry_ends"))
    if instrument.repealed_on:
        found.append(Moment(instrument.repealed_on, "repealed"))
    return sorted(found, key=lambda one: one.on or date.max)


@dataclass(frozen=True)
class VersionOfEntry:
    """A published version in which the entry's row is new or other than before."""

    number: int
    published_on: date
    columns: list[str]


def versions_of(control_code: str) -> list[VersionOfEntry]:
    """The published versions that brought or changed the entry."""
    rows = (
        EntryRow.objects.filter(control_code=control_code, version__state=ListState.PUBLISHED)
        .select_related("version", "instrument")
        .order_by("version__number")
    )
    codes: dict[int, list[DatedCode]] = {}
    for code in ReferenceCode.objects.filter(entry__in=rows):
        codes.setdefault(code.entry_id, []).append(DatedCode(code.hs_code, code.valid_from, code.valid_until))
    found, before = [], None
    for row in rows:
        plain = dict(entry_row(row, codes.get(row.pk, [])))
        changed = [name for name in plain if before is not None and plain[name] != before[name]]
        if before is None or changed:
            assert row.version.number is not None
            assert row.version.published_at is not None
            found.append(VersionOfEntry(row.version.number, row.version.published_at.date(), changed))
        before = plain
    return found


def meaning_of(control_list: ControlList, code: str) -> CustomsMeaning | None:
    """What a customs code says of goods, where it is known."""
    fitting = [one for one in control_list.customs_meanings if code.startswith(one.code.hs_code)]
    return max(fitting, key=lambda one: len(one.code.hs_code), default=None)
