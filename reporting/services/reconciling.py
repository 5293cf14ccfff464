"""Findings kept in step with what the checks say: opened, closed when mended, never doubled, decisions kept.

A difference in memory and a few statements for every ten thousand findings, not one for each. What a person decided stands until the
figures change; a fault that comes back opens its old finding again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import QuerySet

from portal.core.months import Month
from reporting.checks.columns import NA, Tables
from reporting.checks.core import all_checks
from reporting.domain.fingerprints import figures_digest, fingerprint, resting
from reporting.domain.urgency import score_of
from reporting.frames import Scope, Versions
from reporting.models import Explanation, Finding
from reporting.services.hooks import tell_of_findings
from reporting.states import FindingState

__all__ = ["Counts", "Judgement", "bring_in_step", "reconcile"]

LINES_NAMED: Final = 100  # line numbers that a finding about a product lists
AT_ONCE: Final = 10_000
CLOSED_AT_ONCE: Final = 10_000
_KEPT: Final = (
    "pk", "fingerprint", "figures_digest", "state", "filing_id", "line_nos", "period", "case", "evidence", "score",
    "anchor",
)  # fmt: skip
_CHANGED: Final = (
    "figures_digest", "severity", "queue", "score", "filing", "line_nos", "counterparty", "values", "evidence",
    "state", "last_changed", "closed_at", "case", "period", "first_period", "anchor", "other_organisation", "declaration_no",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """What a reconciliation did, and over how much."""

    opened: int = 0
    reopened: int = 0
    closed: int = 0
    unchanged: int = 0  # still there, figures changed or not
    filings: int = 0
    lines: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was opened or closed."""
        return bool(self.opened or self.reopened or self.closed)

    def as_json(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)

    def __add__(self, other: Counts) -> Counts:
        mine, theirs = self.as_json(), other.as_json()
        return Counts(**{name: mine[name] + theirs[name] for name in mine})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checks said of some organisations' months, and of which versions they said it."""

    organisation_ids: tuple[int, ...]
    first: Month
    last: Month
    as_of: datetime
    token: tuple[int, ...]  # the versions in force that were judged
    found: list[dict[str, Any]]
    filings: int
    lines: int

    @classmethod
    def of(cls, scope: Scope, versions: Versions, tables: Tables, found: pd.DataFrame) -> Judgement:
        """The judgement of a run: findings of the months asked for, each with its filing and the lines concerned."""
        months = found["period"].between(scope.first.index, scope.last.index)
        rows: list[dict[str, Any]] = found[months].to_dict("records")  # type: ignore[assignment]
        in_force = versions.in_force
        keys = zip(in_force["organisation_id"].tolist(), in_force["period"].tolist(), strict=True)
        filing_of = dict(zip(keys, in_force["filing_id"].tolist(), strict=True))
        lines_of = _lines_of_products(tables.lines, rows)
        for row in rows:
            row["filing_id"] = filing_of.get((row["organisation_id"], row["period"]))
            numbered = row["line_no"] != NA
            row["line_nos"] = (
                [row["line_no"]] if numbered else lines_of.get((row["filing_id"], row["product_id"]), [])
            )
        return cls(
            organisation_ids=scope.organisation_ids,
            first=scope.first,
            last=scope.last,
            as_of=scope.as_of,
            token=versions.token,
            found=rows,
            filings=int(scope.filings["judged"].sum()),
            lines=scope.judged_lines,
        )


def _lines_of_products(
    lines: pd.DataFrame, rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[int, int], list[int]]:
    """Return the line numbers of the products that findings are about, by (filing, product)."""
    about = {
        (row["filing_id"], row["product_id"])
        for row in rows
        if row["product_id"] != NA and row["line_no"] == NA
    }
    if not about:
        return {}
    filings, products = (np.array(ids) for ids in zip(*about, strict=True))
    some = lines[
        lines["filing_id"].isin(filings) & lines["product_id"].isin(products) & (lines["line_no"] != NA)
    ]
    named: dict[tuple[int, int], list[int]] = {}
    for filing, product, number in zip(
        *(some[name].tolist() for name in ("filing_id", "product_id", "line_no")), strict=True
    ):
        if (filing, product) in about:
            named.setdefault((filing, product), []).append(number)
    return {key: sorted(numbers)[:LINES_NAMED] for key, numbers in named.items()}


def reconcile(judgement: Judgement, *, names: Mapping[int, str], moment: datetime) -> Counts:
    """Bring the stored findings in step; ``names`` are the organisations' codes for the fingerprints.

    Part of the caller's transaction, which holds the organisations.
    """
    known = Finding.objects.filter(
        organisation_id__in=judgement.organisation_ids,
        period__range=(judgement.first, judgement.last),
        check_code__in=[item.code for item in all_checks()],
    )
    counts = bring_in_step(
        judgement.found, known, explained=_explained(judgement), names=names, moment=moment
    )
    return replace(counts, filings=judgement.filings, lines=judgement.lines)


