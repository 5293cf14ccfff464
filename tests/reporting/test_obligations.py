"""Obligations: what is due when, and why then; late, missing, nil; one statement for a whole nation."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.accounts.models import Organisation
from portal.audit.models import Event
from portal.core.actors import Actor
from portal.core.clock import BEIJING, end_of_day
from portal.core.months import Month
from portal.registry.models import CalendarDay
from reporting.models import Extension, Filing, Obligation
from reporting.queries.obligations import obligations_of, with_state
from reporting.services import obligations
from tests import factories

SYSTEM = Actor.system("test")
MAY = Month.parse("2026-05")


def at(text: str) -> datetime:
    """An instant in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def opened(up_to: str = "2026-05") -> int:
    return obligations.open_months(by=SYSTEM, up_to=Month.parse(up_to))


def filed(of: Organisation, period: str, moment: str, **fields: object) -> Filing:
    values = {"status": "submitted", "submitted_at": at(moment)} | fields
    return factories.filing(of, period, **values)


def state_on(organisation: Organisation, period: str, moment: str) -> str:
    """As the page says it, and proved equal to what the database says."""
    now, month = at(moment), Month.parse(period)
    duty = next(duty for duty in obligations_of(organisation, now, last=month) if duty.period == month)
    row = with_state(Obligation.objects.filter(organisation=organisation, period=month), now).first()
    if row is not None:
        assert row.state == duty.state
    return duty.state


def test_every_reporting_organisation_owes_every_month_of_its_span(
    aurora: Organisation, borealis: Organisation
) -> None:
    Organisation.objects.filter(pk=borealis.pk).update(
        reports_from=Month.parse("2026-03"), reports_until=Month.parse("2026-04")
    )
    factories.organisation("91440300MA5FBD7Q9T", "A pure applicant", reports_from=None)
    assert opened() == 5 + 2
    months = (
        Obligation.objects.filter(organisation=borealis).order_by("period").values_list("period", flat=True)
    )
    assert [str(month) for month in months] == ["2026-03", "2026-04"]


def test_opening_again_makes_nothing_more_and_says_so_once_in_the_trail(aurora: Organisation) -> None:
    assert (opened(), opened()) == (5, 0)
    assert Event.objects.filter(verb="obligations.opened").count() == 1


def test_a_duty_that_ended_takes_its_later_months_away(aurora: Organisation) -> None:
    opened()
    Organisation.objects.filter(pk=aurora.pk).update(reports_until=Month.parse("2026-02"))
    opened()
    assert Obligation.objects.filter(organisation=aurora).count() == 2


@pytest.mark.parametrize(
    ("period", "due"),
    [
        ("2026-03", "2026-04-10"),  # a Friday
        ("2026-04", "2026-05-11"),  # the 10th is a Sunday
        ("2026-09", "2026-10-10"),  # a Saturday, and a make-up workday
        ("2025-09", "2025-10-10"),  # the first working day after the National Day holidays
        ("2024-01", "2024-02-18"),  # Spring Festival; the Sunday after it was a make-up workday
    ],
)
def test_the_tenth_is_rolled_to_the_next_working_day(aurora: Organisation, period: str, due: str) -> None:
    Organisation.objects.filter(pk=aurora.pk).update(reports_from=Month.parse("2024-01"))
    opened("2026-09")
    row = Obligation.objects.get(organisation=aurora, period=Month.parse(period))
    assert row.due_on == date.fromisoformat(due)
    assert row.due_at == end_of_day(date.fromisoformat(due))


def test_a_corrected_calendar_moves_the_due_day(aurora: Organisation) -> None:
    opened()
    CalendarDay.objects.create(date=date(2026, 6, 10), working=False)
    obligations.refresh()
    assert Obligation.objects.get(period=MAY).due_on == date(2026, 6, 11)


def test_the_states_of_a_month_one_after_the_other(aurora: Organisation) -> None:
    opened()
    assert state_on(aurora, "2026-05", "2026-05-20T12:00") == "not_due"
    assert state_on(aurora, "2026-05", "2026-06-01T00:00") == "due"
    draft = factories.filing(aurora)
    assert state_on(aurora, "2026-05", "2026-06-02T00:00") == "draft"
    assert state_on(aurora, "2026-05", "2026-06-10T23:59:59") == "draft"
    assert state_on(aurora, "2026-05", "2026-06-11T00:00") == "missing"
    Filing.objects.filter(pk=draft.pk).update(status="submitted", submitted_at=at("2026-06-10T23:59:59"))
    obligations.refresh()
    assert state_on(aurora, "2026-05", "2026-06-11T00:00") == "filed"


