"""How much longer a filing of 50 lines waits for its check where others' filings of 50,000 lines are in work.

One worker of two processes, as the Procfile starts it. First small filings are signed with nothing else to do; then,
while three large ones were signed and three files of as many lines handed in all at once, more of them. ``LINES=`` for smaller
neighbours.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from tests.browser.stack import Stack, fresh_database, running
from tests.load.broker_gone import UNCHECKED, signing
from tests.load.prepared import on_new_database
from tests.load.steady import PATIENCE, Sending, summary
from tests.servers import Postgresql, Redis

LINES, SMALL, EACH, LARGE = int(os.environ.get("LINES", "50000")), 50, 15, 3
AT_MOST = 30.0  # seconds
_PREPARE = """
import json
from tests.load.ready_months import prepare
print(json.dumps([prepare({small}, 1, {few}, first=2_000), prepare({large}, 1, {many}, first=1_000)]))
"""
_WAITED = """
SELECT extract(epoch FROM done_at - created_at)::float FROM core_outbox
WHERE task = 'reporting.check_filing' AND argument = ANY (ARRAY[{numbers}])
"""
_IN_WORK = "SELECT count(*) FROM core_outbox WHERE task = 'reporting.read_upload' AND done_at IS NULL"
Months = Sequence[tuple[int, str]]


def measure() -> dict[str, Any]:
    """Seconds from the signature to the end of the check, without and with neighbours, and of the receipts."""
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)
    server, redis = Postgresql(), Redis()
    server.start()
    url = fresh_database(server.url, "lodestone")
    script = _PREPARE.format(small=2 * EACH, few=SMALL, large=LARGE, many=LINES)
    small, large = json.loads(on_new_database(url, script))
    with running(database_url=url, redis_url=redis.url, prepare=False, mode="test", web_workers=2) as stack:
        alone = _signed(stack, small[:EACH])
        stack.wait_for(UNCHECKED, 0, seconds=120)
        begun = time.monotonic()
        with Sending(stack.url, signing(large), LARGE), ThreadPoolExecutor(LARGE) as hands:
            handed_in = [hands.submit(_hand_in, stack.url, token) for _number, token in large]
            beside = _signed(stack, small[EACH:])
        for one in handed_in:
            one.result()
        waited_beside = _checked(stack, small[EACH:])
        stack.wait_for(UNCHECKED, 0, seconds=900)
        stack.wait_for(_IN_WORK, 0, seconds=900)
        over = time.monotonic() - begun
        waited_alone, waited_large = _checked(stack, small[:EACH]), _checked(stack, large)
    figures = {
        "lines_of_the_neighbours": LINES,
        "neighbours": f"{LARGE} signed, {LARGE} files handed in",
        "alone": {"receipts": alone, "seconds until checked, median": median(waited_alone), "longest": max(waited_alone)},
        "beside them": {"receipts": beside, "seconds until checked, median": median(waited_beside), "longest": max(waited_beside)},
        "delay_seconds_longest": max(waited_beside) - median(waited_alone),
        "neighbours: seconds until checked, longest": max(waited_large),
        "seconds_until_all_was_done": over,
    }  # fmt: skip
    if figures["delay_seconds_longest"] > AT_MOST:
        raise AssertionError(f"the promise is broken: {json.dumps(figures, indent=1)}")
    return figures


def _signed(stack: Stack, months: Months) -> dict[str, Any]:
    """One a second."""
    with Sending(stack.url, signing(months), 1.0) as sending:
        pass
    told = summary(sending.told)
    if told["not_done"]:
        raise AssertionError(f"not every filing has its receipt: {told}")
    return told


def _checked(stack: Stack, months: Months) -> list[float]:
    """Seconds from the signature of each to the end of its check, once all of them have come to it."""
    numbers = ", ".join(str(number) for number, _token in months)
    waiting = f"{UNCHECKED} AND argument = ANY (ARRAY[{numbers}])"
    stack.wait_for(waiting, 0, seconds=900)
    return [seconds for (seconds,) in stack.rows(_WAITED.format(numbers=numbers))]


def _hand_in(url: str, token: str) -> None:
    """The next month as a file of many lines; a worker reads it."""
    mark, place = "b" * 24, urlsplit(url)
    rows = ["kind,product,quantity_kg,value_cny,counterparty,date,invoice_no", "opening,P-01,0,,,,"]
    rows += [f"purchased,P-01,{LINES}.0,300000.00,S-01,2025-02-02,A-1"]
    rows += [f"sold,P-01,0.010,3.30,C-01,2025-02-{3 + n % 25:02},B-{n}" for n in range(LINES - 3)]
    rows += [f"closing,P-01,{LINES - 0.01 * (LINES - 3):.2f},,,,", ""]
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="period"\r\n\r\n2025-02\r\n',
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="lines.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n" + "\n".join(rows) + f"\r\n--{mark}--\r\n",
    ]
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={mark}"}
    connection.request("POST", "/api/v1/filings/", "".join(parts).encode(), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status not in {201, 202}:
        raise AssertionError(f"the file was not taken: {answer.status} {content[:1000]!r}")
