"""The nation looked at together: parts gathered one after the other, judged at once, findings kept in step.

National findings name themselves by the month in which they became certain; the month shown moves on with the evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet, Sum

from portal.accounts.models import Organisation
from portal.core.months import Month
from reporting import frames
from reporting.checks.columns import NA
from reporting.checks.core import national_checks
from reporting.checks.nation.calibration import calibration
from reporting.checks.nation.columns import References
from reporting.checks.nation.gather import Gathered, gather, together
from reporting.checks.nation.norms import Norms
from reporting.checks.nation.packed import packed, unpacked
from reporting.checks.nation.rows import Nation
from reporting.checks.nation.run import run
from reporting.models import Filing, Finding, SweepShard
from reporting.services.reconciling import Counts, bring_in_step

__all__ = [
    "MOST_MONTHS", "NationalJudgement", "gathered_by", "gathered_of", "judge_nation", "keep", "keep_norms", "norms_kept", "placed",
]  # fmt: skip

LINES_A_PART: Final = 200_000
MOST_MONTHS: Final = 60
"""How far back the national checks look: further, filings are no longer what anybody can mend."""


@dataclass(frozen=True, slots=True)
class NationalJudgement:
    """What the national checks said, over the months on record, for which months it is to be kept, and what was usual."""

    first: Month
    last: Month
    found: list[dict[str, Any]]
    norms: dict[str, Any] | None = None


def judge_nation(
    *,
    first: Month,
    last: Month,
    as_of: datetime,
    parts: Iterable[Gathered] | None = None,
    alive: Callable[[], None] = lambda: None,
) -> NationalJudgement:
    """Run the national checks over everything on record at ``as_of``; nothing is stored.

    ``parts`` are what was gathered of the nation already; else it is gathered here, one part's lines in memory at a time.
    ``alive`` is called between the parts.
    """
    references = frames.references(as_of.date())
    if parts is None:
        parts = (_gathered(owners, last=last, as_of=as_of, references=references) for owners in _parts())
    gathered = together(_alive(parts, alive))
    if gathered is None:
        return NationalJudgement(first, last, [])
    nation = Nation(gathered, references, calibration())
    found = run(nation, alive=alive)
    return NationalJudgement(
        first, last, placed(found), nation.norms.as_json() if nation.norms.made else None
    )


def _alive(parts: Iterable[Gathered], alive: Callable[[], None]) -> Iterator[Gathered]:
    for part in parts:
        alive()
        yield part


def gathered_of(organisation_ids: Sequence[int], *, last: Month, as_of: datetime) -> bytes:
    """What the national checks need of these enterprises, as bytes; none where they filed nothing."""
    found = _gathered(organisation_ids, last=last, as_of=as_of, references=frames.references())
    return packed(found) if len(found.filed) or len(found.duties) else b""


def gathered_by(shards: QuerySet[SweepShard], *, last: Month, as_of: datetime) -> Iterator[Gathered]:
    """What the shards gathered, one after the other; what one has not is gathered here."""
    for pk in shards.order_by("number").values_list("pk", flat=True):
        shard = SweepShard.objects.get(pk=pk)
        body = shard.gathered
        if body is None:
            body = gathered_of(shard.organisation_ids, last=last, as_of=as_of)
        if body:
            yield unpacked(bytes(body))


def _gathered(
    organisation_ids: Sequence[int], *, last: Month, as_of: datetime, references: References
) -> Gathered:
    until = max(last, _latest(as_of))
    part = frames.part_of(organisation_ids, first=until - MOST_MONTHS + 1, last=until, as_of=as_of)
    return gather(part, references)


def _latest(as_of: datetime) -> Month:
    return Month.of(as_of.date())


def _parts() -> Iterator[list[int]]:
    """Organisations with filings, in the order of their ids, in parts of a bounded number of lines."""
    counted = Filing.objects.real().filed().values_list("organisation_id").annotate(Sum("line_count"))
    part: list[int] = []
    held = 0
    for owner, lines in counted.order_by("organisation_id"):
        if part and held + lines > LINES_A_PART:
            yield part
            part, held = [], 0
        part.append(owner)
        held += lines
    if part:
        yield part


def placed(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each finding with the filing in force of its month, and the line that it is about."""
    owners = {row["organisation_id"] for row in found}
    rows = Filing.objects.in_force().filter(organisation_id__in=owners)
    in_force = {
        (owner, period.index): pk for pk, owner, period in rows.values_list("pk", "organisation_id", "period")
    }
    for row in found:
        row["filing_id"] = in_force.get((row["organisation_id"], row["period"]))
        row["line_nos"] = [] if row["line_no"] == NA else [row["line_no"]]
    return list(found)


def keep(judgement: NationalJudgement, *, moment: datetime) -> Counts:
    """Bring the stored national findings of the months judged in step. Part of the caller's transaction.

    A finding whose evidence now ends outside of those months is left as it is.
    """
    owners = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    names = {pk: uscc or str(pk) for pk, uscc in owners.values_list("pk", "uscc")}
    known = Finding.objects.filter(check_code__in=[item.code for item in national_checks()])
    months = judgement.first, judgement.last
    return bring_in_step(
        judgement.found, known, explained=frozenset(), names=names, moment=moment, months=months
    )


def keep_norms(shard: SweepShard, judgement: NationalJudgement) -> None:
    """What was usual is kept with the shard until the next sweep. Part of the caller's transaction."""
    if judgement.norms is None:
        return
    SweepShard.objects.exclude(pk=shard.pk).filter(norms__isnull=False).update(norms=None)
    SweepShard.objects.filter(pk=shard.pk).update(norms=judgement.norms)


def norms_kept() -> Norms | None:
    """What was usual in the nation at the last sweep; None before the first."""
    kept = (
        SweepShard.objects.filter(norms__isnull=False)
        .order_by("-sweep_id")
        .values_list("norms", flat=True)
        .first()
    )
    return None if kept is None else Norms(kept)
