"""One finding in words: what it says, why it is asked, what would clear it, its figures, lines, questions, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.audit.models import Event
from portal.audit.queries import events_about
from portal.contact.models import Question
from portal.contact.queries.questions import with_shown_state
from portal.core import clock
from portal.core.templatetags.lodestone import name_here
from reporting.checks.core import every_check
from reporting.checks.nation.rings import ARROW
from reporting.models import Decision, Explanation, Finding, FindingState, Line
from reporting.queries.evidence import Figure, figures_of, own_figures_of
from reporting.queries.filed import as_filed
from reporting.queries.finding_lists import IDENTITY_FAMILY
from reporting.queries.review_pages import decisions_of
from reporting.queries.wording import message_of, title_of
from reporting.states import FINDING_MOVES

LINES_SHOWN = 50
WAY = "path"


@dataclass(frozen=True)
class FindingPage:
    """What the page of a finding shows; words are made here, in the reader's language."""

    title: str
    words: str
    meaning: str
    remedy: str
    figures: Sequence[Figure]
    lines: Sequence[Line]
    lines_left: int
    explanation: str
    questions: Sequence[Question]
    decisions: Sequence[Decision]
    events: Sequence[Event]
    shows_identities: bool


def page_of(finding: Finding) -> FindingPage:
    """Everything about a finding. Six queries, one more where it names a way."""
    known = _names_in(finding)
    return _page(finding, _in_names(finding.values, known), figures_of(_in_names(finding.evidence, known)))


def own_page_of(finding: Finding) -> FindingPage:
    """The same as its organisation sees it: without a figure that others reported. Six queries."""
    return _page(finding, finding.values, own_figures_of(finding.evidence))


def _page(finding: Finding, values: Mapping[str, Any], figures: Sequence[Figure]) -> FindingPage:
    item = next((item for item in every_check() if item.code == finding.check_code), None)
    lines = _lines_of(finding)
    said = Explanation.objects.filter(
        filing=finding.filing, code=finding.check_code, subject=finding.subject
    ).first()
    about_identity = finding.check_code.startswith(IDENTITY_FAMILY)
    return FindingPage(
        title=title_of(finding.check_code),
        words=message_of(finding.check_code, values),
        meaning=_(item.explanation) if item else "",
        remedy=_(item.remedy) if item else "",
        figures=figures,
        lines=lines,
        lines_left=max(0, len(finding.line_nos) - LINES_SHOWN),
        explanation=said.text if said else "",
        questions=questions_about(finding),
        decisions=decisions_of(finding=finding),
        events=list(events_about("finding", [finding.pk])[:100]),
        shows_identities=about_identity or any(line.counterparty_id for line in lines),
    )


def _names_in(finding: Finding) -> dict[str, str]:
    """The names of the enterprises on a way that is kept by their codes."""
    codes = str(finding.evidence.get(WAY, "")).split(ARROW)
    rows = Organisation.objects.filter(uscc__in=codes) if len(codes) > 1 else ()
    return {row.uscc or "": str(name_here(row)) for row in rows}


def _in_names(said: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    if WAY not in said:
        return dict(said)
    return {**said, WAY: ARROW.join(known.get(code, code) for code in str(said[WAY]).split(ARROW))}


def _lines_of(finding: Finding) -> Sequence[Line]:
    if finding.filing is None:
        return []
    rows = Line.objects.filter(filing=finding.filing, line_no__in=finding.line_nos[:LINES_SHOWN])
    return as_filed(finding.filing, rows.order_by("line_no"))


def questions_about(finding: Finding) -> list[Question]:
    """The questions asked because of a finding, newest first."""
    rows = Question.objects.filter(finding_id=finding.pk).select_related("asked_by")
    return list(with_shown_state(rows, clock.today()).order_by("-pk"))


def moves_of(finding: Finding) -> list[dict[str, Any]]:
    """What a reviewer may do with the finding as it stands, with the words of each button."""
    allowed = frozenset() if finding.state == FindingState.CLOSED else FINDING_MOVES[finding.state]
    offered = (
        (FindingState.CONFIRMED, "confirm", _("Confirm"), "flag"),
        (FindingState.EXPLAINED, "explain", _("Count as explained"), "answer"),
        (FindingState.DISMISSED, "dismiss", _("Dismiss"), "minus"),
    )
    return [
        {"value": value, "label": label, "icon": icon}
        for state, value, label, icon in offered
        if state in allowed
    ]


def own_listed(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """An organisation's own findings in words."""
    return [
        {"finding": row, "title": title_of(row.check_code), "words": message_of(row.check_code, row.values)}
        for row in findings
    ]
