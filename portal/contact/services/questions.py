"""Questions to organisations and their answers: asked by a reviewer, answered by the organisation, closed by a reviewer."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.contact.models import Answer, Question, QuestionState
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.months import Month
from portal.core.permissions import Permission
from portal.core.words import storable

LONGEST = 5_000


def ask(
    *,
    by: Actor,
    organisation_id: int,
    subject: tuple[str, int],
    text: str,
    due_on: date,
    period: Month | None = None,
    line_no: int | None = None,
    finding_id: int | None = None,
    check_code: str = "",
) -> Question:
    """The organisation has a question to answer by 24:00 Beijing time of ``due_on``; it is told by mail.

    The same question about the same thing, still open, is given back instead of being asked twice; the caller holds
    the subject's row.
    """
    _may(by, Permission.REVIEW)
    text = _words(text)
    _ahead(due_on)
    place = {
        "subject_type": subject[0],
        "subject_id": subject[1],
        "line_no": line_no,
        "finding_id": finding_id,
    }
    with transaction.atomic():
        same = Question.objects.filter(
            state=QuestionState.OPEN, asked_by_id=by.user_id, text=text, **place
        ).first()
        if same is not None:
            return same
        question = Question.objects.create(
            organisation_id=organisation_id,
            period=period,
            check_code=check_code,
            text=text,
            asked_by=by.user,
            asked_at=clock.now(),
            due_on=due_on,
            **place,
        )
        _tell("question.asked", by, question)
        publish("question.asked", question.pk)
    return question


def answer(*, by: Actor, question_id: int, text: str) -> Answer:
    """The organisation has answered; the reviewer who asked sees it. Refused once the question is closed."""
    _may(by, Permission.QUESTION_ANSWER)
    text = _words(text)
    with transaction.atomic():
        question = _locked(question_id)
        if question.organisation_id != by.organisation_id:
            raise Http404
        last = question.answers.last()
        if last is not None and not last.from_regulator and last.by_id == by.user_id and last.text == text:
            return last  # pressed twice
        if question.state == QuestionState.CLOSED:
            raise Refused(
                "question_closed", _("The regulator has closed this question. Nothing more is needed.")
            )
        reply = Answer.objects.create(question=question, text=text, by=by.user, at=clock.now())
        question.state = QuestionState.ANSWERED
        question.save(update_fields=["state"])
        _tell("question.answered", by, question)
        publish("question.answered", question.pk)
    return reply


def ask_again(*, by: Actor, question_id: int, text: str, due_on: date) -> Question:
    """The question is open again, with more words and a new day. Refused once it is closed."""
    _may(by, Permission.REVIEW)
    text = _words(text)
    _ahead(due_on)
    with transaction.atomic():
        question = _locked(question_id)
        last = question.answers.last()
        if last is not None and last.from_regulator and last.text == text and question.due_on == due_on:
            return question  # pressed twice
        if question.state == QuestionState.CLOSED:
            raise Refused("question_closed", _("This question is closed. Ask a new one."))
        Answer.objects.create(question=question, text=text, by=by.user, at=clock.now(), from_regulator=True)
        question.state, question.due_on = QuestionState.OPEN, due_on
        question.save(update_fields=["state", "due_on"])
        _tell("question.asked", by, question)
        publish("question.asked", question.pk)
    return question


def close(*, by: Actor, question_id: int) -> Question:
    """The question needs nothing more, answered or not. A second call changes nothing."""
    _may(by, Permission.REVIEW)
    with transaction.atomic():
        question = _locked(question_id)
        if question.state == QuestionState.CLOSED:
            return question
        question.state, question.closed_at = QuestionState.CLOSED, clock.now()
        question.save(update_fields=["state", "closed_at"])
        _tell("question.closed", by, question)
        publish("question.closed", question.pk)
    return question


def _tell(verb: str, by: Actor, question: Question) -> None:
    data = {
        "period": None if question.period is None else str(question.period),
        "about": question.subject_type,
        "of": question.subject_id,
        "line": question.line_no,
        "code": question.check_code,
        "due_on": question.due_on.isoformat(),
    }
    record(
        verb, by=by, organisation_id=question.organisation_id, subject=("question", question.pk), data=data
    )


def _may(by: Actor, permission: Permission) -> None:
    if not by.may(permission):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def _words(text: str) -> str:
    words = storable(text).strip()
    if not words:
        raise Refused("text_missing", _("Write the words first."))
    if len(words) > LONGEST:
        raise Refused("text_long", _("Keep it under %(limit)s characters."), values={"limit": LONGEST})
    return words


def _ahead(due_on: date) -> None:
    if due_on < clock.today():
        raise Refused("due_past", _("The day for the answer is past. Choose today or later."))


def _locked(question_id: int) -> Question:
    question = Question.objects.select_for_update().filter(pk=question_id).first()
    if question is None:
        raise Http404
    return question
