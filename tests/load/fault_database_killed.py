"""PostgreSQL killed under eight writers, and started again: nothing acknowledged is lost, and the site is back by itself."""

from __future__ import annotations

from typing import Any

import psycopg2

from tests.browser.stack import fresh_database
from tests.load import database_killed
from tests.load.prepared import on_new_database
from tests.load.serving import gunicorn
from tests.servers import Postgresql, Redis

EACH = 100
BACK_WITHIN = 10.0
TOKEN = """
from tests import factories
from tests.calling import token_for
print(token_for(factories.user("alma", (factories.organisation(), "preparer"))))
"""


def measure() -> dict[str, Any]:
    """With two web workers; commits are durable against a killed server, as they are in real use."""
    server, redis = Postgresql("synchronous_commit=on"), Redis()
    server.start()
    url = fresh_database(server.url, "lodestone")
    token = on_new_database(url, TOKEN).split()[-1]
    with gunicorn(url, redis.url) as address:
        seen, figures = database_killed.measure(address, token, server, EACH)
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT code FROM registry_product")
        there = {code for (code,) in cursor.fetchall()}
    connection.close()
    faults = database_killed.broken(seen, there, EACH)
    late = figures["seconds_until_the_last_refusal_after_it_was_back"] > BACK_WITHIN
    if faults or late:
        raise AssertionError(f"the promise is broken: {faults} {figures}")
    return {**figures, "acknowledged_and_lost": 0, "rows": len(there)}
