"""The last hour: 100 mixed requests a second for ten minutes, then large stored drafts signed in ten minutes.

``MINUTES=2 DRAFTS=60`` measures shorter: the drafts are signed at the same pace, one every two seconds.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from typing import Any

from tests.browser.stack import Stack, fresh_database, running
from tests.load import last_hour
from tests.load.broker_gone import PROMISED, UNCHECKED, signing
from tests.load.prepared import on_new_database
from tests.load.steady import Sending, summary
from tests.servers import Postgresql, Redis

MINUTES, RATE = float(os.environ.get("MINUTES", "10")), 100
DRAFTS, LINES, PACE = int(os.environ.get("DRAFTS", "300")), 5_000, 0.5
ENTERPRISES = 60
_PREPARE = """
import json
from tests.load.ready_months import people, prepare
small = prepare({enterprises}, {months})
large = prepare({drafts}, 1, {lines}, first=1_000)
print(json.dumps([people([token for _number, token in small[:{enterprises}]]), small, large]))
"""


def measure() -> dict[str, Any]:
    """Two web workers, one worker of two threads and PostgreSQL, all on this machine, beside the one that asks."""
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)  # who is signed in before it starts stays signed in
    requests = int(MINUTES * 60 * RATE)
    signed = requests // sum(last_hour.MIX.values())
    months = -(-signed // ENTERPRISES)
    server, redis = Postgresql(), Redis()
    server.start()
    url = fresh_database(server.url, "lodestone")
    script = _PREPARE.format(enterprises=ENTERPRISES, months=months, drafts=DRAFTS, lines=LINES)
    people, small, large = json.loads(on_new_database(url, script))
    with running(database_url=url, redis_url=redis.url, prepare=False, mode="test", web_workers=2) as stack:
        asks = last_hour.mixed(people, small, requests)
        with Sending(stack.url, asks, RATE) as sending:
            pass
        figures = {"minutes": MINUTES, "requests_a_second": RATE, "mixed": last_hour.by_kind(sending.told)}
        figures["seconds_until_the_small_ones_were_checked"] = _checked(stack)
        with Sending(stack.url, signing(large), PACE) as sending:
            pass
        figures |= {"drafts": DRAFTS, "lines_of_each": LINES, "receipts": summary(sending.told)}
        figures["seconds_until_the_large_ones_were_checked"] = _checked(stack)
        figures["checks_promised"], figures["filings_checked"] = stack.rows(PROMISED)[0]
        figures["findings_doubled"] = stack.rows("SELECT count(*) - count(DISTINCT fingerprint) FROM reporting_finding")[0][0]  # fmt: skip
    _hold(figures, signed + DRAFTS)
    return figures


def _checked(stack: Stack) -> float:
    begun = time.monotonic()
    stack.wait_for(UNCHECKED, 0, seconds=900)
    return time.monotonic() - begun


def _hold(figures: dict[str, Any], filings: int) -> None:
    """Fail where the promise is broken: figures of a broken promise are not written."""
    mixed, receipts = figures["mixed"]["all"], figures["receipts"]
    held = {
        "95 of 100 within half a second": mixed["seconds_p95"] < 0.5,
        "fewer than one in a thousand not done": mixed["not_done"] < mixed["requests"] / 1_000,
        "every large draft has its receipt": receipts["not_done"] == 0,
        "receipts within two seconds": receipts["seconds_p95"] <= 2,
        "checked within five minutes": figures["seconds_until_the_large_ones_were_checked"] <= 300,
        "each filing checked, once": figures["checks_promised"] == figures["filings_checked"] == filings,
        "no finding doubled": figures["findings_doubled"] == 0,
    }
    if broken := [promise for promise, holds in held.items() if not holds]:
        raise AssertionError(f"the promise is broken: {broken} {json.dumps(figures, indent=1)}")
