"""The example of a receiving system in the guide, as others copy it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.contact.domain.signatures import signature
from portal.contact.models import HookOutcome
from portal.contact.services import hook_messages, webhooks
from tests.conftest import acting
from tests.portal.contact.post import perform_owed
from tests.servers import free_port

EXAMPLE = Path(__file__).resolve().parents[3] / "docs/examples/receive_webhook.py"
SECRET = "whsec_one.of.the.callers.own.making.0123456789"
BODY = b'{"id":"e1","event":"filing.received","data":{"filing":7}}'


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The example as a process of its own."""
    chosen = free_port()
    environment = {**os.environ, "LODESTONE_SECRET": SECRET}
    with (tmp_path / "said").open("wb") as said:
        command = [sys.executable, "-W", "error", str(EXAMPLE), "--port", str(chosen)]
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", chosen), timeout=5).close()
                break
            except OSError:
                assert process.poll() is None
        yield chosen
    finally:
        process.terminate()
        process.wait(10)


def post(port: int, body: bytes, header: str | None) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/", body, {"Lodestone-Signature": header} if header else {})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_message_of_the_portal_is_taken_and_printed_once(
    ada: User, aurora: Organisation, port: int, tmp_path: Path, settings: Any
) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    webhook, _secret = webhooks.add(
        by=acting(ada), url=f"http://127.0.0.1:{port}/", events=["filing.received"], secret=SECRET
    )
    hook_messages.announce(event="filing.received", key="k", told={aurora.pk: {"filing": 7}})
    perform_owed()
    message = webhook.messages.get()
    assert (message.outcome, message.status) == (HookOutcome.TAKEN, 204)
    webhooks.send_again(by=acting(ada), webhook_id=webhook.pk, message_id=message.pk)
    perform_owed()
    assert webhook.messages.get().status == 204
    assert (tmp_path / "said").read_text() == f"filing.received {json.dumps({'filing': 7})}\n"


def test_what_is_not_the_portals_is_refused(port: int) -> None:
    now = int(time.time())
    right = signature([SECRET], now, BODY)
    assert post(port, BODY, right) == 204
    assert post(port, BODY.replace(b"7", b"8"), right) == 401
    assert post(port, BODY, signature(["whsec_" + "x" * 40], now, BODY)) == 401
    assert post(port, BODY, signature([SECRET], now - 301, BODY)) == 401
    assert post(port, BODY, right.replace(f"t={now}", f"t={now + 1}")) == 401
    assert [
        post(port, BODY, header)
        for header in (None, "t=,v1=", "v1=00", "t=x,v1=ü".encode().decode("latin-1"))
    ] == [401] * 4


def test_during_a_change_of_secrets_either_is_known(port: int) -> None:
    assert post(port, BODY, signature(["whsec_" + "new" * 12, SECRET], int(time.time()), BODY)) == 204
