"""The calendar feed: a secret address, RFC 5545 to the letter, no trade data."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import Organisation
from portal.audit.models import Event
from portal.core import clock
from portal.core.actors import Actor
from portal.core.clock import BEIJING
from portal.core.months import Month
from reporting.domain.ical import Entry, calendar_text, escaped, folded
from reporting.services import calendars, obligations
from tests import factories
from tests.conftest import acting, signed_in


@pytest.fixture(autouse=True)
def june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 4, 10, tzinfo=BEIJING))


def feed(key: str, query: str = "") -> str:
    response = Client().get(f"/calendar/{key}.ics{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content.decode()


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_feed_shows_due_days_with_reminders(aurora, alma) -> None:
    lines = unfolded(feed(calendars.renew_calendar_key(by=acting(alma))))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "SUMMARY:File May 2026 by 24:00 Beijing time" in lines
    assert "DTSTART;VALUE=DATE:20260610" in lines
    assert "DTSTART;VALUE=DATE:20260511" in lines  # the 10th is a Sunday
    start = lines.index("SUMMARY:File May 2026 by 24:00 Beijing time")
    event = lines[start : lines.index("END:VEVENT", start)]
    assert [line for line in event if line.startswith("TRIGGER")] == ["TRIGGER:-P4DT15H", "TRIGGER:-P0DT15H"]
    assert sum(line == "BEGIN:VEVENT" for line in lines) == sum(line == "END:VEVENT" for line in lines) == 17


def test_what_is_filed_is_said_and_rings_no_more(aurora, alma) -> None:
    factories.filing(aurora, status="submitted", submitted_at=clock.now())
    obligations.open_months(by=Actor.system("test"), up_to=Month.parse("2026-05"))
    lines = unfolded(feed(calendars.renew_calendar_key(by=acting(alma))))
    start = lines.index("SUMMARY:Filed: May 2026")
    assert "BEGIN:VALARM" not in lines[start : lines.index("END:VEVENT", start)]


def test_both_languages_by_parameter_or_by_the_readers_program(aurora, alma) -> None:
    key = calendars.renew_calendar_key(by=acting(alma))
    assert "曙光磁材有限公司" in feed(key, "?lang=zh-hans")
    assert "Aurora Magnets" in feed(key, "?lang=en")
    assert "Aurora Magnets" in feed(key, "?lang=xx")
    chinese = Client(headers={"accept-language": "zh-CN"}).get(f"/calendar/{key}.ics").content.decode()
    assert "曙光磁材有限公司" in chinese


def test_a_new_address_kills_the_old_one_and_turning_off_kills_both(aurora, alma) -> None:
    first = calendars.renew_calendar_key(by=acting(alma))
    second = calendars.renew_calendar_key(by=acting(alma))
    assert len(second) >= 43
    assert Client().get(f"/calendar/{first}.ics").status_code == 404
    feed(second)
    calendars.turn_off_calendar(by=acting(alma))
    assert Client().get(f"/calendar/{second}.ics").status_code == 404
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["calendar.renewed", "calendar.renewed", "calendar.turned_off"]
    assert second not in str(list(Event.objects.values()))


def test_a_suspended_organisation_has_no_feed(aurora, alma) -> None:
    key = calendars.renew_calendar_key(by=acting(alma))
    Organisation.objects.update(state="suspended")
    assert Client().get(f"/calendar/{key}.ics").status_code == 404


def test_the_address_is_made_and_turned_off_on_the_page_by_post_only(aurora, alma) -> None:
    client = signed_in(alma)
    assert client.get("/calendar/renew/").status_code == 405
    client.post("/calendar/renew/")
    key = Organisation.objects.get(pk=aurora.pk).calendar_key
    assert f"/calendar/{key}.ics" in client.get("/calendar/").content.decode()
    client.post("/calendar/off/")
    assert "Make the address" in client.get("/calendar/").content.decode()


@given(st.text(max_size=300))
def test_no_text_breaks_the_form(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    entry = Entry("u", date(2026, 6, 10), text, text, "https://x/", datetime(2026, 6, 4, tzinfo=UTC))
    written = calendar_text(name=text, product="p", entries=[entry])
    raw = written.encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in raw)
    assert b"\n" not in b"".join(raw)
    assert re.fullmatch(
        r"SUMMARY:(?:[^\\;,\n]|\\[\\;,n])*",
        next(x for x in unfolded(written) if x.startswith("SUMMARY")),
        re.DOTALL,
    )


def test_escaping_and_folding_as_the_standard_shows_them() -> None:
    assert escaped("a;b,c\\d\r\ne\x07") == "a\\;b\\,c\\\\d\\ne"
    line = "DESCRIPTION:" + "磁" * 60
    assert folded(line).replace("\r\n ", "") == line
    assert all(len(part.encode()) <= 75 for part in folded(line).split("\r\n"))
