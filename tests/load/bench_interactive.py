"""The check of a draft of 50 lines while it is typed, beside an endpoint that does nothing.

A portal of its own: gunicorn with two processes, PostgreSQL beside it reached as the web's role, behind the fence. The
organisation has a year of filings of 50 lines behind it, which the checks look back at. Measured is what the grid sends
after a cell was changed (the line is stored, everything is checked, faults and balances come back), what it asks when
its page is opened, and the dry run of a program. All are asked in turn with the empty one: what else the machine does falls on all.
``ROUNDS=`` asks for fewer.
"""

from __future__ import annotations

import json
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

from tests.browser.stack import fresh_database
from tests.load.asking import Hand, milliseconds
from tests.load.prepared import on_new_database
from tests.load.serving import gunicorn
from tests.servers import WEB, as_role, start_postgresql, start_redis

KG, CLIENTS = ("1.2", "30.5", "7.0", "2500.0", "0.4"), count(1)
ROUNDS, HANDS, PAST, LINES = int(os.environ.get("ROUNDS", "300")), 4, 12, 50
PREPARE = f"""
import json
from django.db import connection
from tests.load.ready_months import people, prepare
months = prepare({HANDS}, {PAST} + 1, {LINES})
drafts = months[-{HANDS}:]
with connection.cursor() as cursor:
    cursor.execute(
        "UPDATE reporting_filing SET status = 'submitted', submitted_at = now(), on_time = true WHERE NOT id = ANY(%s)",
        [[number for number, _token in drafts]],
    )
who = people([token for _number, token in drafts])
print("READY", json.dumps([(number, cookie.partition("=")[2], token)
                           for (number, token), (cookie, _token) in zip(drafts, who)]))
"""
Draft = tuple[int, str, str]


def measure() -> dict[str, Any]:
    """Milliseconds of one hand, and of four at once; and how much longer than nothing it takes."""
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)  # who is signed in before it starts stays signed in
    server = start_postgresql()
    url = fresh_database(server, "lodestone")
    drafts: list[Draft] = json.loads(on_new_database(url, PREPARE).split("READY ")[1])
    settings = {"DJANGO_SETTINGS_MODULE": "tests.load.empty_endpoint_settings"}
    with gunicorn(as_role(url, WEB), start_redis(), **settings) as address:
        _turns(address, drafts[0], 10)  # warm
        alone = _turns(address, drafts[0], ROUNDS)
        with ThreadPoolExecutor(HANDS) as hands:
            shared = list(hands.map(lambda draft: _turns(address, draft, ROUNDS // 2), drafts))
    together = {name: [took for one in shared for took in one[name]] for name in alone}
    return {
        "lines": LINES,
        "filings looked back at": PAST,
        "one hand": _figures(alone),
        f"{HANDS} hands at once": _figures(together),
    }


def _figures(times: dict[str, list[float]]) -> dict[str, Any]:
    figures: dict[str, Any] = {name: milliseconds(took) for name, took in times.items()}
    empty = figures["an empty endpoint"]["p95 ms"]
    for name in times:
        if name != "an empty endpoint":
            figures[name]["ratio of p95 to the empty one"] = figures[name]["p95 ms"] / empty
    return figures


def _turns(address: str, draft: Draft, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each kind of request, asked one after the other so many times."""
    number, session, token = draft
    browser, program = Hand(address, session=session), Hand(address, token=token)
    revision: int = json.loads(browser.ask(f"/filings/{number}/faults/")[1])["revision"]
    times: dict[str, list[float]] = {}

    def kept(name: str, took: tuple[float, bytes]) -> Any:
        times.setdefault(name, []).append(took[0])
        return json.loads(took[1])

    for turn in range(rounds):
        kept("an empty endpoint", browser.ask("/empty/", {}))
        change = {
            "op": "set",
            "line_no": 2 + turn % (LINES - 2),
            "cells": {"quantity_kg": KG[turn % len(KG)]},
        }
        saved = kept(
            "a cell changed, stored and checked",
            browser.ask(
                f"/filings/{number}/lines/",
                {"revision": revision, "client": f"c-{next(CLIENTS)}", "ops": [change]},
            ),
        )
        revision = saved["revision"]
        told = kept("checked", browser.ask(f"/filings/{number}/faults/"))
        if told["faults"] != saved["faults"]:
            raise RuntimeError("the same draft was judged otherwise")
        kept("dry run of a program", program.ask(f"/api/v1/filings/{number}/check/", {}))
    return times
