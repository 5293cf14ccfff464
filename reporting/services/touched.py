"""A filing re-checks what it touches: the national checks of its enterprise and of both sides of its trades, not the nation.

What is usual in the nation is what the last sweep kept. Checks that need everybody's books at once wait for the next sweep;
their findings stay, and have their say in the cases that they are part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.months import Month
from portal.core.outbox import enqueue_once
from reporting import frames
from reporting.checks.core import REGISTRY, Check, Queue, national_checks
from reporting.checks.nation.calibration import calibration
from reporting.checks.nation.cases import into_cases
from reporting.checks.nation.gather import gather, with_others
from reporting.checks.nation.rows import Nation
from reporting.checks.nation.run import told
from reporting.models import Filing, Finding, FindingState
from reporting.services.national import MOST_MONTHS, norms_kept, placed
from reporting.services.reconciling import Counts, bring_in_step

__all__ = ["TASK", "judge_touched", "promise", "promise_for", "promise_since", "recheck_touched"]

TASK: Final = "reporting.recheck_touched"
SETTLES: Final = timedelta(seconds=60)
"""Filings of one enterprise that follow one another so closely are judged once."""
TRIES: Final = 4
CHECKER: Final = Actor.system("checks")
_PAIR: Final = "pair"


@dataclass(frozen=True, slots=True)
class Touched:
    """What the national checks said of an enterprise and of its trades, and of which versions they said it."""

    organisation_id: int
    partners: tuple[int, ...]
    last: Month
    token: tuple[int, ...]
    found: list[dict[str, Any]]
    beside: list[
        dict[str, Any]
    ]  # findings that stand and are not judged here, with the cases that they now are in


def promise(*, organisation_ids: Iterable[int]) -> None:
    """The enterprises are judged in a minute, with whatever they have filed by then. Part of the caller's transaction."""
    enqueue_once(TASK, organisation_ids, delay_seconds=int(SETTLES.total_seconds()), queue="big")


def promise_for(*, filing_id: int) -> None:
    """The enterprise of a filing is judged in a minute; that of a sandbox is not."""
    owner = (
        Organisation.objects.filter(filings=filing_id, sandbox_of=None).values_list("pk", flat=True).first()
    )
    if owner is not None:
        with transaction.atomic():
            promise(organisation_ids=[owner])


def promise_since(moment: datetime) -> None:
    """Whoever filed since then is judged again: a sweep that was begun before did not know of it."""
    filed = Filing.objects.real().filter(submitted_at__gt=moment)
    promise(organisation_ids=filed.values_list("organisation_id", flat=True))


def judge_touched(*, organisation_id: int, as_of: datetime) -> Touched | None:
    """Run the checks that a filing re-checks over an enterprise and both sides of its trades; nothing is stored.

    None before the first sweep: nobody knows yet what is usual. The number of queries is fixed.
    """
    norms = norms_kept()
    if norms is None:
        return None
    last = max(Month.of(as_of.date()), Month(norms.span[1]))
    first = last - MOST_MONTHS + 1
    own = _token(organisation_id, (), last, as_of)
    references = frames.references()
    others = frames.beside(organisation_id, references, first=first, last=last, as_of=as_of)
    part = frames.part_of([organisation_id], first=first, last=last, as_of=as_of)
    gathered = with_others(gather(part, references), others.part, references)
    nation = Nation(gathered, references, calibration(), norms)
    whole = told(nation, _by_day()) if len(gathered.filed) else []
    pairs = frozenset(_codes_of_pairs())
    found = [
        row
        for row in whole
        if row["organisation_id"] == organisation_id
        or (row["other_organisation_id"] == organisation_id and row["code"] in pairs)
    ]
    standing = _beside(organisation_id, found)
    into_cases([*found, *standing], nation)
    token = tuple(sorted({*own, *others.token}))
    return Touched(organisation_id, others.partners, last, token, placed(found), standing)


def _by_day() -> list[Check]:
    return [item for item in national_checks() if not item.nightly]


