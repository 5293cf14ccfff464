"""Redis dead for a minute and silent for a minute, while five filings a second are signed."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.stack import fresh_database, running
from tests.load import broker_gone
from tests.load.prepared import on_new_database
from tests.servers import Postgresql, Redis

RATE = 5
MONTHS, ENTERPRISES = 12, 75  # a minute of each: 3 × 60 × 5
SLOWEST, CHECKED_WITHIN = 1.0, 120.0


def measure() -> dict[str, Any]:
    """Answers, times and checks with two web workers, one worker of two threads and PostgreSQL, all on this machine."""
    server, redis = Postgresql(), Redis()
    server.start()
    url = fresh_database(server.url, "lodestone")
    told = on_new_database(url, f"import json; from tests.load.ready_months import prepare; print(json.dumps(prepare({ENTERPRISES}, {MONTHS})))")  # fmt: skip
    with running(database_url=url, redis_url=redis.url, prepare=False, mode="test", web_workers=2) as stack:
        figures = broker_gone.measure(stack, redis, json.loads(told), rate=RATE, patience=600)
    wrong = broker_gone.broken(figures, filings=MONTHS * ENTERPRISES)
    slow = [name for name in ("broker_dead", "broker_silent") if figures[name]["seconds_p95"] >= SLOWEST]
    late = figures["all_checked_after_s"] > CHECKED_WITHIN
    if wrong or slow or late:
        raise AssertionError(f"the promise is broken: {wrong} slow: {slow} late: {late} {figures}")
    return figures
