"""500 posts, each sent five times at once, half of the sendings cut: 500 rows, equal answers, other bodies refused."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg2

from tests.load.sent_again import SENDERS, send_all, summary, with_another_body
from tests.load.serving import ROOT, gunicorn
from tests.servers import start_postgresql, start_redis

POSTS = 500
_PEOPLE = """
from tests import factories
from tests.calling import token_for
alma = factories.user("alma", (factories.organisation(), "preparer"))
for _ in range({senders}):
    print(token_for(alma))
"""


def measure() -> dict[str, Any]:
    """Rows, answers and times on PostgreSQL behind gunicorn with two workers."""
    url, redis = start_postgresql(), start_redis()
    with tempfile.TemporaryDirectory(prefix="lodestone-load-") as folder:
        environment = {**os.environ, "DATABASE_URL": url, "LODESTONE_VAR": folder, "LODESTONE_MODE": "test"}
        (Path(folder) / "static").mkdir()
        manage(environment, "migrate", "--verbosity", "0")
        tokens = manage(
            environment, "shell", "--no-imports", "--command", _PEOPLE.format(senders=SENDERS)
        ).split()
    with gunicorn(url, redis) as address:
        begun = time.perf_counter()
        seen = send_all(address, tokens, POSTS)
        seconds = time.perf_counter() - begun
        others = with_another_body(address, tokens[0], POSTS)
    figures = summary(seen, POSTS, seconds)
    figures["rows"] = count(url, "registry_product")
    figures["trail_events_product_added"] = count(url, "audit_event WHERE verb = 'product.added'")
    figures["kept_answers"] = count(url, "core_idempotentanswer")
    figures["the_key_with_another_body"] = dict(others)
    _hold(figures)
    return figures


def _hold(figures: dict[str, Any]) -> None:
    """Fail where the promise is broken: figures of a broken promise are not written."""
    exactly = ("rows", "trail_events_product_added", "kept_answers", "posts_whose_answers_are_the_same_bytes")
    broken = {name: figures[name] for name in exactly if figures[name] != POSTS}
    if broken or figures["the_key_with_another_body"] != {"422 idempotency_key_reused": POSTS}:
        raise AssertionError(f"the promise is broken: {broken or figures['the_key_with_another_body']}")


def manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr[-4000:]}")
    return done.stdout


def count(url: str, source: str) -> int:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {source}")
            return int(cursor.fetchone()[0])
    finally:
        connection.close()
