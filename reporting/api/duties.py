"""``obligations/``, ``findings/``, ``questions/``: what is due, what was found, what is asked, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from portal.contact.models import Question, QuestionState
from portal.contact.services import questions as services
from portal.core import clock
from portal.core.api import bodies, paging
from portal.core.api.endpoint import Endpoint, acts, answer
from portal.core.api.problems import Problem, not_found
from portal.core.api.schema import (
    Operation,
    Refusal,
    Said,
    code_parameter,
    described,
    month_parameter,
    page_of,
)
from portal.core.permissions import Permission
from reporting.api import examples, shown
from reporting.api.filings import month_asked
from reporting.api.shapes import FindingShape, ObligationShape, QuestionShape, TextShape
from reporting.models import Finding, FindingState
from reporting.queries.answerable import (
    findings_shown,
    questions_asked,
    questions_by_finding,
    waiting_question,
)
from reporting.queries.obligations import Duty, obligations_of
from reporting.queries.wording import message_of
from reporting.states import ObligationState

_TAG = "Duties"
READ, ANSWER = (Permission.FILING_VIEW,), (Permission.QUESTION_ANSWER,)
_CLOSED = Refusal(409, "question_closed", "The regulator has closed this question. Nothing more is needed.")
_NOT_ASKED = Refusal(
    409, "nothing_asked", "Nothing is asked about this finding at present. Mend the month by an amendment."
)
_STATES = [state.value for state in ObligationState]


class ObligationList(Endpoint):
    """What is due when."""

    allowed = {"GET": READ}

    @described(
        Operation(
            "obligations_list",
            _TAG,
            "The months you owe, the oldest first",
            paged=True,
            query=[
                month_parameter("from", "from this month on"),
                month_parameter("to", "up to this month"),
                code_parameter("state", "in this state", _STATES),
            ],
            answers={
                200: Said(
                    page_of(ObligationShape), "a page", {"results": [examples.OBLIGATION], "next": None}
                )
            },
        )
    )
    def get(self, request: Request) -> HttpResponse:
        first, last = month_asked(request, "from"), month_asked(request, "to")
        state = _code_asked(request, "state", _STATES)
        duties = [
            duty
            for duty in obligations_of(self.actor.organisation, clock.now(), first=first)
            if (last is None or duty.period <= last) and state in {None, duty.state.value}
        ]
        page = paging.page_of_list(request, duties, lambda duty: duty.period.index)
        return answer({**page, "results": [_duty(duty) for duty in page["results"]]})


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "period": str(duty.period),
        "due_on": duty.due_on.isoformat(),
        "due_at": shown.instant(duty.due_at),
        "extended": duty.extended,
        "rule": duty.rule,
        "state": duty.state.value,
        "submitted_at": shown.instant(duty.submitted_at),
        "nil": duty.nil,
        "filing": None if duty.filed is None else duty.filed.pk,
        "draft": None if duty.draft is None else duty.draft.pk,
    }


def _code_asked(request: Request, name: str, codes: Sequence[str]) -> str | None:
    code = request.query_params.get(name)
    if code is not None and code not in codes:
        raise paging.bad_query(name, _("Choose one of: %(codes)s.") % {"codes": ", ".join(codes)})
    return code


class FindingList(Endpoint):
    """What was found about one's own filings."""

    allowed = {"GET": READ}

    @described(
        Operation(
            "findings_list",
            _TAG,
            "What was found about your filings, and what is asked",
            paged=True,
            query=[
                month_parameter("period", "of this month"),
                code_parameter("state", "in this state", FindingState.values),
            ],
            answers={
                200: Said(page_of(FindingShape), "a page", {"results": [examples.FINDING], "next": None})
            },
        )
    )
    def get(self, request: Request) -> HttpResponse:
        rows = findings_shown(self.actor)
        if (period := month_asked(request, "period")) is not None:
            rows = rows.filter(period=period)
        if (state := _code_asked(request, "state", FindingState.values)) is not None:
            rows = rows.filter(state=state)
        return answer(paging.page(request, rows, ("-period", "-id"), self._shown))

    def _shown(self, findings: Sequence[Finding]) -> list[dict[str, Any]]:
        asked = questions_by_finding(self.actor, findings)
        return [_finding(finding, asked.get(finding.pk, [])) for finding in findings]