def bring_in_step(
    found: Iterable[Mapping[str, Any]],
    known: QuerySet[Finding],
    *,
    explained: Container[tuple[int | None, str, str]],
    names: Mapping[int, str],
    moment: datetime,
    months: tuple[Month, Month] | None = None,
) -> Counts:
    """Store what was found; of the findings ``known`` until now, those not found again are closed.

    With ``months``, what lies in other months, before or now, is left as it is.
    """
    before = {row[1]: dict(zip(_KEPT, row, strict=True)) for row in known.values_list(*_KEPT)}
    tally = dict.fromkeys(("opened", "reopened", "unchanged"), 0)
    written: list[Finding] = []
    news: list[Finding] = []
    for row in found:
        anchor = str(Month(row.get("anchor", row["period"])))
        mark = fingerprint(row["code"], names[row["organisation_id"]], anchor, row["subject"])
        old = before.pop(mark, None)
        if months and not months[0] <= Month(row["period"]) <= months[1]:
            continue
        made = _finding(row, mark, moment)
        what, writes = _step(
            made, old, is_explained=(made.filing_id, made.check_code, made.subject) in explained
        )
        tally[what] += 1
        if writes:
            written.append(made)
        if what != "unchanged" and made.state == FindingState.OPEN:
            news.append(made)
    closed = [
        row["pk"]
        for row in before.values()
        if row["state"] != FindingState.CLOSED and (not months or months[0] <= row["period"] <= months[1])
    ]
    _write(written)
    _close(closed, moment)
    tell_of_findings(news, moment)
    return Counts(closed=len(closed), **tally)


def _explained(judgement: Judgement) -> set[tuple[int | None, str, str]]:
    """What producers explained in the versions judged."""
    rows = Explanation.objects.filter(
        filing__organisation_id__in=judgement.organisation_ids,
        filing__period__range=(judgement.first, judgement.last),
    )
    return set(rows.values_list("filing_id", "code", "subject"))


def _finding(row: Mapping[str, Any], mark: str, moment: datetime) -> Finding:
    period = Month(row["period"])
    score, other = row.get("score"), row.get("other_organisation_id", NA)
    return Finding(
        fingerprint=mark,
        figures_digest=figures_digest(row.get("rests_on", row["figures"])),
        case=row.get("case", ""),
        check_code=row["code"],
        severity=row["severity"],
        queue=row["queue"],
        score=score_of(row["severity"], row["queue"]) if score is None else score,
        organisation_id=row["organisation_id"],
        period=period,
        first_period=Month(row.get("first_period", row["period"])),
        anchor=Month(row["anchor"]) if "anchor" in row else None,
        other_organisation_id=None if other == NA else other,
        filing_id=row["filing_id"],
        line_nos=row["line_nos"],
        counterparty_id=None if row["counterparty_id"] == NA else row["counterparty_id"],
        declaration_no=row.get("declaration_no", ""),
        subject=row["subject"],
        values=row["values"],
        evidence=resting(row["figures"]),
        state=FindingState.OPEN,
        first_seen=moment,
        last_changed=moment,
    )


def _step(made: Finding, old: Mapping[str, Any] | None, *, is_explained: bool) -> tuple[str, bool]:
    """Give a finding its state from what it was; what that is called, and whether anything is to be written.

    An explanation counts where the finding, its figures or its filing are new: where an officer set the explanation
    aside and nothing changed, it stays aside.
    """
    explains = is_explained and made.severity == "warning"
    fresh = FindingState.EXPLAINED if explains else FindingState.OPEN
    if old is None:
        made.state = fresh
        return "opened", True
    if old["state"] == FindingState.CLOSED:
        made.state = fresh
        return "reopened", True
    if old["figures_digest"] != made.figures_digest:
        made.state = fresh
        return "unchanged", True
    moved = old["filing_id"] != made.filing_id
    made.state = fresh if moved and explains and old["state"] == FindingState.OPEN else old["state"]
    grown = any(
        old[name] != getattr(made, name) for name in ("period", "case", "evidence", "score", "anchor")
    )
    return "unchanged", moved or grown or old["line_nos"] != made.line_nos


def _write(findings: list[Finding]) -> None:
    """Insert what is new and overwrite what is known, by fingerprint; people's decisions are no part of it."""
    Finding.objects.bulk_create(
        findings,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=list(_CHANGED),
    )


def _close(ids: Sequence[int], moment: datetime) -> None:
    for start in range(0, len(ids), CLOSED_AT_ONCE):
        rows = Finding.objects.filter(pk__in=ids[start : start + CLOSED_AT_ONCE])
        rows.update(state=FindingState.CLOSED, closed_at=moment, last_changed=moment)
