"""One filing as the regulator reads it: what was found, its lines, its balances, the months before, its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Sum, Value, When

from portal.audit.models import Event
from portal.audit.queries import events_about
from portal.contact.models import Question
from portal.contact.queries.questions import with_shown_state
from portal.core import clock
from portal.core.months import Month
from reporting.models import Decision, Explanation, Filing, Finding, FindingState, Kind, Line
from reporting.queries.filed import as_filed
from reporting.queries.finding_lists import WAITING
from reporting.queries.wording import message_of, title_of

LINES_A_PAGE = 100
MONTHS_BEFORE = 6


@dataclass(frozen=True)
class FoundHere:
    """A finding about this month, in words, with what the producer explained."""

    finding: Finding
    title: str
    words: str
    explanation: str

    @property
    def waits(self) -> bool:
        return self.finding.state in WAITING


def findings_of(filing: Filing) -> list[FoundHere]:
    """Every finding about the filing's organisation and month: what waits first, then by urgency. Two queries."""
    order = Case(
        When(state__in=WAITING, then=Value(0)),
        When(state=FindingState.CLOSED, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = Finding.objects.filter(organisation_id=filing.organisation_id, period=filing.period)
    said = {(row.code, row.subject): row.text for row in Explanation.objects.filter(filing=filing)}
    return [
        FoundHere(
            row,
            title_of(row.check_code),
            message_of(row.check_code, row.values),
            said.get((row.check_code, row.subject), ""),
        )
        for row in rows.annotate(rank=order).order_by("rank", "-score", "pk")
    ]


@dataclass(frozen=True)
class LinePage:
    """Some lines of a filing in the order of their numbers."""

    lines: Sequence[Line]
    page: int
    pages: int


def line_page(filing: Filing, page: int, line_no: int | None = None) -> LinePage:
    """A hundred lines with products and counterparties as they were filed: the page asked for, or a line's."""
    pages = max(1, -(-filing.line_count // LINES_A_PAGE))
    if line_no is not None:
        page = Line.objects.filter(filing=filing, line_no__lt=line_no).count() // LINES_A_PAGE + 1
    page = min(max(page, 1), pages)
    rows = Line.objects.filter(filing=filing).order_by("line_no")
    return LinePage(as_filed(filing, rows[(page - 1) * LINES_A_PAGE : page * LINES_A_PAGE]), page, pages)


def line_of(filing: Filing, line_no: int) -> Line | None:
    """One line by its number, with what it names as it was filed."""
    return next(iter(as_filed(filing, Line.objects.filter(filing=filing, line_no=line_no))), None)


def codes_by_line(findings: Sequence[FoundHere]) -> dict[int, list[FoundHere]]:
    """Which findings that are not mended point at which line."""
    named: dict[int, list[FoundHere]] = {}
    for found in findings:
        if found.finding.state != FindingState.CLOSED:
            for number in found.finding.line_nos:
                named.setdefault(number, []).append(found)
    return named


@dataclass(frozen=True)
class MonthTotals:
    """The kilograms of each kind in this month and the months before; grams, None where no line says so."""

    months: list[Month]
    rows: list[tuple[str, list[int | None]]]


def totals_before(filing: Filing) -> MonthTotals:
    """What moved in this filing and in the versions in force of the six months before. Two queries."""
    earlier = Filing.objects.in_force().filter(
        organisation_id=filing.organisation_id,
        period__lt=filing.period,
        period__gte=filing.period - MONTHS_BEFORE,
    )
    months: dict[int, Month] = dict(earlier.order_by("period").values_list("pk", "period"))
    months[filing.pk] = filing.period
    sums = Line.objects.filter(filing_id__in=list(months), kind__isnull=False).order_by()
    found = {
        (kind, months[pk]): grams
        for pk, kind, grams in sums.values_list("filing_id", "kind").annotate(Sum("quantity_g"))
    }
    shown = list(months.values())
    used = sorted({kind for kind, _month in found})
    return MonthTotals(
        shown, [(str(Kind(kind).label), [found.get((kind, month)) for month in shown]) for kind in used]
    )


def questions_about(filings: Sequence[Filing]) -> QuerySet[Question]:
    """Every question about these versions, newest first, with its replies."""
    rows = Question.objects.filter(subject_type="filing", subject_id__in=[filing.pk for filing in filings])
    rows = rows.select_related("asked_by").prefetch_related("answers__by")
    return with_shown_state(rows, clock.today()).order_by("-pk")


def trail_of(filings: Sequence[Filing]) -> list[Event]:
    """What was done to these versions, asked about them and decided on their findings, newest first; at most 200 events."""
    ids = [filing.pk for filing in filings]
    questions = Question.objects.filter(subject_type="filing", subject_id__in=ids).values_list(
        "pk", flat=True
    )
    findings = Finding.objects.filter(filing__in=ids).values_list("pk", flat=True)
    events = events_about("filing", ids)
    events |= events_about("question", list(questions)) | events_about("finding", list(findings))
    return list(events[:200])


def decisions_of(**about: Any) -> list[Decision]:
    """What officers decided about a filing or a finding, newest first."""
    return list(Decision.objects.filter(**about).select_related("by").order_by("-pk"))


def newer_version(filing: Filing) -> Filing | None:
    """The version in force where it is a later one than this."""
    rows = Filing.objects.in_force().filter(organisation_id=filing.organisation_id, period=filing.period)
    return rows.filter(version__gt=filing.version).first()
