"""The real web server on a database of the caller's, for measurements that need connections that can be cut."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers import AS_IN_USE, free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def url_of(connection: Any) -> str:
    """The address of the database that a connection of Django's reaches."""
    kept: dict[str, Any] = connection.settings_dict
    return f"postgresql://{kept['USER']}@{kept['HOST']}:{kept['PORT']}/{kept['NAME']}"


class NotServing(RuntimeError):
    """The server ended, or did not answer in time."""


@contextmanager
def gunicorn(
    database_url: str,
    redis_url: str,
    *,
    workers: int = 2,
    seconds: float = 180,
    **more: str,
) -> Iterator[str]:
    """Web workers as the Procfile starts them, in the mode of tests (no limit of calls); the address.

    ``more`` are settings beside these.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="lodestone-web-", ignore_cleanup_errors=True) as folder:
        environment = {
            **os.environ,
            "LODESTONE_MODE": "test",
            "LODESTONE_VAR": folder,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            **more,
        }
        (Path(folder) / "static").mkdir()
        log = Path(folder) / "web.log"
        size = ["--workers", str(workers), "--log-level", "warning"]
        command = [
            str(BIN / "gunicorn"),
            "portal.config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            *AS_IN_USE,
            *size,
        ]
        with log.open("wb") as output:
            web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            _wait(f"http://127.0.0.1:{port}", web, log, seconds)
            yield f"http://127.0.0.1:{port}"
        finally:
            web.terminate()
            try:
                web.wait(timeout=15)
            except subprocess.TimeoutExpired:
                web.kill()
                web.wait(timeout=15)


def _wait(url: str, web: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if web.poll() is not None:
            raise NotServing(log.read_text()[-4000:])
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise NotServing(f"not serving after {seconds} s: {log.read_text()[-2000:]}")
