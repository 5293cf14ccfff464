"""A question and its answer: asked by a reviewer, answered by the organisation, closed by a reviewer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.contact.models import Answer, Message, Question
from portal.contact.services import questions
from portal.contact.tasks import tell_question
from portal.core import clock
from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.core.months import Month
from reporting.tasks.review import question_closed
from tests.conftest import acting, signed_in
from tests.reporting.reviewed import finding, submitted

LATER = date(2099, 1, 5)


def ask(dora: User, of: Organisation, text: str = "Why?", **fields: object) -> Question:
    values = {"subject": ("filing", 1), "due_on": LATER, "period": Month.parse("2026-05"), "line_no": 4}
    return questions.ask(by=acting(dora), organisation_id=of.pk, text=text, **(values | fields))


def test_the_organisation_reads_and_answers(dora, alma, aurora) -> None:
    question = ask(dora, aurora, "Which invoice belongs to line 4?")
    client, url = signed_in(alma), f"/questions/{question.pk}/"
    assert "Which invoice belongs" in client.get("/questions/").content.decode()
    page = client.get(url).content.decode()
    assert "line 4" in page
    assert "May 2026" in page
    for _time in range(2):
        assert client.post(url, {"text": "Invoice 2026-118."}).status_code == 302
    question.refresh_from_db()
    assert question.state == "answered"
    assert Answer.objects.get().text == "Invoice 2026-118."
    event = Event.objects.get(verb="question.answered")
    assert (event.organisation_id, event.subject_id) == (aurora.pk, question.pk)
    assert "118" not in str(event.data)


def test_the_answer_comes_back_to_the_reviewer_who_asked(dora, alma, aurora) -> None:
    question = ask(dora, aurora)
    questions.answer(by=acting(alma), question_id=question.pk, text="So it was.")
    client = signed_in(dora)
    assert "Why?" in client.get("/supervision/questions/?state=answered&reviewer=me").content.decode()
    assert "So it was." in client.get(f"/supervision/questions/{question.pk}/").content.decode()
    assert "Why?" in client.get("/").content.decode()


def test_an_answer_needs_words_and_what_was_typed_is_never_lost(dora, alma, aurora) -> None:
    question = ask(dora, aurora)
    client, url = signed_in(alma), f"/questions/{question.pk}/"
    assert client.post(url, {"text": "  "}).status_code == 422
    questions.close(by=acting(dora), question_id=question.pk)
    late = client.post(url, {"text": "A long answer, typed with care."})
    assert late.status_code == 422
    assert "A long answer, typed with care." in late.content.decode()
    assert "has closed this question" in late.content.decode()
    assert not Answer.objects.exists()


def test_asking_again_opens_the_thread_once_more(dora, alma, aurora) -> None:
    question = ask(dora, aurora)
    tell_question(question.pk)
    first = Message.objects.get(template="question_asked", recipient=alma)
    questions.answer(by=acting(alma), question_id=question.pk, text="Invoice 118.")
    client, url = signed_in(dora), f"/supervision/questions/{question.pk}/again/"
    assert client.post(url, {"text": "", "due_on": "2099-02-01"}).status_code == 422
    for _time in range(2):
        client.post(url, {"text": "And its date?", "due_on": "2099-02-01"})
    question.refresh_from_db()
    assert (question.state, question.due_on) == ("open", date(2099, 2, 1))
    assert Answer.objects.filter(from_regulator=True).count() == 1
    tell_question(question.pk)
    tell_question(question.pk)
    assert Message.objects.filter(template="question_asked", recipient=alma).exclude(pk=first.pk).count() == 1
    assert "And its date?" in signed_in(alma).get(f"/questions/{question.pk}/").content.decode()


def test_a_closed_question_is_closed_once_and_takes_no_more(dora, alma, aurora) -> None:
    question = ask(dora, aurora)
    client = signed_in(dora)
    for _time in range(2):
        client.post(f"/supervision/questions/{question.pk}/close/")
    assert Event.objects.filter(verb="question.closed").count() == 1
    with pytest.raises(Refused, match="question_closed"):
        questions.answer(by=acting(alma), question_id=question.pk, text="Too late.")
    with pytest.raises(Refused, match="question_closed"):
        questions.ask_again(by=acting(dora), question_id=question.pk, text="More", due_on=LATER)


def test_the_finding_asked_about_waits_again_when_its_last_question_closes(dora, aurora) -> None:
    about = finding(aurora, submitted(aurora), state="asked")
    first = ask(dora, aurora, "One?", finding_id=about.pk)
    second = ask(dora, aurora, "Two?", finding_id=about.pk)
    questions.close(by=acting(dora), question_id=first.pk)
    question_closed(first.pk)
    about.refresh_from_db()
    assert about.state == "asked"
    questions.close(by=acting(dora), question_id=second.pk)
    assert Outbox.objects.filter(task="reporting.question_closed").count() == 2
    question_closed(second.pk)
    question_closed(second.pk)
    about.refresh_from_db()
    assert about.state == "open"


def test_an_overdue_answer_says_so(dora, alma, aurora) -> None:
    question = ask(dora, aurora)
    Question.objects.filter(pk=question.pk).update(due_on=clock.today() - timedelta(days=1))
    assert "Answer overdue" in signed_in(alma).get("/questions/").content.decode()
    assert "Why?" in signed_in(dora).get("/supervision/questions/?state=overdue").content.decode()


def test_another_organisation_sees_nothing_of_it(dora, carla, aurora) -> None:
    question = ask(dora, aurora, "Canary question?")
    client = signed_in(carla)
    assert "Canary" not in client.get("/questions/").content.decode()
    assert client.get(f"/questions/{question.pk}/").status_code == 404
    assert client.post(f"/questions/{question.pk}/", {"text": "Mine now"}).status_code == 404
    assert not Answer.objects.exists()


@pytest.mark.parametrize("person", ["ada", "gus", "nina", "dora", "fatima"])
def test_who_does_not_answer_for_an_organisation_has_no_questions(person, request, dora, aurora) -> None:
    question = ask(dora, aurora)
    client = signed_in(request.getfixturevalue(person))
    assert client.get("/questions/").status_code == 403
    assert client.post(f"/questions/{question.pk}/", {"text": "x"}).status_code == 403


@pytest.mark.parametrize("person", ["fatima", "emil", "alma"])
def test_only_a_reviewer_asks_and_closes(person, request, dora, aurora) -> None:
    question, somebody = ask(dora, aurora), request.getfixturevalue(person)
    client = signed_in(somebody)
    for action in ("close/", "again/"):
        assert client.post(f"/supervision/questions/{question.pk}/{action}").status_code == 403
    with pytest.raises(Refused) as refusal:
        questions.close(by=acting(somebody), question_id=question.pk)
    assert refusal.value.status == 403
    with pytest.raises(Refused):
        ask(somebody, aurora)


def test_a_day_that_is_past_is_no_day_to_answer_by(dora, aurora) -> None:
    with pytest.raises(Refused, match="due_past"):
        ask(dora, aurora, due_on=clock.today() - timedelta(days=1))


@pytest.mark.holds("no-unbounded-queries")
@pytest.mark.parametrize("url", ["/questions/", "/supervision/questions/"])
def test_the_lists_ask_the_database_the_same_number_of_questions(url, alma, dora, aurora) -> None:
    client = signed_in(alma if url == "/questions/" else dora)

    def count() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    for number in range(3):
        ask(dora, aurora, f"Question {number}?")
    few = count()
    for number in range(3, 60):
        ask(dora, aurora, f"Question {number}?")
    assert count() == few


@pytest.mark.holds("exports-run-nothing")
def test_the_list_of_questions_is_taken_out_without_formulas(dora, aurora) -> None:
    ask(dora, aurora, "=1+1 is what?")
    answer = signed_in(dora).get("/supervision/questions/?format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "1+1 is what?" in text
    assert ",=1+1" not in text
