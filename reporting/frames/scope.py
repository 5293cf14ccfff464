"""Which filings a run looks at: those judged, and the past that they are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db import connection

from portal.core import clock
from portal.core.months import Month
from reporting.checks.columns import HISTORY_MONTHS, NA
from reporting.frames.fetch import Columns, among, fetch
from reporting.models import Filing
from reporting.states import FILED_STATUSES

__all__ = [
    "PAST_MONTHS",
    "UNSAVED",
    "Scope",
    "Versions",
    "alone",
    "of_filing",
    "of_organisations",
    "of_unsaved",
    "versions_in_force",
]

UNSAVED: Final = -1
"""The id of a filing that is only tried."""

PAST_MONTHS: Final = HISTORY_MONTHS + 1  # of the past's first month the opening is judged by the month before
_HEADER: Final = {
    "filing_id": ("f.id", "int"),
    "organisation_id": ("f.organisation_id", "int"),
    "uscc": (
        "COALESCE(o.uscc, (SELECT e.uscc FROM accounts_organisation e WHERE e.id = o.sandbox_of_id))",
        "text",
    ),
    "period": ("f.period", "int"),
    "version": ("f.version", "int"),
    "nil": ("f.nil", "bool"),
    "first": ("CASE WHEN o.reports_from = f.period THEN 1 ELSE 0 END", "bool"),
    "submitted": ("f.submitted_at", "instant"),
    "lines": ("f.line_count", "int"),
}
_FROM: Final = "FROM reporting_filing f JOIN accounts_organisation o ON o.id = f.organisation_id WHERE"


@dataclass(frozen=True, slots=True)
class Versions:
    """What was filed by some organisations up to an instant: the versions in force, and when each month first was."""

    in_force: Columns  # the columns of _HEADER, a row per organisation and month
    first_submitted: dict[
        tuple[int, int], int
    ]  # (organisation, period) -> UTC seconds of the first version not withdrawn

    @property
    def token(self) -> tuple[int, ...]:
        """Equal while the same versions are in force."""
        return tuple(sorted(self.in_force["filing_id"].tolist()))


@dataclass(frozen=True, slots=True)
class Scope:
    """One run: its filings (judged or past), the organisations and months concerned, and the instant."""

    filings: Columns  # the columns of the contract's table `filings`
    organisation_ids: tuple[int, ...]
    first: Month
    last: Month
    as_of: datetime
    first_submitted: dict[tuple[int, int], int] | None  # None: lateness is not judged
    judged_lines: int
    named_by: int | None = (
        None  # the submitted filing that is judged alone: what it names is read as it was filed
    )


def versions_in_force(organisation_ids: Sequence[int], *, last: Month, as_of: datetime) -> Versions:
    """Return the versions in force of months up to ``last``, of what was submitted by ``as_of``. One query."""
    condition, parameters = among("f.organisation_id", organisation_ids)
    statuses = ", ".join(f"'{status}'" for status in sorted(FILED_STATUSES))
    rest = f"{_FROM} {condition} AND f.status IN ({statuses}) AND f.period <= %s AND f.submitted_at <= %s"
    found = fetch(_HEADER, rest, [*parameters, last.index, _instant(as_of)])
    order = np.lexsort((found["version"], found["period"], found["organisation_id"]))
    key = found["organisation_id"][order], found["period"][order]
    ends = np.ones(len(order), dtype=bool)
    ends[:-1] = (np.diff(key[0]) != 0) | (np.diff(key[1]) != 0)
    starts = np.concatenate(([True], ends[:-1])) if len(order) else ends
    earliest = order[starts]
    months = zip(found["organisation_id"][earliest].tolist(), found["period"][earliest].tolist(), strict=True)
    first = dict(zip(months, found["submitted"][earliest].tolist(), strict=True))
    return Versions({name: column[order[ends]] for name, column in found.items()}, first)


def of_organisations(
    versions: Versions, organisation_ids: Sequence[int], *, first: Month, last: Month, as_of: datetime
) -> Scope:
    """Return the scope of all months from ``first`` to ``last``; the months before are the past."""
    found = versions.in_force
    judged = found["period"] >= first.index
    keep = judged | (found["period"] >= _past_begins(found, first))
    filings = {name: column[keep] for name, column in found.items()} | {"judged": judged[keep]}
    return Scope(
        filings=filings,
        organisation_ids=tuple(organisation_ids),
        first=first,
        last=last,
        as_of=as_of,
        first_submitted=versions.first_submitted,
        judged_lines=int(found["lines"][judged].sum()),
    )


def of_filing(filing: Filing) -> Scope:
    """Return the scope of one filing, draft or filed, as it stands now, with its organisation's past.

    A submitted one is read with what it names as that was filed; the past with the register of today.
    """
    scope = _with_past(filing, fetch(_HEADER, f"{_FROM} f.id = %s", [filing.pk]))
    return replace(scope, named_by=_kept(filing))


def of_unsaved(filing: Filing) -> Scope:
    """Return the same for a filing that is not stored: its organisation and month are known, its id is UNSAVED."""
    own = {
        "filing_id": [UNSAVED],
        "organisation_id": [filing.organisation_id],
        "period": [filing.period.index],
        "version": [filing.version],
        "submitted": [NA],
        "lines": [filing.line_count],
    }
    header: Columns = {name: np.array(values, dtype=np.int64) for name, values in own.items()}
    header["uscc"] = np.array([filing.organisation.code], dtype=object)
    header["nil"] = np.array([filing.nil])
    header["first"] = np.array([filing.organisation.reports_from == filing.period])
    return _with_past(filing, header)


def _with_past(filing: Filing, own: Columns) -> Scope:
    moment = clock.now()
    past = versions_in_force([filing.organisation_id], last=filing.period - 1, as_of=moment)
    found = past.in_force
    keep = found["period"] >= _past_begins(found, filing.period)
    filings = {name: _joined(column[keep], own[name]) for name, column in found.items()}
    filings["judged"] = np.concatenate(
        (np.zeros(int(keep.sum()), dtype=bool), np.ones(len(own["nil"]), dtype=bool))
    )
    return Scope(
        filings=filings,
        organisation_ids=(filing.organisation_id,),
        first=filing.period,
        last=filing.period,
        as_of=moment,
        first_submitted=None,
        judged_lines=filing.line_count,
    )


def alone(filing: Filing) -> Scope:
    """Return the scope of one filing without any past: for what it says by itself."""
    own = fetch(_HEADER, f"{_FROM} f.id = %s", [filing.pk])
    own["judged"] = np.ones(len(own["nil"]), dtype=bool)
    return Scope(
        filings=own,
        organisation_ids=(filing.organisation_id,),
        first=filing.period,
        last=filing.period,
        as_of=clock.now(),
        first_submitted=None,
        judged_lines=filing.line_count,
        named_by=_kept(filing),
    )


def _kept(filing: Filing) -> int | None:
    return None if filing.is_open else filing.pk


def _past_begins(found: Columns, first: Month) -> npt.NDArray[np.int64]:
    """Return for each row the month from which its organisation's past is needed.

    Thirteen months, or as far back as the latest filing with lines where all months since were nil.
    """
    full = (found["period"] < first.index) & ~found["nil"]
    owners, place = np.unique(found["organisation_id"], return_inverse=True)
    latest = np.full(len(owners), NA, dtype=np.int64)
    np.maximum.at(latest, place[full], found["period"][full])
    usual = first.index - PAST_MONTHS
    needed = np.where(latest == NA, usual, np.minimum(latest, usual))
    begins: npt.NDArray[np.int64] = needed[place]
    return begins


def _joined(past: Any, own: Any) -> Any:
    """Return two columns one after the other, categories too."""
    if isinstance(past, np.ndarray):
        return np.concatenate((past, own))
    return np.concatenate((np.asarray(past, dtype=object), np.asarray(own, dtype=object)))


def _instant(moment: datetime) -> Any:
    """Return an instant as this database compares it."""
    return connection.ops.adapt_datetimefield_value(moment)
