"""The parts of a filing's page in review, each with what it alone needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.contact.queries.questions import about, thread_of
from portal.core.clock import end_of_day
from reporting.models import Filing
from reporting.queries import review_pages
from reporting.queries.balances import balances_of
from reporting.queries.filing_pages import balances_in_words
from reporting.queries.filings import versions_of
from reporting.services import viewing
from reporting.views.listing import actor_of

PARTS: dict[str, str | Promise] = {
    "overview": _("Findings"),
    "lines": _("Lines"),
    "balances": _("Balances"),
    "questions": _("Questions"),
    "history": _("Versions and trail"),
}


def part_context(request: HttpRequest, filing: Filing, part: str) -> dict[str, Any]:
    """What one part shows."""
    return _MAKERS[part](request, filing)


def _overview(request: HttpRequest, filing: Filing) -> dict[str, Any]:
    findings = review_pages.findings_of(filing)
    standing = [found for found in findings if found.finding.state != "closed"]
    if any(found.finding.check_code.startswith("IDN") for found in standing):
        _leave_trace(request, filing)
    return {
        "standing": standing,
        "mended": [found for found in findings if found.finding.state == "closed"],
        "waiting": sum(found.waits for found in standing),
        "decisions": review_pages.decisions_of(filing=filing),
    }


def _lines(request: HttpRequest, filing: Filing) -> dict[str, Any]:
    page, line = request.GET.get("page", "1"), request.GET.get("line", "")
    number = int(line) if line.isascii() and line.isdecimal() and len(line) < 10 else None
    shown = review_pages.line_page(filing, int(page) if page.isdecimal() and len(page) < 9 else 1, number)
    if any(row.counterparty_id for row in shown.lines):
        _leave_trace(request, filing)
    marked = review_pages.codes_by_line(review_pages.findings_of(filing))
    return {
        "lines": [(row, marked.get(row.line_no, [])) for row in shown.lines],
        "page": shown,
        "previous_url": f"?part=lines&page={shown.page - 1}" if shown.page > 1 else "",
        "next_url": f"?part=lines&page={shown.page + 1}" if shown.page < shown.pages else "",
        "sought": number,
    }


def _balances(request: HttpRequest, filing: Filing) -> dict[str, Any]:
    balances = balances_of(filing)
    return {
        "balances": balances,
        "words": balances_in_words(balances),
        "totals": review_pages.totals_before(filing),
    }


def _questions(request: HttpRequest, filing: Filing) -> dict[str, Any]:
    questions = review_pages.questions_about(list(versions_of(filing)))
    shown = [
        {"question": row, "about": about(row), "thread": thread_of(row), "due_at": end_of_day(row.due_on)}
        for row in questions
    ]
    return {"questions": shown}


def _history(request: HttpRequest, filing: Filing) -> dict[str, Any]:
    versions = list(
        versions_of(filing).exclude(submitted_at=None).select_related("submitted_by", "decided_by")
    )
    return {"versions": versions, "events": review_pages.trail_of(versions)}


def _leave_trace(request: HttpRequest, filing: Filing) -> None:
    viewing.identities_viewed(
        by=actor_of(request),
        organisation_id=filing.organisation_id,
        subject=("filing", filing.pk),
        data={"period": str(filing.period), "version": filing.version},
    )


_MAKERS: dict[str, Callable[[HttpRequest, Filing], dict[str, Any]]] = {
    "overview": _overview,
    "lines": _lines,
    "balances": _balances,
    "questions": _questions,
    "history": _history,
}
