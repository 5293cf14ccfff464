"""A trail of a million events, verified by the command: seconds from its start to its end, and its memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from tests.browser.stack import fresh_database
from tests.load.prepared import on_new_database
from tests.load.serving import ROOT
from tests.servers import start_postgresql

EVENTS = int(os.environ.get("EVENTS", "1000000"))
WITHIN = 30.0  # seconds for a million


def measure() -> dict[str, Any]:
    """On PostgreSQL, the database on this machine."""
    url = fresh_database(start_postgresql(), "lodestone")
    begun = time.perf_counter()
    on_new_database(url, f"from tests.load.long_trail import grow; grow({EVENTS})")
    grown = time.perf_counter() - begun
    with tempfile.TemporaryDirectory(prefix="lodestone-trail-") as var:
        environment = {**os.environ, "DATABASE_URL": url, "LODESTONE_VAR": var, "LODESTONE_MODE": "test", "REDIS_URL": ""}  # fmt: skip
        begun = time.perf_counter()
        command = [sys.executable, "manage.py", "verify-trail"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        ) as verifying:
            said = verifying.stdout.read() if verifying.stdout else ""
            _number, status, used = os.wait4(verifying.pid, 0)
            verifying.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
    if verifying.returncode or f"{EVENTS} rows sealed" not in said:
        raise AssertionError(f"the trail does not hold: {said}")
    if seconds * 1_000_000 > WITHIN * EVENTS:
        raise AssertionError(f"the promise is broken: {EVENTS} events took {seconds:.1f} s")
    return {
        "events": EVENTS,
        "seconds": seconds,
        "processor_seconds_of_the_command": used.ru_utime + used.ru_stime,
        "peak_memory_mb": used.ru_maxrss / 1_000,
        "seconds_to_write_and_seal_them": grown,
    }
