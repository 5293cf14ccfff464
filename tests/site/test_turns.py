"""Who adds what must not be there twice waits for who adds it at the same moment: one is answered, the other refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from licensing.domain.routing import Content
from licensing.models import Queue, RoutingRule
from licensing.services import queues, routing_rules
from portal.accounts.models import Invitation, Organisation, User
from portal.accounts.services import offices
from portal.core import clock
from portal.core.errors import Refused
from tests.conftest import acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
HANDS = 4


def at_once(act: Callable[[int], object]) -> list[str]:
    """Every hand acts at the same moment; how each was answered, in order of the words."""
    start = Barrier(HANDS)

    def hand(number: int) -> str:
        try:
            start.wait(20)
            act(number)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(HANDS) as hands:
        return sorted(hands.map(hand, range(HANDS)))


def test_a_queue_is_added_once(emil: User) -> None:
    by = acting(emil)
    told = at_once(lambda _: queues.add(by=by, code="desk", name_en="Desk", name_zh="柜台", position=40))
    assert told == ["code_taken"] * (HANDS - 1) + ["done"]
    told = at_once(lambda n: queues.add(by=by, code=f"more-{n}", name_en="More", name_zh="更多", position=50))
    assert told == ["done"] + ["position_taken"] * (HANDS - 1)
    assert Queue.objects.filter(position__in=(40, 50)).count() == 2


def test_a_rule_is_added_once(emil: User) -> None:
    by, first = acting(emil), clock.today() + timedelta(days=1)
    content = Content(30, {"destination": ["DE"]}, "", "closer_look")
    told = at_once(
        lambda _: routing_rules.add(by=by, code="look", content=content, first_day=first, reason="To be seen")
    )
    assert told == ["code_taken"] * (HANDS - 1) + ["done"]
    assert RoutingRule.objects.filter(code="look").count() == 1


def test_there_is_one_office_of_customs(emil: User) -> None:
    by = acting(emil)
    told = at_once(
        lambda n: offices.invite_customs(
            by=by, email=f"gus{n}@customs.test", name_en="Customs", name_zh="海关"
        )
    )
    assert told == ["done"] * HANDS  # the last invitation is the one whose link works
    assert Organisation.objects.filter(kind="customs").count() == 1
    assert Invitation.objects.filter(revoked_at=None).count() == 1
