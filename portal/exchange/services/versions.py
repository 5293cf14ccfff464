"""The filings of a load: which versions there are, in the file and in the database, and what is new about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from portal.exchange.domain.columns import values
from portal.exchange.domain.dictionary import TABLES
from portal.exchange.domain.faults import LoadFault
from portal.exchange.domain.files import blocks
from portal.exchange.services.ledger import Keys
from reporting.models import Filing
from reporting.states import FILING_MOVES, OPEN_STATUSES, FilingStatus

VersionKey = tuple[int, int, int]
"""Organisation, month index, version."""

SUBMITTED: Final = FilingStatus.SUBMITTED.value


@dataclass(slots=True)
class Version:
    """One version of one month: as the file says it, and where it stands in the database (``pk``)."""

    key: VersionKey
    place: int  # its number in this load
    row: int | None  # in filings.csv
    submitted_at: datetime
    nil: bool
    amendment_reason: str
    status: str
    pk: int | None = None  # stored already
    stored_status: str = ""
    lines: int = 0

    @property
    def month(self) -> tuple[int, int]:
        """Whose month it is."""
        return self.key[:2]


@dataclass(slots=True)
class Versions:
    """Every filed version that the file or the database has, by key and by place."""

    by_key: dict[VersionKey, Version] = field(default_factory=dict)
    places: list[Version] = field(default_factory=list)
    rows: int = 0
    moves: list[Version] = field(default_factory=list)  # stored, and further on in the file

    def add(self, version: Version) -> None:
        """Give a version its place."""
        self.by_key[version.key] = version
        self.places.append(version)

    @property
    def fresh(self) -> list[Version]:
        """Versions to be stored."""
        return [version for version in self.places if version.pk is None]

    @property
    def said(self) -> list[Version]:
        """Versions that the file names."""
        return [version for version in self.places if version.row is not None]


def read_versions(path: Path | None, keys: Keys, faults: list[LoadFault]) -> Versions:
    """Every filed version of the database, and those of the file compared with them."""
    found = Versions()
    drafts: set[tuple[int, int]] = set()
    names = (
        "pk",
        "organisation_id",
        "period",
        "version",
        "submitted_at",
        "nil",
        "amendment_reason",
        "status",
        "line_count",
    )
    for pk, owner, period, number, submitted, nil, reason, status, lines in Filing.objects.real().values_list(
        *names
    ):
        if status in OPEN_STATUSES:
            drafts.add((owner, period.index))
            continue
        key = (owner, period.index, number)
        found.add(Version(key, len(found.places), None, submitted, nil, reason, status, pk, status, lines))
    for row, cells in _rows(path, faults) if path is not None else ():
        _take(found, drafts, path.name if path is not None else "", row, cells, keys, faults)
    return found


def _rows(path: Path, faults: list[LoadFault]) -> Iterable[tuple[int, dict[str, Any]]]:
    """The rows of the file; of a row with a fault, what could be read."""
    for block in blocks(path, TABLES["filings"], faults):
        columns = values(path.name, TABLES["filings"], block, faults)
        for place, row in enumerate(block.rows):
            yield row, {name: column[place] for name, column in columns.items()}


def _take(
    found: Versions,
    drafts: set[tuple[int, int]],
    file: str,
    row: int,
    cells: Mapping[str, Any],
    keys: Keys,
    faults: list[LoadFault],
) -> None:
    found.rows += 1
    if cells["organisation"] is None or cells["period"] is None or cells["version"] is None:
        return  # told already
    owner = keys.organisations.get(cells["organisation"])
    if owner is None:
        faults.append(LoadFault(file, row, "organisation", "unknown_key", {"typed": cells["organisation"]}))
        return
    if cells["version"] < 1:
        faults.append(
            LoadFault(file, row, "version", "version_not_positive", {"typed": str(cells["version"])})
        )
        return
    key = (owner, cells["period"].index, cells["version"])
    known = found.by_key.get(key)
    if known is not None and known.row is not None:
        faults.append(LoadFault(file, row, "version", "duplicate_key", {"first": known.row}))
        return
    nil, reason, status = bool(cells["nil"]), cells["amendment_reason"] or "", cells["status"] or SUBMITTED
    if known is None:
        if key[:2] in drafts:
            faults.append(LoadFault(file, row, "period", "draft_open", {"period": str(cells["period"])}))
        version = Version(key, len(found.places), row, cells["submitted_at"], nil, reason, status)
        found.add(version)
        return
    known.row = row
    for column, mine in (
        ("submitted_at", known.submitted_at),
        ("nil", known.nil),
        ("amendment_reason", known.amendment_reason),
    ):
        theirs = {"submitted_at": cells["submitted_at"], "nil": nil, "amendment_reason": reason}[column]
        if theirs is not None and theirs != mine:
            faults.append(LoadFault(file, row, column, "other_content"))
    _compare_status(
        found,
        known,
        status,
        LoadFault(file, row, "status", "other_status", {"stored": known.status, "typed": status}),
        faults,
    )


def _compare_status(
    found: Versions, known: Version, status: str, fault: LoadFault, faults: list[LoadFault]
) -> None:
    """A file may be older than a decision, or bring one; it cannot undo one."""
    if status in {known.status, SUBMITTED}:
        return
    if status in FILING_MOVES[known.status]:
        known.status = status
        found.moves.append(known)
    else:
        faults.append(fault)
