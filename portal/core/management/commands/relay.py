"""``manage.py relay``: hands promised work to the broker, again and again, until told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from portal.core import outbox

log = structlog.get_logger(__name__)
PAUSE = 0.5
PAUSE_AFTER_FAILURE = 2.0


class Command(BaseCommand):
    help = "Send what the outbox owes to the broker; runs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is owed now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(str(outbox.send_owed()))
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            stop.wait(PAUSE if _send() else PAUSE_AFTER_FAILURE)


def _send() -> bool:
    """One round; False where the database or the broker is away."""
    try:
        close_old_connections()
        outbox.send_owed()
    except Exception as error:  # every broker library has its own errors; none may end the relay
        log.warning("relay_waits", error=type(error).__name__)
        return False
    return True
