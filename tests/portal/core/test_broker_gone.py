"""The short form of ``make fault-test``: Redis is killed, comes back and says nothing, while filings are signed."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.browser.stack import Stack, running
from tests.load import broker_gone
from tests.load.ready_months import prepare
from tests.load.serving import url_of
from tests.servers import Redis

LATER = {"LODESTONE_CLOCK_OFFSET": "120"}  # seconds: what a dying broker took with it is taken for lost
pytestmark = [pytest.mark.holds("broker-gone"), pytest.mark.postgresql]  # SQLite has one writer


def a_while_later(stack: Stack) -> None:
    stack.kill("relay")
    stack.environment.update(LATER)
    stack.start("relay", "python", "manage.py", "relay")


@pytest.mark.django_db(transaction=True)
def test_without_the_broker_filings_are_accepted_and_checked_once_it_is_back() -> None:
    redis, months = Redis(), prepare(6, 3)
    url = url_of(connection)
    with running(database_url=url, redis_url=redis.url, prepare=False, mode="test") as stack:
        figures = broker_gone.measure(stack, redis, months, rate=6, patience=150, afterwards=a_while_later)
    redis.end()
    assert broker_gone.broken(figures, filings=len(months)) == []