def _codes_of_pairs() -> list[str]:
    return [item.code for item in _by_day() if item.per == _PAIR]


def _token(owner: int, partners: Iterable[int], last: Month, as_of: datetime) -> tuple[int, ...]:
    return frames.versions_in_force([owner, *partners], last=last, as_of=as_of).token


def _known(owner: int) -> QuerySet[Finding]:
    """The findings that are judged when the enterprise files."""
    own = Q(organisation_id=owner, check_code__in=[item.code for item in _by_day()])
    return Finding.objects.filter(own | Q(other_organisation_id=owner, check_code__in=_codes_of_pairs()))


def _beside(owner: int, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Standing findings of the same enterprises that may be in one case with those found, as the cases read them."""
    judged = _known(owner)
    owners = {
        owner,
        *(row["organisation_id"] for row in found),
        *judged.values_list("organisation_id", flat=True),
    }
    rows = Finding.objects.filter(organisation_id__in=owners, queue=Queue.CASE).exclude(
        state=FindingState.CLOSED
    )
    national = rows.filter(check_code__in=[item.code for item in national_checks()])
    return [
        {
            "pk": row.pk, "code": row.check_code, "queue": row.queue, "organisation_id": row.organisation_id,
            "first_period": row.first_period.index, "period": row.period.index,
            "anchor": (row.anchor or row.first_period).index, "figures": row.evidence, "case": row.case,
            "score": row.score if REGISTRY[row.check_code].statistic else None, "was": (row.case, row.score),
        }
        for row in national.exclude(pk__in=judged.values("pk")).order_by("pk")
    ]  # fmt: skip


def recheck_touched(*, organisation_id: int, as_of: datetime | None = None, by: Actor = CHECKER) -> Counts:
    """Judge what the enterprise's filings touch and bring its findings in step; a second call changes nothing.

    One trail event where something was opened or closed. Of a sandbox nothing is found.
    """
    if not Organisation.objects.filter(pk=organisation_id, sandbox_of=None).exists():
        return Counts()
    for _attempt in range(TRIES):
        judgement = judge_touched(organisation_id=organisation_id, as_of=as_of or clock.now())
        if judgement is None:
            return Counts()
        with transaction.atomic():
            counts = _settle(judgement, as_of or clock.now())
            if counts is not None:
                _tell(by, judgement, counts)
                return counts
    raise RuntimeError("the versions in force changed again and again while they were judged")


def _settle(judgement: Touched, as_of: datetime) -> Counts | None:
    """Keep what was found; None where the enterprise or a partner filed meanwhile. The enterprises are held until then."""
    owner = judgement.organisation_id
    known = _known(owner)
    concerned = {owner, *judgement.partners, *(row["organisation_id"] for row in judgement.found)}
    concerned |= set(known.values_list("organisation_id", flat=True))
    held = Organisation.objects.select_for_update(no_key=True).filter(pk__in=concerned).order_by("pk")
    names = {pk: uscc or str(pk) for pk, uscc in held.values_list("pk", "uscc")}
    if _token(owner, judgement.partners, judgement.last, as_of) != judgement.token:
        return None
    moment = clock.now()
    counts = bring_in_step(judgement.found, known, explained=frozenset(), names=names, moment=moment)
    _move(judgement.beside)
    return counts


def _move(standing: Iterable[Mapping[str, Any]]) -> None:
    """Findings that are not judged follow their case: its name and its score."""
    moved = []
    for row in standing:
        score = row["was"][1] if row["score"] is None else row["score"]
        if (row["case"], score) != row["was"]:
            moved.append(Finding(pk=row["pk"], case=row["case"], score=score))
    Finding.objects.bulk_update(moved, ["case", "score"])


def _tell(by: Actor, judgement: Touched, counts: Counts) -> None:
    """Cases are the regulator's own matter: the event is in no organisation's trail."""
    if not counts.changed:
        return
    data = counts.as_json() | {"to": str(judgement.last), "national": True}
    record("findings.reconciled", by=by, subject=("organisation", judgement.organisation_id), data=data)
