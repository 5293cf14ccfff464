"""Reminders: five days and one day before, once after, each once, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from portal.accounts.models import User
from portal.contact.models import Message
from portal.contact.services import mail
from portal.core import clock
from portal.core.actors import Actor
from portal.core.clock import BEIJING
from portal.core.months import Month
from reporting.domain.reminders import LATE, SOON, TOMORROW, reminder_of
from reporting.models import Extension, Obligation
from reporting.services import obligations, reminders
from reporting.tasks import obligations as tasks
from tests import factories

MAY = Month.parse("2026-05")


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, aurora, alma, bruno, ada):
    """Do the morning's work of a day of 2026; what was promised by it, as (template, reader)."""
    aurora.reports_from = MAY
    aurora.save()

    def morning(day: str) -> list[tuple[str, str]]:
        moment = datetime.fromisoformat(f"2026-{day}T07:00").replace(tzinfo=BEIJING)
        monkeypatch.setattr(clock, "now", lambda: moment)
        before = set(Message.objects.values_list("pk", flat=True))
        tasks.daily()
        new = Message.objects.exclude(pk__in=before).order_by("recipient__username")
        return [(message.template, message.recipient.username) for message in new]

    return morning


def test_the_day_decides_which_reminder_is_called_for() -> None:
    due = date(2026, 6, 10)
    called = [
        reminder_of(due_on=due, today=due + timedelta(days=days)) for days in (-6, -5, -2, -1, 0, 1, 14, 15)
    ]
    assert called == ["", SOON, SOON, TOMORROW, TOMORROW, LATE, LATE, ""]


def test_preparers_and_certifiers_are_reminded_three_times(on) -> None:
    both = lambda template: [(template, "alma"), (template, "bruno")]  # noqa: E731
    assert on("06-04") == []
    assert on("06-05") == both("filing_due")
    assert on("06-05") == []
    assert on("06-07") == []
    assert on("06-09") == both("filing_due")
    assert on("06-10") == []
    assert on("06-11") == both("filing_overdue")
    assert on("06-12") == []


def test_a_morning_that_was_missed_is_made_up_for(on) -> None:
    assert len(on("06-07")) == 2
    assert len(on("06-10")) == 2


def test_who_has_filed_is_left_alone(on, aurora) -> None:
    factories.filing(aurora, status="submitted", submitted_at=datetime(2026, 6, 2, tzinfo=BEIJING))
    assert on("06-05") == on("06-11") == []


def test_an_extension_brings_new_reminders_at_its_own_time(on) -> None:
    on("06-05")
    moment = clock.now()
    granted = {"until": date(2026, 6, 20), "reason": "r", "state": "granted"}
    Extension.objects.create(period=MAY, asked_at=moment, decided_at=moment, **granted)
    assert on("06-11") == []
    assert len(on("06-15")) == 2


def test_a_past_that_was_loaded_brings_no_flood_of_mail(on, aurora) -> None:
    aurora.reports_from = Month.parse("2024-01")
    aurora.save()
    assert {template for template, _ in on("06-03")} == set()
    assert Obligation.objects.filter(organisation=aurora).count() == 29


def test_people_who_left_are_not_written_to(on, alma) -> None:
    User.objects.filter(pk=alma.pk).update(is_active=False)
    assert on("06-05") == [("filing_due", "bruno")]


def test_each_reads_in_their_own_language(on, alma, bruno) -> None:
    User.objects.filter(pk=bruno.pk).update(language="zh-hans")
    on("06-05")
    english = mail.compose(Message.objects.get(recipient=alma))
    chinese = mail.compose(Message.objects.get(recipient=bruno))
    assert english.subject == "Your filing for May 2026 is due at 24:00 on 10 June 2026, Beijing time"
    assert "Aurora Magnets" in english.text
    assert "2026年5月" in chinese.subject
    assert "曙光磁材有限公司" in chinese.text
    on("06-11")
    assert "missing" in mail.compose(Message.objects.filter(recipient=alma).latest("pk")).subject


def test_the_number_of_queries_does_not_grow_with_organisations(on, django_assert_max_num_queries) -> None:
    on("06-05")
    for number in range(20):
        factories.organisation(f"TEST{number:014d}", f"Works {number}", reports_from=MAY)
    obligations.open_months(by=Actor.system("test"), up_to=MAY)
    with django_assert_max_num_queries(6):
        assert reminders.remind() == 0
