"""A filing in review: taken in hand, accepted, returned, asked about; all together or nothing; by reviewers alone."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.contact.models import Question
from portal.core.errors import Refused
from portal.core.models import Outbox
from reporting.models import Decision, Filing, SavedView
from reporting.services import review
from tests import factories
from tests.conftest import acting, signed_in
from tests.reporting.reviewed import finding, submitted

QUEUE = "/supervision/filings/"


def page_of(person: User, url: str) -> str:
    answer = signed_in(person).get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def asked_for(task: str) -> int:
    return Outbox.objects.filter(task=task).count()


def test_the_queue_shows_what_waits_the_oldest_first(dora, aurora, borealis) -> None:
    submitted(aurora, "2026-05")
    submitted(borealis, "2026-05", status="accepted")
    page = page_of(dora, QUEUE)
    assert "Aurora Magnets" in page
    assert "Borealis Metals" not in page
    assert "Borealis Metals" in page_of(dora, f"{QUEUE}?state=")


def test_an_older_version_no_longer_waits(dora, aurora) -> None:
    submitted(aurora)
    later = factories.filing(aurora, "2026-05", version=2, amendment_reason="a slip")
    first = Filing.objects.get(version=1)
    Filing.objects.filter(pk=later.pk).update(status="submitted", submitted_at=first.submitted_at)
    page = page_of(dora, QUEUE)
    assert f"{QUEUE}{later.pk}/" in page
    assert f"{QUEUE}{first.pk}/" not in page
    assert "An amendment stands in its place" in page_of(dora, f"{QUEUE}{first.pk}/")


def test_drafts_are_nobodys_business(dora, aurora) -> None:
    draft = factories.filing(aurora)
    assert signed_in(dora).get(f"{QUEUE}{draft.pk}/").status_code == 404
    assert signed_in(dora).post(f"{QUEUE}{draft.pk}/accept/").status_code == 404


def test_a_review_is_started_once(dora, aurora) -> None:
    filing = submitted(aurora)
    client = signed_in(dora)
    for _time in range(2):
        assert client.post(f"{QUEUE}{filing.pk}/start/").status_code == 302
    filing.refresh_from_db()
    assert filing.reviewer == dora
    assert filing.review_started_at is not None
    assert Event.objects.filter(verb="filing.review_started", organisation_id=aurora.pk).count() == 1


def test_reading_starts_nothing(dora, aurora) -> None:
    filing = submitted(aurora)
    for part in ("", "?part=lines", "?part=balances", "?part=questions", "?part=history"):
        page_of(dora, f"{QUEUE}{filing.pk}/{part}")
    filing.refresh_from_db()
    assert filing.review_started_at is None


def test_a_filing_is_accepted_once_however_often_it_is_pressed(dora, aurora) -> None:
    filing = submitted(aurora)
    client = signed_in(dora)
    for _time in range(2):
        client.post(f"{QUEUE}{filing.pk}/accept/")
    filing.refresh_from_db()
    assert (filing.status, filing.decided_by) == ("accepted", dora)
    assert Event.objects.filter(verb="filing.accepted").count() == 1
    assert Decision.objects.get(filing=filing).verdict == "accepted"


def test_a_filing_is_returned_with_a_reason_and_its_organisation_is_told(dora, aurora) -> None:
    filing = submitted(aurora)
    client, url = signed_in(dora), f"{QUEUE}{filing.pk}/return/"
    refused = client.post(url, {"reason": " "})
    assert refused.status_code == 422
    assert "Write the reason" in refused.content.decode()
    assert client.post(url, {"reason": "Line 1 is in another unit."}).status_code == 302
    filing.refresh_from_db()
    assert (filing.status, filing.decision_reason) == ("returned", "Line 1 is in another unit.")
    assert asked_for("reporting.tell_returned") == 1
    assert "another unit" not in str(Event.objects.get(verb="filing.returned").data)
    assert "another unit" in page_of(dora, f"{QUEUE}{filing.pk}/")


def test_a_return_by_mistake_is_made_good(dora, aurora) -> None:
    filing = submitted(aurora, status="returned", decision_reason="x")
    review.accept(by=acting(dora), filing_ids=[filing.pk])
    filing.refresh_from_db()
    assert filing.status == "accepted"


def test_several_are_accepted_together_or_none(dora, aurora, borealis) -> None:
    good, gone = submitted(aurora), submitted(borealis, status="withdrawn")
    client = signed_in(dora)
    refused = client.post(f"{QUEUE}decide/", {"action": "accept", "chosen": [good.pk, gone.pk]}, follow=True)
    assert "Nothing was changed: 1 of them" in refused.content.decode()
    assert set(Filing.objects.values_list("status", flat=True)) == {"submitted", "withdrawn"}
    assert not Event.objects.filter(verb="filing.accepted").exists()
    other = submitted(borealis, "2026-04")
    done = client.post(f"{QUEUE}decide/", {"action": "accept", "chosen": [good.pk, other.pk]}, follow=True)
    assert "2 filings accepted." in done.content.decode()


def test_a_decision_comes_back_to_the_same_place_of_the_list(dora, aurora) -> None:
    filing = submitted(aurora)
    here = "state=submitted&period=2026-05&page=1"
    asked = {"action": "assign_me", "chosen": filing.pk, "here": here}
    assert signed_in(dora).post(f"{QUEUE}decide/", asked)["Location"] == f"{QUEUE}?{here}"


def test_work_is_given_to_reviewers_alone(dora, emil, office, aurora) -> None:
    filing, colleague = submitted(aurora), factories.user("dmitri", (office, "reviewer"))
    client = signed_in(dora)
    client.post(f"{QUEUE}{filing.pk}/assign/", {"action": "assign", "to": colleague.pk})
    filing.refresh_from_db()
    assert filing.reviewer == colleague
    with pytest.raises(Refused, match="not_a_reviewer"):
        review.assign(by=acting(dora), filing_ids=[filing.pk], to=emil.pk)
    assert "Aurora" in page_of(dora, f"{QUEUE}?reviewer={colleague.pk}")
    assert "Aurora Magnets" not in page_of(dora, f"{QUEUE}?reviewer=me")


def test_a_question_is_asked_at_a_line_and_the_finding_waits(dora, aurora) -> None:
    filing = submitted(aurora, lines=3)
    about = finding(aurora, filing)
    client, url = signed_in(dora), f"{QUEUE}{filing.pk}/ask/?line=2&finding={about.pk}"
    fields = {"text": "Which invoice belongs to this?", "due_on": "2099-01-05"}
    for _time in range(2):
        assert client.post(url, fields).status_code == 302
    question = Question.objects.get()
    assert (question.organisation, question.line_no, question.check_code) == (aurora, 2, "STK001")
    assert str(question.period) == "2026-05"
    about.refresh_from_db()
    assert about.state == "asked"
    assert asked_for("portal.contact.tell_question") == 1
    assert "Which invoice belongs" in page_of(dora, f"{QUEUE}{filing.pk}/?part=questions")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "", "due_on": "2099-01-05"}, "Write the question."),
        ({"text": "Why?", "due_on": "2020-01-05"}, "This day is past"),
        ({"text": "Why?", "due_on": "soon"}, "Enter a valid date"),
    ],
)
def test_a_question_that_lacks_something_stays_on_the_page(dora, aurora, fields, words) -> None:
    filing = submitted(aurora)
    answer = signed_in(dora).post(f"{QUEUE}{filing.pk}/ask/", fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert fields["text"] in answer.content.decode()
    assert not Question.objects.exists()


def test_a_line_that_does_not_exist_is_not_asked_about(dora, aurora) -> None:
    filing = submitted(aurora)
    fields = {"text": "Why?", "due_on": "2099-01-05"}
    answer = signed_in(dora).post(f"{QUEUE}{filing.pk}/ask/?line=99", fields)
    assert "no line 99" in answer.content.decode()


@pytest.mark.holds("identity-views-recorded")
def test_each_view_of_clients_leaves_one_event_without_names(dora, fatima, aurora) -> None:
    filing = submitted(aurora)
    for person in (dora, fatima):
        assert "Rheinmotor" in page_of(person, f"{QUEUE}{filing.pk}/?part=lines")
    page_of(dora, f"{QUEUE}{filing.pk}/?part=balances")
    events = Event.objects.filter(verb="identity.viewed", organisation_id=aurora.pk)
    assert events.count() == 2
    assert "Rheinmotor" not in str([event.data for event in events])


def test_lines_show_exact_figures_and_findings_at_their_line(dora, aurora) -> None:
    filing = submitted(aurora)
    finding(aurora, filing)
    page = page_of(dora, f"{QUEUE}{filing.pk}/?part=lines&line=1")
    assert "12.400" in page
    assert "1,000.00" in page
    assert "STK001" in page
    assert 'id="line-1"' in page


ACTIONS = ("start/", "assign/", "accept/", "return/", "ask/")


@pytest.mark.parametrize("person", ["fatima", "emil"])
def test_who_only_supervises_reads_everything_and_does_nothing(person, request, aurora) -> None:
    filing, reader = submitted(aurora), request.getfixturevalue(person)
    page = page_of(reader, f"{QUEUE}{filing.pk}/")
    assert "Start the review" not in page
    assert "Accept the filing" not in page
    assert 'name="chosen"' not in page_of(reader, QUEUE)
    client = signed_in(reader)
    for action in ACTIONS:
        assert client.post(f"{QUEUE}{filing.pk}/{action}").status_code == 403
    assert client.post(f"{QUEUE}decide/", {"action": "accept", "chosen": filing.pk}).status_code == 403
    for call in (
        lambda by: review.accept(by=by, filing_ids=[filing.pk]),
        lambda by: review.start_review(by=by, filing_id=filing.pk),
        lambda by: review.return_(by=by, filing_id=filing.pk, reason="x"),
        lambda by: review.assign(by=by, filing_ids=[filing.pk], to=None),
    ):
        with pytest.raises(Refused) as refusal:
            call(acting(reader))
        assert refusal.value.status == 403
    filing.refresh_from_db()
    assert filing.status == "submitted"


@pytest.mark.parametrize("person", ["alma", "carla", "gus", "nina"])
def test_nobody_else_comes_near(person, request, aurora) -> None:
    filing, client = submitted(aurora), signed_in(request.getfixturevalue(person))
    for url in (QUEUE, f"{QUEUE}{filing.pk}/", f"{QUEUE}?format=csv"):
        assert client.get(url).status_code == 403
    assert client.post(f"{QUEUE}{filing.pk}/accept/").status_code == 403


def many(aurora: Organisation, count: int) -> None:
    for number in range(count):
        code = f"9133{number:014d}"
        of = factories.organisation(code, f"Maker {number:03d}")
        finding(of, submitted(of))


def queries_of(person: User, url: str) -> int:
    client = signed_in(person)
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return len(asked)


def test_the_queue_asks_the_database_the_same_number_of_questions(dora, aurora) -> None:
    many(aurora, 3)
    few = queries_of(dora, QUEUE)
    for number in range(3, 60):
        submitted(factories.organisation(f"9133{number:014d}", f"Maker {number:03d}"))
    assert queries_of(dora, QUEUE) == few
    page = page_of(dora, QUEUE)
    assert "1–50 of 60" in page
    assert "51–60 of 60" in page_of(dora, f"{QUEUE}?page=2")


def test_the_export_holds_every_row_and_runs_no_formula(dora, aurora) -> None:
    aurora.name_en = "=HYPERLINK(1)"
    aurora.save()
    for month in range(1, 6):
        submitted(aurora, f"2026-{month:02d}")
    client = signed_in(dora)
    answer = client.get(f"{QUEUE}?format=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="filings.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 6
    assert ",=HYPERLINK" not in text
    answer = client.get(f"{QUEUE}?format=xlsx&period=2026-05")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.max_row == 2
    assert sheet["C2"].data_type == "s"
    assert Event.objects.filter(verb="list.exported").count() == 2


def test_filters_read_back_as_a_sentence_and_are_kept_under_a_name(dora, fatima, aurora) -> None:
    submitted(aurora)
    query = f"state=submitted&organisation={aurora.pk}&period=2026-05"
    page = page_of(dora, f"{QUEUE}?{query}")
    assert "Filings that are" in page
    assert "May 2026" in page
    client = signed_in(dora)
    kept = client.post("/supervision/views/save/", {"listing": "filings", "name": "Aurora", "query": query})
    assert kept["Location"] == f"{QUEUE}?{query}"
    view = SavedView.objects.get()
    assert "Aurora</a>" in page_of(dora, QUEUE)
    assert "Aurora</a>" not in page_of(fatima, f"{QUEUE}?state=accepted")
    signed_in(fatima).post(f"/supervision/views/{view.pk}/delete/", {"listing": "filings"})
    assert SavedView.objects.exists(), "another person's view stays"
    client.post(f"/supervision/views/{view.pk}/delete/", {"listing": "filings"})
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "period=2026-13",
        "organisation=x",
        "state=odd",
        "page=-1",
        "page=9999999",
        "reviewer=0",
        "since=never",
        "sort=evil",
    ],
)
def test_an_address_typed_by_hand_never_breaks_the_list(dora, aurora, query) -> None:
    submitted(aurora)
    assert signed_in(dora).get(f"{QUEUE}?{query}").status_code == 200
