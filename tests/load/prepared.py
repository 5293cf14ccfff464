"""A new database with the portal's tables, roles and fence, and what a script puts into it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.load.serving import ROOT
from tests.servers import make_roles


def on_new_database(url: str, script: str = "pass", *, mode: str = "test") -> str:
    """What the script printed, run inside the portal on the migrated, fenced database."""
    make_roles(url)
    with tempfile.TemporaryDirectory(prefix="lodestone-prepared-") as var:
        (Path(var) / "static").mkdir()
        environment = {**os.environ, "DATABASE_URL": url, "LODESTONE_VAR": var, "LODESTONE_MODE": mode, "REDIS_URL": ""}  # fmt: skip
        for command in (("migrate", "--verbosity", "0"), ("fence",)):
            _manage(environment, *command)
        return _manage(environment, "shell", "--no-imports", "--command", script)


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr[-4000:]}")
    return done.stdout
