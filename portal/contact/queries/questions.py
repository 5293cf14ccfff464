"""Reading questions: an organisation's own, and what an officer waits for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from portal.contact.models import Question, QuestionState
from portal.core import clock
from portal.core.actors import Actor
from portal.core.permissions import Permission

# Where a question's subject is shown: (to its organisation, to the regulator). Pages of higher floors, by name.
SUBJECT_PAGES = {"filing": ("filing_view", "review_view"), "finding": ("own_finding_view", "finding_view")}


def questions_of(actor: Actor) -> QuerySet[Question]:
    """What the regulator asked the actor's organisation: open first, the most urgent at the top."""
    if not actor.may(Permission.QUESTION_ANSWER) or actor.organisation_id is None:
        return Question.objects.none()
    rows = with_shown_state(Question.objects.filter(organisation_id=actor.organisation_id), clock.today())
    order = Case(
        When(state=QuestionState.OPEN, then=Value(0)),
        When(state=QuestionState.ANSWERED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.annotate(urgency=order).order_by("urgency", "due_on", "-pk")


def own_question(actor: Actor, question_id: int) -> Question:
    """One of them; Http404 for any other."""
    return _one(questions_of(actor).filter(pk=question_id))


def asked_question(question_id: int) -> Question:
    """Any question, with what the regulator's page shows."""
    rows = Question.objects.filter(pk=question_id).select_related("organisation", "asked_by")
    return _one(with_shown_state(rows, clock.today()))


def _one(rows: QuerySet[Question]) -> Question:
    question = rows.first()
    if question is None:
        raise Http404
    return question


def with_shown_state(rows: QuerySet[Question], today: date) -> QuerySet[Question]:
    """The questions with the state as people see it: one that is open past its day is ``overdue``."""
    shown = Case(
        When(state=QuestionState.OPEN, due_on__lt=today, then=Value("overdue")),
        default=F("state"),
        output_field=CharField(),
    )
    return rows.annotate(shown_state=shown)


def thread_of(question: Question) -> list[dict[str, Any]]:
    """The question and every reply, oldest first, as the thread shows them. One query."""
    first = {"who": question.asked_by.label, "at": question.asked_at, "words": question.text, "answer": False}
    replies = question.answers.select_related("by")
    return [
        first,
        *(
            {"who": row.by.label, "at": row.at, "words": row.text, "answer": not row.from_regulator}
            for row in replies
        ),
    ]


def about(question: Question) -> str:
    """What a question is about, in words: a line of a filing, a whole filing, or a finding."""
    if question.line_no is not None:
        return _("line %(number)s") % {"number": question.line_no}
    return _("the whole filing") if question.subject_type == "filing" else _("a finding")


def subject_url(question: Question, *, regulator: bool) -> str:
    """The page of what a question is about; empty where it has none."""
    names = SUBJECT_PAGES.get(question.subject_type)
    if names is None:
        return ""
    try:
        url = reverse(names[int(regulator)], args=[question.subject_id])
    except NoReverseMatch:
        return ""
    if question.line_no is None or question.subject_type != "filing":
        return url
    part = "&part=lines" if regulator else ""
    return f"{url}?line={question.line_no}{part}#line-{question.line_no}"


def waiting_count(actor: Actor) -> int:
    """How many questions wait for the organisation's answer."""
    return questions_of(actor).filter(state=QuestionState.OPEN).count()
