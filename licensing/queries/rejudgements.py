"""Goods as the list judges them now: what was judged at submission, unless a later version said otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from licensing.models import Application, ApplicationLine, Licence, Rejudgement


@dataclass(frozen=True)
class Judgement:
    """How a line is judged: the verdict, and the codes that control it as a `;`-list."""

    verdict: str
    codes: str


def after(row: Rejudgement) -> Judgement:
    """What holds since this row."""
    return Judgement(row.verdict_after, row.codes_after)


def latest(rows: QuerySet[Rejudgement]) -> dict[tuple[int, int], Rejudgement]:
    """The latest row of each line, by its case or licence and its number."""
    return {(row.application_id or row.licence_id or 0, row.line_no): row for row in rows.order_by("pk")}


def lines_now(application: Application) -> list[ApplicationLine]:
    """The goods of a case with verdict and codes as the list judges them now. Not to be saved: what was submitted stays."""
    rows = latest(application.rejudgements.all())
    lines = list(application.lines.all())
    for line in lines:
        row = rows.get((application.pk, line.line_no))
        if row is not None:
            line.verdict, line.control_codes = row.verdict_after, row.codes_after
    return lines


def rejudged(owner: Application | Licence) -> list[Rejudgement]:
    """What the list came to say of the goods of a case or a licence, the latest first."""
    return list(owner.rejudgements.order_by("-pk"))


def all_rejudged() -> QuerySet[Rejudgement]:
    """Everything that was judged otherwise, the latest first."""
    rows = Rejudgement.objects.select_related("organisation", "application", "licence")
    return rows.order_by("-pk")