def _finding(finding: Finding, asked: Sequence[Question]) -> dict[str, Any]:
    return {
        "id": finding.pk,
        "check": finding.check_code,
        "severity": finding.severity,
        "queue": finding.queue,
        "period": str(finding.period),
        "first_period": str(finding.first_period),
        "lines": finding.line_nos,
        "counterparty": finding.counterparty.code if finding.counterparty else None,
        "licence_no": finding.licence_no or None,
        "declaration_no": finding.declaration_no or None,
        "message": message_of(finding.check_code, finding.values),
        "first_seen": shown.instant(finding.first_seen),
        "state": finding.state,
        "questions": [shown.question_of(question) for question in asked],
    }


class FindingAnswer(Endpoint):
    """The answer to what is asked about a finding."""

    allowed = {"POST": ANSWER}

    @described(
        Operation(
            "findings_answer",
            _TAG,
            "Answer what is asked about a finding",
            request=TextShape,
            creates=True,
            request_example={"text": "From run 4 of furnace 2, tapped on 19 May."},
            words="The answer goes to the reviewer who asked.",
            refusals=["not_found", _NOT_ASKED, _CLOSED],
            answers={
                201: Said(
                    QuestionShape, "the question with your answer", examples.QUESTION | {"state": "answered"}
                )
            },
        )
    )
    @acts
    def post(self, request: Request, finding_id: int) -> HttpResponse:
        finding = findings_shown(self.actor).filter(pk=finding_id).first()
        if finding is None:
            raise not_found()
        given = bodies.members(request, ("text",))
        text = bodies.text(given, "text", longest=services.LONGEST, required=True)
        question = waiting_question(self.actor, finding)
        if question is None:
            words = _("Nothing is asked about this finding at present. Mend the month by an amendment.")
            raise Problem(409, "nothing_asked", words)
        return _answered(self, question.pk, text)


class QuestionList(Endpoint):
    """Everything that is asked."""

    allowed = {"GET": READ}

    @described(
        Operation(
            "questions_list",
            _TAG,
            "What the regulator asks, the latest first",
            paged=True,
            query=[code_parameter("state", "in this state", QuestionState.values)],
            answers={
                200: Said(page_of(QuestionShape), "a page", {"results": [examples.QUESTION], "next": None})
            },
        )
    )
    def get(self, request: Request) -> HttpResponse:
        rows = questions_asked(self.actor)
        if (state := _code_asked(request, "state", QuestionState.values)) is not None:
            rows = rows.filter(state=state)
        return answer(
            paging.page(request, rows, ("-id",), lambda page: [shown.question_of(row) for row in page])
        )


class QuestionAnswer(Endpoint):
    """The answer to one question."""

    allowed = {"POST": ANSWER}

    @described(
        Operation(
            "questions_answer",
            _TAG,
            "Answer a question",
            request=TextShape,
            creates=True,
            request_example={"text": "From run 4 of furnace 2, tapped on 19 May."},
            refusals=["not_found", _CLOSED],
            answers={
                201: Said(
                    QuestionShape, "the question with your answer", examples.QUESTION | {"state": "answered"}
                )
            },
        )
    )
    @acts
    def post(self, request: Request, question_id: int) -> HttpResponse:
        given = bodies.members(request, ("text",))
        text = bodies.text(given, "text", longest=services.LONGEST, required=True)
        return _answered(self, question_id, text)


def _answered(view: Endpoint, question_id: int, text: str) -> HttpResponse:
    services.answer(by=view.actor, question_id=question_id, text=text)
    return answer(shown.question_of(questions_asked(view.actor).get(pk=question_id)), 201)
