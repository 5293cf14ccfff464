"""What licences, the ledger and customs records say of exports as they were filed: one verdict a line, in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from licensing.domain.classification import LICENCE_REQUIRED, VERDICTS, Good, classify_columns, columns_of
from licensing.domain.parties import likeness
from licensing.domain.validity import LineOffer, fault_on, line_for
from licensing.models import Declaration, DeclarationState, Licence, LicenceLine
from licensing.queries.control_list import in_force
from licensing.queries.licences import ancestry, days_of, uses_of
from portal.core import clock

AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One filed export. ``judged`` lines get a verdict; the others only count towards what was used before."""

    organisation_id: int
    good: int  # place of its good among the goods given; -1 where the product is not known
    names: tuple[str, ...]  # of the client
    identity: str  # TYPE:NUMBER
    destination: str
    licence_no: str
    licence_line_no: int | None
    declaration_no: str
    day: date | None
    grams: int
    judged: bool = True


@dataclass(slots=True)
class ExportVerdict:
    """What there is to say of one line. ``fault`` is a code, empty where the licence held on the day."""

    controlled: bool = False
    control_code: str = ""
    fault: str = ""
    destination_other: bool = False
    party_other: bool = False
    entry_other: bool = False
    over_g: int = 0  # by how much more was taken than was left
    uses_over: bool = False


@dataclass(slots=True)
class _Held:
    """A licence with what speaks for and against its use, and what the lines before took of it."""

    licence: Licence
    offers: list[LineOffer] = field(default_factory=list)
    left: dict[int, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @property
    def parties(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        names = f"{self.licence.consignee_name};{self.licence.end_user_name}"
        identities = f"{self.licence.consignee_id};{self.licence.end_user_id}"
        return _parts(names), _parts(identities)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def judge(lines: Sequence[ExportLine], goods: Sequence[Good]) -> list[ExportVerdict]:
    """The verdicts in the order of the lines. Each good is judged on the day on which the line says that it left."""
    controlled = _classified(lines, goods)
    held = _held({line.licence_no for line in lines if line.licence_no})
    records = _records(lines)
    told = [ExportVerdict() for _line in lines]
    order = sorted(range(len(lines)), key=lambda place: (lines[place].day or date.max, place))
    likes: dict[tuple[tuple[str, ...], str, int], bool] = {}
    for place in order:
        line, verdict = lines[place], told[place]
        verdict.controlled, verdict.control_code = controlled[place]
        if not line.licence_no:
            continue
        licence = held.get(line.licence_no)
        verdict.fault = _fault(line, licence)
        if licence is None or verdict.fault in {"licence_unknown", "exporter_other"}:
            continue
        _compare(line, licence, verdict, likes)
        _count(line, licence, verdict, records.get((line.organisation_id, line.declaration_no), ()))
    return told


def _classified(lines: Sequence[ExportLine], goods: Sequence[Good]) -> list[tuple[bool, str]]:
    """Whether each line's good needs a licence on its day, and the deciding entry."""
    places = np.fromiter((line.good for line in lines), np.int64, len(lines))
    known = np.flatnonzero(places >= 0)
    told = [(False, "")] * len(lines)
    if not len(known):
        return told
    control_list, today = in_force(), clock.today()
    on = np.fromiter(
        ((lines[place].day or today).toordinal() for place in known.tolist()), np.int64, len(known)
    )
    columns = columns_of(goods, control_list, on=today).of(places[known], on)
    judged = classify_columns(columns, control_list)
    required = (judged.verdict == VERDICTS.index(LICENCE_REQUIRED)).tolist()
    codes = ["", *(entry.control_code for entry in control_list.entries)]
    for place, needed, entry in zip(known.tolist(), required, judged.entry.tolist(), strict=True):
        told[place] = needed, codes[entry + 1]
    return told


def _held(numbers: Iterable[str]) -> dict[str, _Held]:
    wanted = sorted(numbers)
    found: dict[int, _Held] = {}
    for start in range(0, len(wanted), AT_ONCE):
        for licence in Licence.objects.filter(licence_no__in=wanted[start : start + AT_ONCE]):
            limited = licence.max_uses is not None or licence.no_split
            found[licence.pk] = _Held(licence, used=uses_of(ancestry(licence)) if limited else set())
    ids = list(found)
    for start in range(0, len(ids), AT_ONCE):
        rows = LicenceLine.objects.filter(licence_id__in=ids[start : start + AT_ONCE])
        for row in rows.order_by("licence_id", "line_no"):
            one = found[row.licence_id]
            one.offers.append(LineOffer(row.line_no, frozenset(row.codes), row.hs_code))
            one.left[row.line_no] = row.balance_g
    return {one.licence.licence_no: one for one in found.values()}


_Records = Mapping[tuple[int, str], Sequence[tuple[str, str]]]


def _records(lines: Sequence[ExportLine]) -> _Records:
    """(state, reason) of the customs records by exporter and number of the declaration."""
    numbers = sorted({line.declaration_no for line in lines if line.declaration_no and line.licence_no})
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for start in range(0, len(numbers), AT_ONCE):
        rows = Declaration.objects.filter(declaration_no__in=numbers[start : start + AT_ONCE])
        for owner, number, state, reason in rows.values_list(
            "exporter_id", "declaration_no", "state", "reason"
        ):
            found.setdefault((owner, number), []).append((state, reason))
    return found


def _fault(line: ExportLine, held: _Held | None) -> str:
    if held is None:
        return "licence_unknown"
    if held.licence.exporter_id != line.organisation_id:
        return "exporter_other"
    if line.day is None:
        return ""
    return fault_on(days_of(held.licence), line.day, clock.today())


def _compare(
    line: ExportLine,
    held: _Held,
    verdict: ExportVerdict,
    likes: dict[tuple[tuple[str, ...], str, int], bool],
) -> None:
    """Destination, client and goods beside what the licence says of them."""
    destinations = held.licence.destinations
    verdict.destination_other = bool(
        destinations and line.destination and line.destination not in destinations
    )
    names, identities = held.parties
    if names and line.names:
        key = (line.names, line.identity, held.licence.pk)
        if key not in likes:
            likes[key] = all(
                likeness(name, line.identity, names, identities) == "other" for name in line.names
            )
        verdict.party_other = likes[key]
    if verdict.controlled:
        _number, fault = line_for(
            held.offers, named=line.licence_line_no, codes=(verdict.control_code,), hs_code=""
        )
        verdict.entry_other = fault in {"entry_other", "line_unknown"}


def _count(line: ExportLine, held: _Held, verdict: ExportVerdict, records: Sequence[tuple[str, str]]) -> None:
    """What customs recorded governs; what it has not recorded is counted as filed, in the order of days."""
    if records:
        reasons = {reason for state, reason in records if state == DeclarationState.REFUSED}
        verdict.over_g = line.grams if "over_balance" in reasons else 0
        verdict.uses_over = bool(reasons & {"uses_spent", "part_shipment"})
        return
    if verdict.fault:
        return
    codes = (verdict.control_code,) if verdict.control_code else ()
    number, _none = line_for(held.offers, named=line.licence_line_no, codes=codes, hs_code="")
    if number is not None:
        left = held.left[number]
        verdict.over_g = max(0, line.grams - max(left, 0))
        held.left[number] = left - line.grams
    most = 1 if held.licence.no_split else held.licence.max_uses
    if most is not None and line.declaration_no and line.declaration_no not in held.used:
        verdict.uses_over = len(held.used) >= most
        held.used.add(line.declaration_no)
