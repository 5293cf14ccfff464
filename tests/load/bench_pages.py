"""Pages that people keep open all day, at 5,000,000 stored lines beside the same at 50,000.

Two portals, each with a database of its own in one PostgreSQL, reached as the web's role behind the fence: asked in turn by one hand, so that
what else the machine does falls on both. The queries of each page are counted in both: they must be as many.
``LINES=500000`` measures with less, ``ROUNDS=`` asks less often.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import ExitStack
from typing import Any

from tests.browser.stack import fresh_database
from tests.load.asking import Hand, of_hundred
from tests.load.prepared import on_new_database
from tests.load.serving import gunicorn
from tests.servers import WEB, Postgresql, as_role, start_redis

SMALL, LARGE = 50_000, int(os.environ.get("LINES", "5000000"))
ROUNDS, WARM = int(os.environ.get("ROUNDS", "100")), 3
OFFICE = {
    "the regulator's overview": "/",
    "who has filed": "/supervision/obligations/",
    "filings to review": "/supervision/filings/",
    "all filings of the regulator": "/supervision/filings/?state=",
    "findings": "/supervision/findings/",
    "all findings, newest first": "/supervision/findings/?state=&sort=-seen",
    "findings of one month": "/supervision/findings/?period={period}",
    "questions": "/supervision/questions/",
    "organisations": "/supervision/organisations/",
    "licence cases": "/casework/",
}
WORKS = {
    "a producer's overview": "/",
    "a producer's filings": "/filings/",
    "a producer's findings": "/findings/",
}
PREPARE = """
import json
from django.db import connection
from django.test import Client
from portal.accounts.models import Organisation
from portal.accounts.roles import Kind
from portal.core.months import Month
from reporting.queries.oversight import month_to_watch
from tests import factories
from tests.conftest import signed_in, with_second_factor
from tests.load.bench_pages import queries_of
from tests.load.stored_nation import fill
office = factories.organisation(None, "Rare Earth Office", kind=Kind.REGULATOR)
dora = with_second_factor(factories.user("dora", (office, "reviewer")))
month = month_to_watch()
with connection.cursor() as cursor:
    size = fill(cursor, {lines}, last=month.index, reviewer=dora.pk)
    cursor.execute("VACUUM (ANALYZE)")
    cursor.execute("SELECT count(*), (SELECT count(*) FROM reporting_filing), (SELECT count(*) FROM reporting_finding) FROM reporting_line")
    lines, filings, findings = cursor.fetchone()
works = Organisation.objects.get(name_en="Works 00030")
alma = factories.user("alma", (works, "preparer"))
clients = {{"office": signed_in(dora), "works": signed_in(alma)}}
print("READY", json.dumps({{
    "stored": {{"enterprises": size.enterprises, "lines": lines, "filings": filings, "findings": findings}},
    "period": str(month - 1),
    "sessions": {{name: client.cookies["sessionid"].value for name, client in clients.items()}},
    "queries": queries_of(clients, str(month - 1)),
}}))
"""


def pages(period: str) -> list[tuple[str, str, str]]:
    """(who, what, where)."""
    shown = [("office", name, path.format(period=period)) for name, path in OFFICE.items()]
    return shown + [("works", name, path) for name, path in WORKS.items()]


def queries_of(clients: dict[str, Any], period: str) -> dict[str, int]:
    """How many queries each page asks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = {}
    for who, name, path in pages(period):
        clients[who].get(path)  # what is set up once is set up
        with CaptureQueriesContext(connection) as asked:
            answer = clients[who].get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        counts[name] = len(asked)
    return counts


def measure() -> dict[str, Any]:
    """Milliseconds of each page in both, their ratio, and the queries."""
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)  # who is signed in before it starts stays signed in
    server = Postgresql("shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=1h")
    server.start()
    redis = start_redis()
    with ExitStack() as portals:
        hands, told = [], []
        for name, lines in (("small", SMALL), ("large", LARGE)):
            url = fresh_database(server.url, name)
            ready = json.loads(on_new_database(url, PREPARE.format(lines=lines)).split("READY ")[1])
            address = portals.enter_context(gunicorn(as_role(url, WEB), redis, workers=1))
            hands.append({who: Hand(address, session=key) for who, key in ready["sessions"].items()})
            told.append(ready)
        times = _asked_in_turn(hands, told[0]["period"])
    return _figures(times, told)


def _asked_in_turn(hands: list[dict[str, Hand]], period: str) -> dict[str, tuple[list[float], list[float]]]:
    times: dict[str, tuple[list[float], list[float]]] = {}
    for turn in range(ROUNDS + WARM):
        for who, name, path in pages(period):
            for side in (0, 1) if turn % 2 else (1, 0):
                took, _content = hands[side][who].ask(path)
                if turn >= WARM:
                    times.setdefault(name, ([], []))[side].append(took)
    return times


def _figures(times: dict[str, tuple[list[float], list[float]]], told: list[dict[str, Any]]) -> dict[str, Any]:
    figures: dict[str, Any] = {"stored": told[0]["stored"], "stored beside": told[1]["stored"]}
    for name, (few, many) in times.items():
        small, large = of_hundred(few, 95), of_hundred(many, 95)
        figures[name] = {
            f"p95 ms at {SMALL:,} lines": small,
            f"p95 ms at {LARGE:,} lines": large,
            "ratio": large / small,
            "ratio of p50": of_hundred(many, 50) / of_hundred(few, 50),
            "queries": f"{told[0]['queries'][name]} and {told[1]['queries'][name]}",
        }
    figures["largest ratio"] = max(figures[name]["ratio"] for name in times)
    figures["pages whose queries differ"] = sum(
        told[0]["queries"][name] != told[1]["queries"][name] for name in times
    )
    return figures
