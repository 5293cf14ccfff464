"""What an operator relies on: hashing, workers, the database's own limits, logs, and no secret in the repository."""

from __future__ import annotations

import io
import json
import logging
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads, prepare_accept_content

from portal.accounts.models import User
from portal.config.celery import app
from tests import factories
from tests.site.test_repository import tracked


@pytest.mark.holds("argon2")
def test_passwords_are_hashed_as_measured() -> None:
    assert make_password(factories.PASSWORD).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.holds("json-only")
def test_a_worker_opens_no_pickle() -> None:
    taken = prepare_accept_content(app.conf.accept_content)
    kind, encoding, body = dumps({"id": 7}, serializer="json")
    assert loads(body, kind, encoding, accept=taken) == {"id": 7}
    with pytest.raises(ContentDisallowed):
        loads(pickle.dumps({}), "application/x-python-serialize", "binary", accept=taken)
    assert {app.conf.task_serializer, app.conf.result_serializer, *app.conf.accept_content} == {"json"}


@pytest.mark.holds("worker-settings")
def test_no_task_is_lost_with_its_worker_or_given_out_twice() -> None:
    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.task_ignore_result) == (
        True,
        True,
        True,
    )
    assert conf.worker_prefetch_multiplier == 1
    assert 0 < conf.task_time_limit < conf.broker_transport_options["visibility_timeout"]
    assert conf.broker_connection_timeout <= 2
    assert conf.broker_transport_options["socket_timeout"] <= 2


@pytest.mark.holds("database-settings")
def test_the_database_waits_for_nobody_for_ever(db: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)
            assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
            assert connection.settings_dict["OPTIONS"]["timeout"] >= 5
            return
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SELECT setting::bigint FROM pg_settings WHERE name = '{name}'")
            assert 0 < cursor.fetchone()[0] <= 300_000, name


@pytest.mark.holds("migrations-stop-nothing")
def test_migrations_run_beside_the_code_of_yesterday(db: None) -> None:
    before = (
        "0001_initial 0002_an_address_to_prove 0002_messages_are_tried_again 0003_questions_say_what_about"
    )
    # a wider key takes the place of a narrower one: what yesterday's code writes is unique by both
    wider = "0033_routing_rules_have_versions"
    call_command(
        "lintmigrations", quiet=["ok", "ignore", "warning"], ignore_name=[*before.split(), wider],
        include_apps="core audit accounts contact registry licensing reporting".split(),
    )  # fmt: skip


SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]{20}"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bls_[A-Za-z0-9_-]{43}\b"
    r"|(?i:password|secret|token|api_?key)\w*[\"']?\s*[=:]\s*[\"'][A-Za-z0-9+/_-]{32,}[\"']"
)


@pytest.mark.holds("no-secrets-in-git")
def test_no_secret_lies_in_the_repository() -> None:
    found = []
    for path in tracked(""):
        text = path.read_bytes().decode("utf-8", "ignore")
        found += [(path.name, match[0][:60]) for match in SECRETS.finditer(text)]
        if path.suffix in {".pem", ".key", ".sqlite3"} or path.name == ".env" or "secrets" in path.parts:
            found.append((path.name, "a file of secrets"))
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        'SECRET_KEY = "' + "kJ8" * 20 + '"',
        "-----BEGIN PRIVATE KEY-----\n" + "A" * 64,
        "ls_" + "aZ9" * 14 + "a",
    ],
)
def test_a_secret_would_be_seen(text: str) -> None:
    assert SECRETS.search(text)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the portal's own handler writes."""
    root = logging.getLogger()
    handler = next(
        one
        for one in root.handlers
        if isinstance(one, logging.StreamHandler)
        and isinstance(one.formatter, structlog.stdlib.ProcessorFormatter)
    )
    written, level = io.StringIO(), root.level
    before = handler.setStream(written)
    root.setLevel("INFO")
    yield written
    root.setLevel(level)
    handler.setStream(before)


@pytest.mark.holds("logs")
def test_a_line_of_the_log_is_one_object_in_utc_whatever_is_in_it(lines: io.StringIO) -> None:
    structlog.get_logger("portal.test").warning("a\r\n{forged}", reason="x\n\u2028\x1b[31m")
    logging.getLogger("portal.test").warning("b\r\n%s", "c\nd")
    written = lines.getvalue().splitlines()
    ours, other = (json.loads(line) for line in lines.getvalue().rstrip("\n").split("\n"))
    assert len(written) == 2
    assert (ours["event"], ours["reason"]) == ("a\r\n{forged}", "x\n\u2028\x1b[31m")
    assert other["event"] == "b\r\nc\nd"
    moment = datetime.fromisoformat(ours["timestamp"])
    assert moment.utcoffset() == UTC.utcoffset(None)


@pytest.mark.holds("logs", "canaries")
def test_neither_passwords_nor_what_was_asked_for_stand_in_the_log(
    lines: io.StringIO, alma: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.post("/sign-in/?next=/canary-one/", {"login": "canary-two", "password": "canary-three"})
    client.get(
        "/checks/?q=canary-four", headers={"cookie": "sessionid=canary-five", "authorization": "canary-six"}
    )

    def fail(*args: object) -> None:
        name = "canary-seven"
        raise RuntimeError(len(name))

    monkeypatch.setattr("portal.config.navigation.menu", fail)
    client.force_login(alma)
    assert client.get("/checks/?q=canary-eight").status_code == 500
    text = lines.getvalue()
    assert '"route": "sign-in/"' in text
    assert "RuntimeError" in text
    assert "canary" not in text


def test_a_web_worker_has_loaded_everything_before_it_is_asked() -> None:
    """And what it loaded is left alone by the collector."""
    told = subprocess.run(
        [sys.executable, "-c", _LOADED], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    frozen, young, missing = json.loads(told.stdout)
    assert frozen > 100_000
    assert young > 10_000
    assert missing == []


_LOADED = """
import gc, json, sys
from portal.config import wsgi
views = ("portal.dashboards.views.home", "reporting.views.drafts", "reporting.api.filings", "licensing.api.export_checks")
print(json.dumps([gc.get_freeze_count(), gc.get_threshold()[0], [name for name in views if name not in sys.modules]]))
"""
