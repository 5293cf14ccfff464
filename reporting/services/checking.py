"""The checks put to work: on one filing as it stands, and on organisations' months with their findings kept.

``faults_of`` writes nothing. ``recheck`` judges what is in force, then reconciles the findings in one transaction; the
judging itself holds no lock, and is done again where another version came into force meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pandas as pd
from django.db import transaction
from django.urls import reverse

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.months import Month
from reporting import frames
from reporting.checks.columns import HISTORY_MONTHS, NA, Tables
from reporting.checks.core import Check, all_checks
from reporting.checks.run import run
from reporting.domain.faulty_columns import faulty_column
from reporting.models import Explanation, Filing
from reporting.queries.balances import Balances, balances_of
from reporting.queries.wording import message_of, title_of
from reporting.services import verdicts
from reporting.services.reconciling import Counts, Judgement, reconcile

__all__ = [
    "Balances",
    "Counts",
    "Fault",
    "balances_of",
    "check_filing",
    "faults_of",
    "faults_of_lines",
    "judge",
    "recheck",
    "settle",
]

TRIES: Final = 4
CHECKER: Final = Actor.system("checks")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a check says of a filing. Codes and values; the words are made in the active language."""

    code: str
    severity: str
    queue: str
    line_no: int | None
    column: str | None  # the dictionary's column to mark
    product_code: str | None
    element: str | None
    counterparty_code: str | None
    subject: str  # the stable key within the filing
    values: Mapping[str, Any]
    figures: Mapping[str, Any] = field(default_factory=dict)
    explained: str | None = None  # the explanation kept with the filing

    @property
    def title(self) -> str:
        """What the check is called."""
        return title_of(self.code)

    @property
    def message(self) -> str:
        """What is wrong, with its figures."""
        return message_of(self.code, self.values)

    @property
    def url(self) -> str:
        """The public page of the check: what it means, why it is asked, how to mend it."""
        return reverse("check_view", args=[self.code])

    @property
    def blocks(self) -> bool:
        """Whether the filing cannot be submitted with it."""
        return self.severity == "error"

    @property
    def needs_explanation(self) -> bool:
        """Whether it waits for the producer's explanation."""
        return self.severity == "warning" and not self.explained


def faults_of(filing: Filing) -> list[Fault]:
    """What the checks say of one filing as it stands, draft or filed; nothing is stored but the verdict for next time.

    Ordered by severity, line and code. Lateness is no fault of a filing and is left out.
    """
    explained = {(row.code, row.subject): row.text for row in Explanation.objects.filter(filing=filing)}
    found = verdicts.judged(frames.sources_of(frames.of_filing(filing)), _said)
    return [Fault(**one, explained=explained.get((one["code"], one["subject"]))) for one in found]


def faults_of_lines(filing: Filing, lines: pd.DataFrame) -> list[Fault]:
    """The same for a filing that is not stored, with the lines given; their ``filing_id`` is ``frames.UNSAVED``."""
    return [Fault(**one) for one in _said(frames.tables_of(frames.of_unsaved(filing), and_lines=lines))]


def _said(tables: Tables) -> list[dict[str, Any]]:
    """The faults in their order, as the arguments of ``Fault`` but for the explanation: values of JSON alone."""
    found = run(tables, checks=_of_filings())
    products, parties = (
        _codes(tables.products, "product_id"),
        _codes(tables.counterparties, "counterparty_id"),
    )
    reads = {item.code: item.reads for item in all_checks()}
    rows: list[Mapping[str, Any]] = found.to_dict("records")  # type: ignore[assignment]
    faults: list[dict[str, Any]] = [
        {
            "code": row["code"],
            "severity": row["severity"],
            "queue": row["queue"],
            "line_no": None if row["line_no"] == NA else row["line_no"],
            "column": None if row["line_no"] == NA else faulty_column(reads[row["code"]], row["values"]),
            "product_code": products.get(row["product_id"]),
            "element": row["element"],
            "counterparty_code": parties.get(row["counterparty_id"]),
            "subject": row["subject"],
            "values": row["values"],
            "figures": row["figures"],
        }
        for row in rows
    ]
    return sorted(faults, key=_urgency)


def _of_filings() -> list[Check]:
    return [item for item in all_checks() if item.per != "obligation"]


def _codes(frame: pd.DataFrame, key: str) -> dict[int, str]:
    return dict(zip(frame[key].tolist(), frame["code"].tolist(), strict=True))


_ORDER: Final = {"error": 0, "warning": 1, "notice": 2}


def _urgency(fault: Mapping[str, Any]) -> tuple[int, float, str, str]:
    line = float("inf") if fault["line_no"] is None else fault["line_no"]
    return _ORDER[fault["severity"]], line, fault["code"], fault["subject"]


def judge(
    *,
    organisation_ids: Sequence[int],
    first: Month,
    last: Month,
    as_of: datetime,
    alive: Callable[[], None] = lambda: None,
) -> Judgement:
    """Run every check over the months ``first`` to ``last`` as they stood at ``as_of``; nothing is stored.

    ``alive`` is called between the stages: a worker tells that it has not died.
    """
    versions = frames.versions_in_force(organisation_ids, last=last, as_of=as_of)
    scope = frames.of_organisations(versions, organisation_ids, first=first, last=last, as_of=as_of)
    tables: Tables = frames.tables_of(scope)
    alive()
    found = run(tables)
    alive()
    return Judgement.of(scope, versions, tables, found)


def settle(judgement: Judgement, *, moment: datetime) -> Counts | None:
    """Reconcile the findings with what was judged; None where another version came into force meanwhile.

    Part of the caller's transaction: the organisations are held until it ends.
    """
    held = Organisation.objects.select_for_update(no_key=True).filter(pk__in=judgement.organisation_ids)
    names = {pk: uscc or str(pk) for pk, uscc in held.order_by("pk").values_list("pk", "uscc")}
    now = frames.versions_in_force(judgement.organisation_ids, last=judgement.last, as_of=judgement.as_of)
    if now.token != judgement.token:
        return None
    return reconcile(judgement, names=names, moment=moment)


def recheck(
    *, organisation_ids: Sequence[int], first: Month, last: Month, as_of: datetime, by: Actor = CHECKER
) -> Counts:
    """Judge these organisations' months and reconcile their findings; what was opened, reopened, closed, left.

    A second call changes nothing. One trail event where something changed.
    """
    for _attempt in range(TRIES):
        judgement = judge(organisation_ids=organisation_ids, first=first, last=last, as_of=as_of)
        with transaction.atomic():
            counts = settle(judgement, moment=clock.now())
            if counts is not None:
                _tell(by, judgement, counts)
                return counts
    raise RuntimeError("the versions in force changed again and again while they were judged")


def _tell(by: Actor, judgement: Judgement, counts: Counts) -> None:
    if not counts.changed:
        return
    only = judgement.organisation_ids[0] if len(judgement.organisation_ids) == 1 else None
    data = counts.as_json() | {"from": str(judgement.first), "to": str(judgement.last)}
    record("findings.reconciled", by=by, organisation_id=only, subject=("organisation", only), data=data)


def check_filing(filing_id: int) -> Counts:
    """Recheck the month of a filing and the months after it that look back at it; of a sandbox nothing is found."""
    filing = Filing.objects.select_related("organisation").get(pk=filing_id)
    if filing.organisation.is_sandbox:
        return Counts()
    latest = max(Month.of(clock.today()), filing.period)
    return recheck(
        organisation_ids=[filing.organisation_id],
        first=filing.period,
        last=min(filing.period + HISTORY_MONTHS, latest),
        as_of=clock.now(),
    )
