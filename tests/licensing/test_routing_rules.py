"""Queues and rules: read in words, changed by dated versions that are looked at first, never rewritten or deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from licensing.domain.routing import Content, changed
from licensing.models import Queue, Routing, RoutingRule
from licensing.queries.routing_rules import (
    all_rules,
    preview_of,
    shown_rules,
    state_on,
    token_of,
    versions_of,
)
from licensing.queries.rule_words import conditions
from licensing.services import queues, routing_rules
from portal.accounts.models import User
from portal.audit.models import Event
from portal.core import clock
from portal.core.clock import BEIJING
from portal.core.errors import Refused
from tests.conftest import acting, signed_in
from tests.licensing.applied import hugo, iris, submitted

__all__ = ["hugo", "iris"]

PAGE = "/casework/rules/"
WORDS = "The minister asked for it."
GERMANY = Content(50, {"destination": ["DE"]}, queue="watch")


def tomorrow(days: int = 1) -> date:
    return clock.today() + timedelta(days=days)


def seen(code: str) -> str:
    return token_of(RoutingRule.objects.filter(code=code))


def added(by: User, content: Content = GERMANY, code: str = "germany", **more: Any) -> RoutingRule:
    first = more.pop("first_day", tomorrow())
    return routing_rules.add(by=acting(by), code=code, content=content, first_day=first, reason=WORDS)


def on(day: date) -> Any:
    return clock.set_to(datetime(day.year, day.month, day.day, 10, tzinfo=BEIJING))


def sent(**more: Any) -> dict[str, Any]:
    plain = {"code": "germany", "does": "watch", "position": "50", "destination": "de; FR", "reason": WORDS}
    return plain | {"first_day": tomorrow().isoformat()} | more


@pytest.mark.parametrize(
    ("wants", "words"),
    [
        ({}, []),
        ({"kind": ["general"]}, ["the licence is general"]),
        ({"purpose": ["renewal", "amendment"]}, ["it is applied for as renewal or amendment"]),
        (
            {"destination": ["JP", "US", "DE"], "control_code": ["1C904*"]},
            [
                "the goods go to Japan, United States or Germany, or a party sits there",
                "a good falls under 1C904 and all below it",
            ],
        ),
        ({"flag": ["not_controlled"]}, ["it bears the flag “Nothing in it is controlled”"]),
        ({"province": ["Jiangxi"]}, ["the applicant sits in Jiangxi"]),
    ],
)
def test_conditions_are_said_in_words(wants: dict[str, list[str]], words: list[str]) -> None:
    with translation.override("en"):
        assert conditions(wants) == words


def test_the_office_reads_and_the_administrator_alone_changes(emil: User, hugo: User, alma: User) -> None:
    page = signed_in(hugo).get(PAGE).content.decode()
    assert "it is applied for as renewal or amendment" in page
    assert "Renewals and amendments" in page
    assert "/casework/new-rule/" not in page
    assert "/casework/new-rule/" in signed_in(emil).get(PAGE).content.decode()
    assert signed_in(alma).get(PAGE).status_code == 403
    for address in (
        "/casework/new-rule/",
        f"{PAGE}general/change/",
        f"{PAGE}general/end/",
        "/casework/new-queue/",
    ):
        assert signed_in(hugo).get(address).status_code == 403
    with pytest.raises(Refused) as refusal:
        added(hugo)
    assert refusal.value.code == "not_permitted"
    assert signed_in(emil).get(f"{PAGE}nothing/").status_code == 404


def test_a_rule_is_looked_at_before_it_holds(alma: User, bruno: User, emil: User) -> None:
    case = submitted(alma, bruno)
    page = signed_in(emil)
    preview = page.post("/casework/new-rule/", sent()).content.decode()
    assert "1 open case would be judged otherwise" in preview
    assert str(case.number) in preview
    assert not RoutingRule.objects.filter(code="germany").exists()
    edited = page.post("/casework/new-rule/", sent(action="edit"))
    assert edited.status_code == 200
    assert 'value="de; FR"' in edited.content.decode()
    assert not RoutingRule.objects.filter(code="germany").exists()
    done = page.post("/casework/new-rule/", sent(action="confirm"))
    assert (done.status_code, done["Location"]) == (302, f"{PAGE}germany/")
    made = RoutingRule.objects.get(code="germany")
    assert (made.version, made.wants, made.valid_from) == (1, {"destination": ["DE", "FR"]}, tomorrow())
    event = Event.objects.filter(verb__startswith="routing_rule.").get()
    assert (event.verb, event.data["code"], event.data["version"]) == ("routing_rule.added", "germany", 1)
    case.refresh_from_db()
    assert case.queue == "individual"  # what is in the office stays where it is
    assert WORDS in page.get(f"{PAGE}germany/").content.decode()


def test_a_rule_acts_from_its_first_day_on(alma: User, bruno: User, emil: User) -> None:
    added(emil)
    assert submitted(alma, bruno).queue == "individual"
    with on(tomorrow()):
        case = submitted(alma, bruno)
    assert case.queue == "watch"
    routing = Routing.objects.get(application=case)
    assert (routing.rule, routing.rule_version, routing.list_version) == ("germany", 1, case.list_version)


def test_a_rule_raises_a_flag_that_another_routes_by(alma: User, bruno: User, emil: User) -> None:
    added(emil, Content(10, {"control_code": ["1C905*"]}, flag="closer_look"), "terbium")
    added(emil, Content(20, {"flag": ["closer_look"]}, queue="watch"), "looked_at")
    with on(tomorrow()):
        case = submitted(alma, bruno)
    assert case.queue == "watch"
    flag = case.flags.get(code="closer_look")
    assert (flag.rule, flag.lowered_at) == ("terbium", None)


def test_a_change_is_the_next_version_and_undone_by_another(emil: User) -> None:
    added(emil)
    with on(tomorrow(5)):
        later = Content(50, {"destination": ["FR"]}, queue="watch")
        routing_rules.change(
            by=acting(emil),
            code="germany",
            content=later,
            first_day=tomorrow(3),
            reason=WORDS,
            seen=seen("germany"),
        )
        rows = {one.row.version: one for one in versions_of("germany")}
        assert (rows[1].row.valid_until, rows[1].state) == (tomorrow(2), "in_force")
        assert (rows[2].row.valid_from, rows[2].state) == (tomorrow(3), "to_come")
        # what version 1 says, taken up again before version 2 began
        page = signed_in(emil)
        form = page.get(f"{PAGE}germany/change/?version=1").content.decode()
        assert 'value="DE"' in form
        answer = page.post(
            f"{PAGE}germany/change/?version=1",
            sent(seen=seen("germany"), destination="DE", action="confirm"),
        )
        assert answer.status_code == 302
        states = {one.row.version: one.state for one in versions_of("germany")}
        assert states == {1: "in_force", 2: "taken_back", 3: "to_come"}
        assert RoutingRule.objects.get(code="germany", version=3).wants == {"destination": ["DE"]}
    verbs = list(Event.objects.filter(verb__startswith="routing_rule.").values_list("verb", flat=True))
    assert sorted(verbs) == ["routing_rule.added", "routing_rule.changed", "routing_rule.changed"]


def test_what_is_previewed_is_what_is_written(emil: User) -> None:
    added(emil)
    for content, first in (
        (Content(60, {}, queue="general"), 4),
        (GERMANY, 2),
        (Content(70, {}, queue="watch"), 9),
    ):
        expected = changed(all_rules(), "germany", tomorrow(first), content)
        routing_rules.change(
            by=acting(emil),
            code="germany",
            content=content,
            first_day=tomorrow(first),
            reason=WORDS,
            seen=seen("germany"),
        )
        assert all_rules() == expected
    expected = changed(all_rules(), "germany", tomorrow(), None)
    routing_rules.end(by=acting(emil), code="germany", last=clock.today(), reason=WORDS, seen=seen("germany"))
    assert all_rules() == expected


def test_ending_the_last_rule_says_that_cases_will_lie_in_no_queue(
    alma: User, bruno: User, emil: User
) -> None:
    submitted(alma, bruno)
    page, address = signed_in(emil), f"{PAGE}all_others/end/"
    given = {"last": clock.today().isoformat(), "reason": WORDS, "seen": seen("all_others")}
    preview = page.post(address, given).content.decode()
    assert "1 of them would lie in no queue" in preview
    assert page.post(address, given | {"action": "confirm"}).status_code == 302
    row = RoutingRule.objects.get(code="all_others")
    assert (row.valid_until, state_on(row, tomorrow())) == (clock.today(), "ended")
    with on(tomorrow()):
        assert submitted(alma, bruno).queue == ""
        assert "all_others" in {one.row.code for one in shown_rules().former}
        page = signed_in(emil)
        assert "all_others" in page.get(PAGE).content.decode()
        assert "Put it into force again" in page.get(f"{PAGE}all_others/").content.decode()


def test_the_preview_leaves_out_flags_that_the_changed_rules_raised_themselves(
    alma: User, bruno: User, emil: User
) -> None:
    added(emil, Content(10, {"destination": ["DE"]}, flag="closer_look"), "look")
    added(emil, Content(20, {"flag": ["closer_look"]}, queue="watch"), "looked_at")
    with on(tomorrow()):
        submitted(alma, bruno)
        before = all_rules()
        preview = preview_of(before, changed(before, "look", tomorrow(), None), tomorrow())
    assert (preview.looked_at, preview.changed, preview.unrouted) == (1, 1, 0)
    row = preview.rows[0]
    assert (row.queue_before, row.queue_after) == ("Parties on a watch list", "Individual licences")
    assert (len(row.flags_before), row.flags_after) == (1, [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"first_day": tomorrow(0)}, "too_soon"),
        ({"content": Content(400, {}, queue="watch")}, "position_taken"),
        ({"content": Content(50, {}, queue="nowhere")}, "unknown_code"),
        ({"content": Content(50, {}, queue="watch", flag="closer_look")}, "effect_unknown"),
        ({"content": Content(50, {}, flag="watch_list")}, "effect_unknown"),
        ({"content": Content(50, {"colour": ["red"]}, queue="watch")}, "conditions_unusable"),
        ({"content": Content(50, {"kind": []}, queue="watch")}, "conditions_unusable"),
        ({"content": Content(50, {"flag": ["watch_list"]}, flag="closer_look")}, "conditions_unusable"),
        ({"content": Content(-1, {}, queue="watch")}, "position_unusable"),
        ({"code": "general"}, "code_taken"),
        ({"code": "Not so"}, "code_unusable"),
    ],
)
def test_what_no_rule_can_say_is_refused(emil: User, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        added(emil, **change)
    assert refusal.value.code == code
    assert not Event.objects.filter(verb__startswith="routing_rule.").exists()


def test_a_colleagues_change_in_between_is_not_overwritten(emil: User) -> None:
    old = seen("general")
    write = {"by": acting(emil), "code": "general", "first_day": tomorrow(), "reason": WORDS, "seen": old}
    routing_rules.change(content=Content(350, {"kind": ["general"]}, queue="general"), **write)
    with pytest.raises(Refused) as refusal:
        routing_rules.change(content=Content(360, {"kind": ["general"]}, queue="watch"), **write)
    assert refusal.value.code == "stale"
    page = signed_in(emil).post(f"{PAGE}general/end/", {
        "last": clock.today().isoformat(), "reason": WORDS, "seen": old, "action": "confirm",
    })  # fmt: skip
    assert page.status_code == 422
    with pytest.raises(Refused) as refusal:
        routing_rules.change(
            **(write | {"content": Content(360, {}, flag="closer_look"), "seen": seen("general")})
        )
    assert refusal.value.code == "rule_of_another_kind"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("destination", "ZZ"),
        ("control_code", "1C904<"),
        ("first_day", "2020-01-01"),
        ("position", "400"),
        ("reason", ""),
    ],
)
def test_each_fault_stands_at_its_field(emil: User, field: str, value: str) -> None:
    page = signed_in(emil).post("/casework/new-rule/", sent(**{field: value}))
    assert page.status_code == 422
    assert f'id="id_{field}_error"' in page.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"wants": {}},
        {"queue_id": "watch"},
        {"position": 7},
        {"code": "other"},
        {"valid_from": date(2020, 1, 1)},
    ],
)
def test_the_database_rewrites_no_version(emil: User, change: dict[str, Any]) -> None:
    made = added(emil, Content(50, {"kind": ["general"]}, queue="general"))
    rows = RoutingRule.objects.filter(pk=made.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    assert rows.update(valid_until=tomorrow(9)) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RoutingRule.objects.create(code="both", queue_id="watch", flag="closer_look", position=1)


def test_queues_are_added_and_renamed_and_the_trail_keeps_both(emil: User) -> None:
    page = signed_in(emil)
    given = {"code": "urgent", "name_en": "Urgent", "name_zh": "加急", "position": "9"}
    assert page.post("/casework/new-queue/", given).status_code == 302
    assert page.post("/casework/new-queue/", given).status_code == 422
    assert page.post("/casework/new-queue/", given | {"code": "new", "position": "0"}).status_code == 422
    renamed = {"name_en": "Very urgent", "name_zh": "特急", "position": "9"}
    assert page.post("/casework/queues/urgent/", renamed).status_code == 302
    assert page.post("/casework/queues/urgent/", renamed).status_code == 302  # nothing to change, no event
    assert Queue.objects.get(pk="urgent").name_en == "Very urgent"
    events = {event.verb: event.data for event in Event.objects.filter(verb__startswith="queue.")}
    assert events["queue.added"] == {"code": "urgent"}
    assert events["queue.changed"]["changed"] == {
        "name_en": ["Urgent", "Very urgent"], "name_zh": ["加急", "特急"],
    }  # fmt: skip
    assert page.get("/casework/queues/nowhere/").status_code == 404
    with pytest.raises(Refused) as refusal:
        queues.add(by=acting(emil), code="Bad code", name_en="x", name_zh="x", position=10)
    assert refusal.value.code == "code_unusable"
