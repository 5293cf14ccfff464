"""The short form of the last hour: many sign, look and ask at the same moment; then every check is done, twice over."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from portal.core.durable import perform
from portal.core.models import Outbox
from reporting.models import Filing, Finding
from reporting.tasks import checking as _registered  # noqa: F401 - a worker has it imported
from tests.load import last_hour
from tests.load.ready_months import people, prepare
from tests.load.serving import gunicorn, url_of
from tests.load.steady import Sending

MANY = 6
pytestmark = [pytest.mark.holds("last-hour"), pytest.mark.postgresql]  # SQLite has one writer


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_answered_and_each_filing_is_checked_once() -> None:
    months = prepare(MANY, 1)
    asks = last_hour.mixed(people([token for _number, token in months]), months, 10 * MANY, last_hour.BUSY)
    with (
        gunicorn(url_of(connection), settings.REDIS_URL, SECRET_KEY=settings.SECRET_KEY) as address,
        Sending(address, asks, 1_000) as sending,
    ):
        pass
    assert Counter(one.ask.kind for one in sending.told if one.status == 200) == {
        "page": 4 * MANY, "read": 3 * MANY, "draft": MANY, "check": MANY, "sign": MANY,
    }  # fmt: skip
    receipts = {json.loads(one.body)["number"] for one in sending.told if one.ask.kind == "sign"}
    assert len(receipts) == Filing.objects.filter(status="submitted").count() == MANY
    promised = list(Outbox.objects.filter(task="reporting.check_filing"))
    assert sorted(row.argument for row in promised) == sorted(number for number, _token in months)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(_performed, [row.pk for row in promised] * 2))
    assert not Outbox.objects.filter(task="reporting.check_filing", done_at=None).exists()
    found = list(Finding.objects.values_list("fingerprint", flat=True))
    assert len(found) == len(set(found)) >= MANY, "each was filed late, and that is found once"


def _performed(number: int) -> None:
    try:
        perform(number)
    finally:
        connection.close()
