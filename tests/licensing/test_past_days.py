"""What was true on a past day stays so: every suspension counts, and a licence that comes late finds its declarations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from licensing.models import Declaration, Licence
from licensing.queries.licences import holds_on
from licensing.services import bulk, declarations, licences
from licensing.tasks.licences import judge_unknown
from portal.accounts.models import Organisation
from portal.audit.models import Event
from portal.core import clock
from portal.core.models import Outbox
from tests.licensing import issued
from tests.licensing.declared import item

pytestmark = pytest.mark.django_db


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "today", lambda: day)


def test_every_suspension_of_a_licence_counts_for_its_days(
    aurora: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = issued.licence(aurora)
    today = clock.today()
    for first, lifted in ((5, 8), (12, 14), (20, 21)):
        on(monkeypatch, today + timedelta(days=first))
        licences.suspend(by=issued.OFFICE, licence_id=licence.pk)
        on(monkeypatch, today + timedelta(days=lifted))
        licences.lift(by=issued.OFFICE, licence_id=licence.pk)
    on(monkeypatch, today + timedelta(days=30))
    licence.refresh_from_db()
    faulty = [day for day in range(30) if holds_on(licence, today + timedelta(days=day)) == "suspended"]
    assert faulty == [5, 6, 7, 12, 13, 20]
    assert len(licence.suspensions_before) == 2


def test_a_suspension_lifted_on_its_first_day_leaves_nothing(
    aurora: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = issued.licence(aurora)
    today = clock.today()
    licences.suspend(by=issued.OFFICE, licence_id=licence.pk)
    licences.lift(by=issued.OFFICE, licence_id=licence.pk)
    on(monkeypatch, today + timedelta(days=3))
    licences.suspend(by=issued.OFFICE, licence_id=licence.pk)
    licence.refresh_from_db()
    assert licence.earlier_suspensions == []
    assert holds_on(licence, today) == ""


def test_a_load_that_names_a_later_suspension_keeps_the_one_before(aurora: Organisation) -> None:
    licence = issued.licence(aurora)
    Licence.objects.filter(pk=licence.pk).update(
        suspended_from=date(2026, 3, 1), suspended_until=date(2026, 3, 9)
    )
    row = {
        "licence_no": licence.licence_no,
        "tolerance_pct": 0,
        "suspended_from": date(2026, 5, 1),
        "suspended_until": date(2026, 5, 2),
    }
    bulk.change_licences([row])
    bulk.change_licences([row])
    licence.refresh_from_db()
    assert licence.suspensions_before == ((date(2026, 3, 1), date(2026, 3, 9)),)
    assert licence.suspended_from == date(2026, 5, 1)


def test_a_declaration_waits_for_its_licence(aurora: Organisation) -> None:
    early, _new = declarations.record(
        by=issued.CUSTOMS, item=item(licence_no="LATE-1", quantity_g=4_000), door="api"
    )
    assert (early.state, early.reason) == ("refused", "licence_unknown")
    licence = issued.licence(aurora, licence_no="LATE-1")
    assert Outbox.objects.filter(task="licensing.judge_unknown").count() == 1
    judge_unknown(0)
    early.refresh_from_db()
    assert (early.state, early.reason, early.licence) == ("drawn", "", licence)
    assert issued.line_of(licence).drawn_g == 4_000
    event = Event.objects.get(verb="declaration.judged_again")
    assert (event.subject_id, event.data["state"]) == (early.pk, "drawn")
    judge_unknown(0)
    assert issued.line_of(licence).drawn_g == 4_000
    assert Event.objects.filter(verb="declaration.judged_again").count() == 1


def test_what_still_cannot_be_drawn_says_why(aurora: Organisation, borealis: Organisation) -> None:
    for number, grams in (("D-1", 6_000), ("D-2", 6_000)):
        declarations.record(
            by=issued.CUSTOMS,
            item=item(number, licence_no="LATE-1", quantity_g=grams),
            door="api",
        )
    declarations.record(
        by=issued.CUSTOMS, item=item("D-3", licence_no="LATE-1", exporter=borealis.uscc), door="api"
    )
    issued.licence(aurora, licence_no="LATE-1")
    assert declarations.judge_unknown() == 3
    told = list(Declaration.objects.order_by("declaration_no").values_list("state", "reason"))
    assert told == [("drawn", ""), ("refused", "over_balance"), ("refused", "exporter_other")]
    assert declarations.judge_unknown() == 0
