"""Signing: two people, nothing open, one receipt, all or nothing, and nothing changes ever after."""

from __future__ import annotations

import re
import threading
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from portal.accounts.models import Membership, Organisation, User
from portal.audit.models import Event
from portal.core import clock
from portal.core.actors import Actor
from portal.core.clock import BEIJING
from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.core.months import Month
from reporting.domain.canonical import digest_of
from reporting.models import Explanation, FiledParty, FiledProduct, Filing, Line, Obligation
from reporting.queries.receipts import canonical_of
from reporting.services import obligations, signing
from reporting.services.checking import faults_of
from tests import factories
from tests.conftest import acting
from tests.reporting.filled import filled, handed_over, puzzling

JANUARY = Month.parse("2026-01")


def at(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """It is this moment in Beijing."""
    moment = datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    monkeypatch.setattr(clock, "now", lambda: moment)


def signed(filing: Filing, by: User) -> Filing:
    return signing.submit(by=acting(by), filing_id=filing.pk, revision=filing.revision)


def refused(code: str, call: object) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.words()
    return caught.value


def test_the_certifier_signs_what_the_preparer_handed_over(aurora, alma, bruno, monkeypatch) -> None:
    at(monkeypatch, "2026-02-05T10:00")
    filing = signed(filled(aurora, by=alma), bruno)
    filing.refresh_from_db()
    assert (filing.status, filing.submitted_by, filing.on_time, filing.line_count) == (
        "submitted",
        bruno,
        True,
        4,
    )
    assert re.fullmatch(r"LS202601-[2-9A-Z]{5}-[2-9A-Z]{5}", filing.receipt_no)
    assert filing.sha256 == digest_of(canonical_of(filing))
    owed = Obligation.objects.get(organisation=aurora, period=JANUARY)
    assert owed.submitted_at == filing.submitted_at
    event = Event.objects.get(verb="filing.submitted")
    assert event.data["sha256"] == filing.sha256
    sent = set(Outbox.objects.values_list("task", "argument"))
    tasks = ("reporting.check_filing", "reporting.send_receipt", "reporting.hook_received")
    assert sent == {(task, filing.pk) for task in tasks}


@pytest.mark.holds("double-click-files-once")
def test_a_double_click_gives_the_same_receipt_once(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    first, second = signed(filing, bruno), signed(filing, bruno)
    assert (first.receipt_no, first.submitted_at) == (second.receipt_no, second.submitted_at)
    assert Event.objects.filter(verb="filing.submitted").count() == 1


def test_a_filing_after_the_due_time_is_told_so(aurora, alma, bruno, monkeypatch) -> None:
    filing = filled(aurora, by=alma)
    at(monkeypatch, "2026-02-11T00:00:01")
    assert signed(filing, bruno).on_time is False


def test_the_last_second_of_the_due_day_is_on_time(aurora, alma, bruno, monkeypatch) -> None:
    filing = filled(aurora, by=alma)
    at(monkeypatch, "2026-02-11T00:00:00")
    assert signed(filing, bruno).on_time is True


@pytest.mark.holds("double-click-files-once")
@pytest.mark.holds("stale-tab-loses-nothing")
def test_a_stale_page_is_told(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    Filing.objects.filter(pk=filing.pk).update(revision=7)
    refused("stale", lambda: signed(filing, bruno))


def test_errors_stand_in_the_way(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    Line.objects.filter(filing=filing, line_no=4).update(quantity_g=30_000)
    assert "error" in {fault.severity for fault in faults_of(filing)}
    refused("errors_open", lambda: signed(filing, bruno))
    assert Filing.objects.get().status == "handed_over"


def test_a_warning_must_be_explained_and_the_explanation_is_signed_too(aurora, alma, bruno) -> None:
    filing = filled(aurora)
    puzzling(filing)
    warning = next(fault for fault in faults_of(filing) if fault.severity == "warning")
    handed_over(filing, alma)
    refused("warnings_unexplained", lambda: signed(filing, bruno))
    before = canonical_of(filing)
    explained = {"by": alma, "at": clock.now(), "code": warning.code, "subject": warning.subject}
    Explanation.objects.create(filing=filing, text="An old number, being replaced.", **explained)
    assert canonical_of(filing) != before
    assert signed(filing, bruno).status == "submitted"


def test_explanations_of_what_no_longer_stands_are_not_signed(aurora, alma, bruno) -> None:
    filing = filled(aurora)
    Explanation.objects.create(
        filing=filing, code="TRD001", subject="line:2", text="gone", by=alma, at=clock.now()
    )
    signed(handed_over(filing, alma), bruno)
    assert not Explanation.objects.exists()


def test_one_person_cannot_prepare_and_sign_where_two_are_asked_for(borealis, carla) -> None:
    filing = filled(borealis, by=carla)
    refused("same_person", lambda: signed(filing, carla))
    Filing.objects.update(status="draft")
    refused("not_handed_over", lambda: signed(filing, carla))


def test_one_person_may_do_both_where_the_organisation_allows_it(borealis, carla) -> None:
    Organisation.objects.filter(pk=borealis.pk).update(separate_signer=False)
    assert signed(filled(borealis), carla).status == "submitted"


def test_the_database_itself_refuses_one_person_for_both(borealis, carla) -> None:
    filing = filled(borealis, by=carla)
    values = {"status": "submitted", "submitted_at": clock.now(), "submitted_by": carla}
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(**values)


def test_the_preparer_cannot_sign_and_others_do_not_see_it(aurora, alma, bruno, carla) -> None:
    filing = filled(aurora, by=alma)
    assert refused("not_permitted", lambda: signed(filing, alma)).status == 403
    with pytest.raises(Http404):
        signed(filing, carla)


@pytest.mark.holds("disabling-acts-at-once")
def test_a_role_taken_away_acts_at_once(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    Membership.objects.filter(user=bruno).delete()
    refused("not_permitted", lambda: signed(filing, bruno))


def test_a_month_that_is_not_over_cannot_be_signed(aurora, alma, bruno, monkeypatch) -> None:
    filing = filled(aurora, by=alma)
    at(monkeypatch, "2026-01-31T23:59")
    refused("month_not_over", lambda: signed(filing, bruno))


def test_a_filing_without_lines_is_a_nil_return_or_nothing(aurora, alma, bruno) -> None:
    filing = handed_over(factories.filing(aurora, "2026-01"), alma)
    refused("no_lines", lambda: signed(filing, bruno))


# Nil returns


def test_a_nil_return_is_filed_in_one_step(aurora, bruno, monkeypatch) -> None:
    at(monkeypatch, "2026-02-05T10:00")
    nil = signing.file_nil(by=acting(bruno), organisation=aurora, period=JANUARY)
    again = signing.file_nil(by=acting(bruno), organisation=aurora, period=JANUARY)
    assert (nil.pk, nil.receipt_no) == (again.pk, again.receipt_no)
    assert (nil.nil, nil.status, nil.line_count, nil.on_time) == (True, "submitted", 0, True)
    assert Obligation.objects.get(organisation=aurora, period=JANUARY).nil is True


def test_a_nil_return_is_refused_where_lines_exist_or_the_month_is_filed(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    nil = lambda: signing.file_nil(by=acting(bruno), organisation=aurora, period=JANUARY)  # noqa: E731
    refused("lines_exist", nil)
    signed(filing, bruno)
    refused("already_filed", nil)


def test_a_nil_return_takes_an_empty_draft_with_it(aurora, bruno) -> None:
    draft = factories.filing(aurora, "2026-01")
    assert signing.file_nil(by=acting(bruno), organisation=aurora, period=JANUARY).pk == draft.pk


def test_nobody_files_nil_for_another_organisation(aurora, carla) -> None:
    with pytest.raises(Http404):
        signing.file_nil(by=acting(carla), organisation=aurora, period=JANUARY)


# Once submitted nothing changes: the database says so, whoever asks


CONTENT = {
    "period": 24_313,
    "version": 9,
    "nil": True,
    "amendment_reason": "x",
    "line_count": 9,
    "submitted_at": "2020-01-01T00:00:00Z",
    "on_time": False,
    "sha256": "0" * 64,
    "receipt_no": "LS000000-00000-00000",
    "source": "api",
}


@pytest.fixture
def submitted(aurora: Organisation, alma: User, bruno: User, monkeypatch: pytest.MonkeyPatch) -> Filing:
    at(monkeypatch, "2026-02-05T10:00")
    filing = filled(aurora, by=alma)
    Explanation.objects.create(
        filing=filing, code="IDN001", subject="counterparty:C-01", text="so", by=alma, at=clock.now()
    )
    puzzling(filing)
    return signed(filing, bruno)


@pytest.mark.parametrize("column", CONTENT)
def test_no_column_of_a_submitted_filing_changes(submitted: Filing, column: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Filing.objects.filter(pk=submitted.pk).update(**{column: CONTENT[column]})


@pytest.mark.parametrize(
    "change",
    [
        lambda f: Line.objects.filter(filing=f, line_no=2).update(quantity_g=1),
        lambda f: Line.objects.filter(filing=f).update(note="x"),
        lambda f: Line.objects.filter(filing=f, line_no=2).delete(),
        lambda f: Line.objects.create(filing=f, line_no=9),
        lambda f: Line.objects.bulk_create([Line(filing=f, line_no=10)]),
        lambda f: Explanation.objects.filter(filing=f).update(text="x"),
        lambda f: Explanation.objects.filter(filing=f).delete(),
        lambda f: Explanation.objects.create(
            filing=f, code="X", subject="x", text="x", by_id=f.submitted_by_id, at=f.submitted_at
        ),
        lambda f: Filing.objects.filter(pk=f.pk).delete(),
        lambda f: Filing.objects.filter(pk=f.pk).update(status="draft", submitted_at=None),
        lambda f: Filing.objects.filter(pk=f.pk).update(organisation_id=f.organisation_id + 1),
        lambda f: Filing.objects.filter(pk=f.pk).update(submitted_by=None),
    ],
)
def test_nothing_of_a_submitted_filing_is_changed_added_or_taken_away(submitted: Filing, change) -> None:
    before = canonical_of(submitted)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(submitted)
    assert canonical_of(submitted) == before


def test_a_line_cannot_be_moved_into_a_submitted_filing(submitted: Filing) -> None:
    other = factories.filing(submitted.organisation, "2026-02")
    line = Line.objects.create(filing=other, line_no=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(filing=submitted)


@pytest.mark.parametrize(
    ("path", "move"),
    [
        (["submitted"], "draft"),
        (["submitted"], "handed_over"),
        (["accepted"], "withdrawn"),
        (["accepted"], "submitted"),
        (["returned"], "withdrawn"),
        (["returned"], "submitted"),
        (["withdrawn"], "submitted"),
        (["withdrawn"], "accepted"),
        (["withdrawn"], "draft"),
    ],
)
def test_illegal_moves_are_refused_by_the_database(submitted: Filing, path: list[str], move: str) -> None:
    for status in path:
        Filing.objects.filter(pk=submitted.pk).exclude(status=status).update(status=status)
    with pytest.raises(DatabaseError), transaction.atomic():
        Filing.objects.filter(pk=submitted.pk).update(status=move)


# All or nothing: a trigger raises at each write of "submit", one after the other


WRITES = [
    ("reporting_filedparty", "INSERT"),
    ("reporting_filedproduct", "INSERT"),
    ("reporting_explanation", "DELETE"),
    ("reporting_filing", "UPDATE"),
    ("reporting_obligation", "INSERT"),
    ("reporting_obligation", "UPDATE"),
    ("audit_event", "INSERT"),
    ("core_outbox", "INSERT"),
]


def settled(filing: Filing, by: User) -> Filing:
    """An explanation of something that no longer stands: taken away on signing."""
    Explanation.objects.create(filing=filing, code="X", subject="x", text="x", by=by, at=clock.now())
    return filing


def snapshot() -> dict[str, list[object]]:
    models = (Filing, Line, Explanation, FiledParty, FiledProduct, Obligation, Event, Outbox)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def sabotage(table: str, verb: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sabotage'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER sabotage AFTER {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION sabotage()"
            )
        else:
            cursor.execute(
                f"CREATE TRIGGER sabotage AFTER {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'sabotage'); END"
            )


@pytest.mark.holds("submission-all-or-nothing")
@pytest.mark.parametrize(("table", "verb"), WRITES)
def test_a_submission_is_all_or_nothing(aurora, alma, bruno, monkeypatch, table: str, verb: str) -> None:
    at(monkeypatch, "2026-02-05T10:00")
    filing = settled(filled(aurora, by=alma), alma)
    before = snapshot()
    sabotage(table, verb)
    with pytest.raises(DatabaseError, match="sabotage"), transaction.atomic():
        signed(filing, bruno)
    assert snapshot() == before


@pytest.mark.holds("submission-all-or-nothing")
def test_every_table_that_submit_writes_is_in_that_list(
    aurora, alma, bruno, django_assert_max_num_queries
) -> None:
    filing = settled(filled(aurora, by=alma), alma)
    with django_assert_max_num_queries(80) as captured:
        signed(filing, bruno)
    kept = {asked.split(" (")[0]: sql for sql, asked in getattr(connection, "prepared", {}).items()}
    asked = (kept.get(query["sql"].split(" (")[0], query["sql"]) for query in captured)
    statements = [
        re.match(r'(INSERT|UPDATE|DELETE)(?: OR IGNORE)?(?: INTO| FROM)? "?(\w+)"?', sql) for sql in asked
    ]
    written = {(match[2], match[1].split()[0]) for match in statements if match}
    assert written == {*WRITES, ("reporting_obligation", "DELETE")}  # the last takes nothing away here


def test_the_obligations_keep_their_count_of_queries(aurora, alma, bruno) -> None:
    obligations.open_months(by=Actor.system("test"), up_to=JANUARY)
    assert signed(filled(aurora, by=alma), bruno).on_time is not None


@pytest.mark.django_db(transaction=True)
def test_a_line_written_while_somebody_signs_waits_and_does_not_slip_in(aurora, alma, bruno) -> None:
    """On PostgreSQL, where two write at once; SQLite lets one write at a time."""
    filing = filled(aurora, by=alma)
    refusals: list[str] = []

    def write() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
                Line.objects.create(filing=filing, line_no=99)
        except DatabaseError as error:
            refusals.append(str(error))
        finally:
            connection.close()

    if connection.vendor == "postgresql":
        with transaction.atomic():
            signed(filing, bruno)
            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
        assert "lock timeout" in refusals[0]
    assert Line.objects.filter(filing=filing).count() == 4