def test_filed_on_the_stroke_of_midnight_is_on_time_and_a_second_later_is_late(aurora: Organisation) -> None:
    filed(aurora, "2026-04", "2026-05-12T00:00:00")
    filed(aurora, "2026-05", "2026-06-11T00:00:01", nil=True)
    opened()
    assert state_on(aurora, "2026-04", "2026-06-12T00:00") == "filed"
    assert state_on(aurora, "2026-05", "2026-06-12T00:00") == "late"


def test_a_nil_return_is_not_missing(aurora: Organisation) -> None:
    filed(aurora, "2026-05", "2026-06-05T10:00", nil=True)
    opened()
    assert state_on(aurora, "2026-05", "2026-07-01T00:00") == "nil"


def test_an_amendment_keeps_the_first_time_and_a_withdrawal_loses_it(aurora: Organisation) -> None:
    filed(aurora, "2026-05", "2026-06-05T10:00")
    filed(aurora, "2026-05", "2026-08-05T10:00", version=2, amendment_reason="a line forgotten")
    opened()
    assert state_on(aurora, "2026-05", "2026-09-01T00:00") == "filed"
    Filing.objects.filter(version=1).update(status="withdrawn")
    obligations.refresh(organisation_ids=[aurora.pk], periods=[MAY])
    assert state_on(aurora, "2026-05", "2026-09-01T00:00") == "late"
    Filing.objects.filter(version=2).update(status="withdrawn")
    obligations.refresh()
    assert state_on(aurora, "2026-05", "2026-09-01T00:00") == "missing"


def test_the_later_of_two_extensions_counts_own_or_for_all(
    aurora: Organisation, borealis: Organisation
) -> None:
    now = at("2026-06-09T10:00")
    for whose, until, state in (
        (None, "2026-06-15", "granted"),
        (aurora, "2026-06-20", "granted"),
        (borealis, "2026-06-12", "granted"),
        (borealis, "2026-06-30", "refused"),
    ):
        decided = {"decided_at": now}
        Extension.objects.create(
            organisation=whose,
            period=MAY,
            until=date.fromisoformat(until),
            reason="r",
            state=state,
            asked_at=now,
            **decided,
        )
    opened()
    due = {row.organisation_id: row.due_at for row in Obligation.objects.filter(period=MAY)}
    assert due == {aurora.pk: end_of_day(date(2026, 6, 20)), borealis.pk: end_of_day(date(2026, 6, 15))}
    assert Obligation.objects.filter(period=MAY, due_on=date(2026, 6, 10)).count() == 2


def test_the_rule_behind_the_day_is_said_in_both_languages(aurora: Organisation) -> None:
    now = at("2026-05-05T10:00")
    april = next(duty for duty in obligations_of(aurora, now) if str(duty.period) == "2026-04")
    assert april.rule == "10 May 2026 is a Sunday; due on Monday 11 May 2026, 24:00 Beijing time."
    with translation.override("zh-hans"):
        assert "2026年5月10日" in april.rule
        assert "2026年5月11日" in april.rule


def test_months_without_a_row_yet_are_shown_with_their_due_day(aurora: Organisation) -> None:
    duties = obligations_of(aurora, at("2026-05-05T10:00"))
    assert [str(duty.period) for duty in duties][-1] == "2026-05"
    assert (duties[-1].state, duties[-1].due_at) == ("not_due", end_of_day(date(2026, 6, 10)))


def test_the_work_does_not_grow_with_the_number_of_organisations(aurora: Organisation) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            opened()
            obligations.refresh()
        return len(captured)

    few = queries()
    for number in range(30):
        factories.organisation(f"TEST{number:014d}", f"Works {number}")
    Obligation.objects.all().delete()
    assert queries() == few
    assert Obligation.objects.count() == 31 * 5


def test_a_refresh_changes_nothing_that_is_right(aurora: Organisation) -> None:
    filed(aurora, "2026-05", "2026-06-05T10:00")
    opened()
    before = list(Obligation.objects.order_by("period").values())
    obligations.refresh()
    assert list(Obligation.objects.order_by("period").values()) == before


def test_a_loaded_past_is_judged_by_the_instants_it_brings(aurora: Organisation) -> None:
    for month in range(1, 5):
        late = timedelta(days=40 if month == 2 else 3)
        filing = factories.filing(
            aurora,
            f"2026-0{month}",
            status="submitted",
            submitted_at=at(f"2026-0{month + 1}-01T00:00") + late,
        )
        assert filing.pk
    opened()
    now = at("2026-12-01T00:00")
    states = [str(duty.state) for duty in obligations_of(aurora, now, last=MAY)]
    assert states == ["filed", "late", "filed", "filed", "missing"]
